use rustc_hash::FxHashMap;

use crate::facts::values::Value;

/// A variable and what is known of it; nothing if anything is possible.
pub(super) type Change = (u64, Option<Value>);

/// What is known of the variables where a walk stands.
#[derive(Debug)]
pub(super) struct State {
    known: FxHashMap<u64, Value>,
    /// Every change with what was known before it, in order.
    trail: Vec<Change>,
    /// Whether any way leads here.
    pub(super) is_reachable: bool,
    tries: Vec<Try>,
    fuel: u64,
}

/// What is collected for the handlers of a `try`.
#[derive(Debug)]
struct Try {
    /// How often something may have been thrown.
    throws: u32,
    /// For each variable that was changed: what was known at first, and `throws` at the last change.
    changed: FxHashMap<u64, (Option<Value>, u32)>,
    /// What is known where something was thrown.
    thrown: FxHashMap<u64, Option<Value>>,
}

impl State {
    pub(super) fn new(fuel: u64) -> Self {
        Self { known: FxHashMap::default(), trail: Vec::new(), is_reachable: true, tries: Vec::new(), fuel }
    }

    /// The state at the start of a function.
    pub(super) fn inner(&self) -> Self {
        Self::new(self.fuel)
    }

    /// Goes on after a function.
    pub(super) fn resume(&mut self, inner: &Self) {
        self.fuel = inner.fuel;
    }

    pub(super) fn get(&self, variable: u64) -> Option<Value> {
        self.known.get(&variable).copied().filter(|_| self.is_reachable && self.fuel > 0)
    }

    pub(super) fn set(&mut self, variable: u64, value: Option<Value>) {
        if self.is_reachable
            && let Some(before) = self.replace(variable, value)
        {
            self.trail.push((variable, before));
        }
    }

    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        let variables: Vec<_> = self.known.keys().copied().collect();
        for variable in variables {
            self.burn(1);
            self.set(variable, None);
        }
    }

    /// The variables of which something is known.
    pub(super) fn known(&self) -> Vec<(u64, Value)> {
        self.known.iter().map(|(variable, value)| (*variable, *value)).collect()
    }

    /// A point to which [`Self::take`] can go back.
    pub(super) fn mark(&self) -> usize {
        self.trail.len()
    }

    /// What has changed since a mark, with what it is now.
    pub(super) fn changes(&mut self, start: usize) -> Vec<Change> {
        let trail = self.trail.get(start..).unwrap_or_default();
        let mut changed: FxHashMap<u64, ()> = FxHashMap::default();
        let mut changes = Vec::new();
        for (variable, _) in trail {
            if changed.insert(*variable, ()).is_none() {
                changes.push((*variable, self.known.get(variable).copied()));
            }
        }
        let count = u64::try_from(trail.len()).unwrap_or(u64::MAX);
        self.burn(count);
        changes
    }

    /// What was known before the changes since a mark, of the variables that changed.
    pub(super) fn before(&self, start: usize) -> FxHashMap<u64, Option<Value>> {
        self.trail.get(start..).unwrap_or_default().iter().rev().copied().collect()
    }

    /// Goes back to a mark. What had changed since, if the end could be reached.
    pub(super) fn take(&mut self, start: usize) -> Option<Vec<Change>> {
        let changes = if self.is_reachable { Some(self.changes(start)) } else { None };
        self.back(start);
        changes
    }

    /// Goes back to a mark, from which the walk goes on.
    pub(super) fn back(&mut self, start: usize) {
        while self.trail.len() > start {
            if let Some((variable, before)) = self.trail.pop() {
                self.burn(1);
                self.replace(variable, before);
            }
        }
        self.is_reachable = true;
    }

    /// Makes changes.
    pub(super) fn apply(&mut self, changes: Vec<Change>) {
        for (variable, value) in changes {
            self.set(variable, value);
        }
    }

    /// Goes on where several ways meet, each with what it changed; nothing can be reached if there is none.
    pub(super) fn join(&mut self, ends: Vec<Vec<Change>>) {
        self.is_reachable = !ends.is_empty();
        let count = ends.len();
        let mut met: FxHashMap<u64, (Option<Value>, usize)> = FxHashMap::default();
        let mut order = Vec::new();
        for (variable, value) in ends.into_iter().flatten() {
            let entry = met.entry(variable).or_insert_with(|| {
                order.push(variable);
                (value, 0)
            });
            entry.0 = both(entry.0, value);
            entry.1 += 1;
        }
        for variable in order {
            let Some((value, changed)) = met.get(&variable).copied() else { continue };
            let base = self.known.get(&variable).copied();
            self.set(variable, if changed < count { both(value, base) } else { value });
        }
    }

    /// Something may be thrown here.
    pub(super) fn throw(&mut self) {
        if let Some(frame) = self.tries.last_mut().filter(|_| self.is_reachable) {
            frame.throws += 1;
        }
    }

    pub(super) fn open_try(&mut self) {
        let changed = FxHashMap::default();
        self.tries.push(Try { throws: 0, changed, thrown: FxHashMap::default() });
    }

    /// Ends a `try`. What its handlers find changed; none if nothing can be thrown.
    pub(super) fn close_try(&mut self) -> Option<Vec<Change>> {
        let frame = self.tries.last_mut()?;
        let changed: Vec<_> = frame.changed.keys().copied().collect();
        for variable in &changed {
            frame.leave(*variable, self.known.get(variable).copied());
        }
        let frame = self.tries.pop()?;
        if let Some(outer) = self.tries.last_mut() {
            for (variable, (first, _)) in &frame.changed {
                outer.leave(*variable, *first);
            }
        }
        self.burn(u64::try_from(changed.len()).unwrap_or(u64::MAX));
        (frame.throws > 0).then(|| frame.thrown.into_iter().collect())
    }

    /// Changes a variable. What it was, if that is something else.
    fn replace(&mut self, variable: u64, value: Option<Value>) -> Option<Option<Value>> {
        let before = match value {
            Some(value) => self.known.insert(variable, value),
            None => self.known.remove(&variable),
        };
        if before == value {
            return None;
        }
        if let Some(frame) = self.tries.last_mut() {
            frame.leave(variable, before);
        }
        Some(before)
    }

    fn burn(&mut self, count: u64) {
        self.fuel = self.fuel.saturating_sub(count);
    }
}

impl Try {
    /// A variable no longer is what it was.
    fn leave(&mut self, variable: u64, before: Option<Value>) {
        let throws = self.throws;
        let entry = self.changed.entry(variable).or_insert((before, 0));
        let since = std::mem::replace(&mut entry.1, throws);
        if throws > since {
            self.thrown.entry(variable).and_modify(|value| *value = both(*value, before)).or_insert(before);
        }
    }
}

/// What is known if both ways lead here.
pub(super) fn both(a: Option<Value>, b: Option<Value>) -> Option<Value> {
    a?.or(b?)
}
