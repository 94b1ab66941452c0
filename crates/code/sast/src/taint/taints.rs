use std::rc::Rc;

use crate::flow::Origin;

/// Most taints of one place; more only tell more sources of the same findings.
const MOST: usize = 50;
/// Most steps of a way that is remembered.
const LONGEST: u32 = 100;

/// Data from a source.
#[derive(Clone, Debug)]
pub struct Taint {
    /// The source, by index.
    pub source: u32,
    /// What it is called, by index.
    pub label: u32,
    /// The variables that it went through.
    pub way: Way,
}

/// The variables that data went through, the last first.
#[derive(Clone, Debug, Default)]
pub struct Way(Option<Rc<Step>>);

#[derive(Debug)]
struct Step {
    origin: Origin,
    before: Way,
    length: u32,
}

impl Way {
    fn with(&self, origin: Origin) -> Self {
        let length = self.length() + 1;
        let is_repeated = self.0.as_ref().is_some_and(|step| step.origin == origin);
        if length > LONGEST || is_repeated {
            return self.clone();
        }
        Self(Some(Rc::new(Step { origin, before: self.clone(), length })))
    }

    pub(super) fn length(&self) -> u32 {
        self.0.as_ref().map_or(0, |step| step.length)
    }

    /// The places in the order in which the data came through them.
    pub fn places(&self) -> Vec<Origin> {
        let mut places = Vec::new();
        let mut next = self;
        while let Some(step) = &next.0 {
            places.push(step.origin);
            next = &step.before;
        }
        places.reverse();
        places
    }
}

impl Taint {
    fn key(&self) -> (u32, u32) {
        (self.source, self.label)
    }
}

/// A set of taints, cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Taints(Option<Rc<Vec<Taint>>>);

impl PartialEq for Taints {
    /// Whether the same data is in both, whatever way it took.
    fn eq(&self, other: &Self) -> bool {
        self.is_same(other)
            || self.list().len() == other.list().len()
                && self.list().iter().zip(other.list()).all(|(one, other)| one.key() == other.key())
    }
}

impl Taints {
    /// A set of these.
    pub(super) fn new(mut taints: Vec<Taint>) -> Self {
        taints.sort_by_key(|taint| (taint.key(), taint.way.length()));
        taints.dedup_by_key(|taint| taint.key());
        if taints.is_empty() { Self(None) } else { Self(Some(Rc::new(taints))) }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// The taints in the order of their sources.
    pub fn list(&self) -> &[Taint] {
        self.0.as_deref().map_or(&[], Vec::as_slice)
    }

    /// Both; of the same taint the one with the shorter way.
    pub(super) fn union(&self, other: &Self) -> Self {
        if other.is_empty() || self.is_same(other) {
            return self.clone();
        }
        if self.is_empty() {
            return other.clone();
        }
        let mut all = Vec::with_capacity(self.list().len().max(other.list().len()));
        let (mut ones, mut others) = (self.list().iter().peekable(), other.list().iter().peekable());
        let mut is_ones = true;
        while all.len() < MOST {
            let taint = match (ones.peek(), others.peek()) {
                (Some(one), Some(other)) if one.key() == other.key() => {
                    let is_shorter = other.way.length() < one.way.length();
                    let pair = (ones.next(), others.next());
                    if is_shorter {
                        is_ones = false;
                        pair.1
                    } else {
                        pair.0
                    }
                }
                (Some(one), Some(other)) if other.key() < one.key() => {
                    is_ones = false;
                    others.next()
                }
                (Some(_), _) => ones.next(),
                (None, Some(_)) => {
                    is_ones = false;
                    others.next()
                }
                (None, None) => break,
            };
            all.extend(taint.cloned());
        }
        if is_ones { self.clone() } else { Self(Some(Rc::new(all))) }
    }

    /// The same after they went through a variable.
    pub(super) fn through(&self, origin: Origin) -> Self {
        let list = self.list().iter().map(|taint| Taint { way: taint.way.with(origin), ..taint.clone() });
        if self.is_empty() { Self(None) } else { Self(Some(Rc::new(list.collect()))) }
    }

    /// The same with other labels.
    pub(super) fn relabelled(&self, label: impl Fn(u32) -> u32) -> Self {
        Self::new(
            self.list().iter().map(|taint| Taint { label: label(taint.label), ..taint.clone() }).collect(),
        )
    }

    fn is_same(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Some(one), Some(other)) => Rc::ptr_eq(one, other),
            (None, None) => true,
            _ => false,
        }
    }
}
