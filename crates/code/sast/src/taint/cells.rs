use std::collections::BTreeMap;
use std::rc::Rc;

use andon_syntax::Symbol;

use super::taints::Taints;

/// Most fields of one object that are told apart.
const MOST_FIELDS: usize = 50;

/// What is known of a place and its parts.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Cell {
    pub(super) state: State,
    pub(super) shape: Shape,
}

/// What is known of a place itself.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum State {
    /// Nothing: it is as tainted as what it is a part of.
    #[default]
    Unknown,
    /// It is clean, even if what it is a part of is not.
    Clean,
    /// It is tainted.
    Tainted(Taints),
}

/// What is known of the parts of a place; nothing at first.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Shape(Option<Rc<BTreeMap<Key, Cell>>>);

/// A part of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key {
    /// Some element, it is not known which.
    Any,
    /// A field.
    Field(Symbol),
}

impl State {
    pub(super) fn taints(&self) -> Taints {
        match self {
            Self::Tainted(taints) => taints.clone(),
            _ => Taints::default(),
        }
    }

    fn union(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Tainted(one), Self::Tainted(other)) => Self::Tainted(one.union(other)),
            (Self::Tainted(taints), _) | (_, Self::Tainted(taints)) => Self::Tainted(taints.clone()),
            (Self::Unknown, Self::Unknown) => Self::Unknown,
            _ => Self::Clean,
        }
    }
}

impl Cell {
    pub(super) fn union(&self, other: &Self) -> Self {
        Self { state: self.state.union(&other.state), shape: self.shape.union(&other.shape) }
    }

    fn gather(&self, all: Taints) -> Taints {
        match &self.state {
            State::Clean => all,
            State::Unknown => self.shape.gather(all),
            State::Tainted(taints) => self.shape.gather(all.union(taints)),
        }
    }

    /// What is known of a part.
    pub(super) fn find(&self, way: &[Key]) -> Option<Self> {
        let Some((key, rest)) = way.split_first() else { return Some(self.clone()) };
        let fields = self.shape.0.as_deref()?;
        match key {
            Key::Field(_) => fields.get(key)?.find(rest),
            Key::Any => {
                fields.values().filter_map(|cell| cell.find(rest)).reduce(|one, other| one.union(&other))
            }
        }
    }

    /// The same with more taints on a part; none if nothing is known then.
    pub(super) fn with(mut self, way: &[Key], taints: &Taints, shape: &Shape) -> Option<Self> {
        match way.split_first() {
            None => {
                self.shape = shape.union(&self.shape);
                self.state = match self.state {
                    State::Tainted(old) => State::Tainted(old.union(taints)),
                    _ if taints.is_empty() => State::Unknown,
                    _ => State::Tainted(taints.clone()),
                };
            }
            Some((key, rest)) => {
                self.shape.change(*key, |cell| cell.unwrap_or_default().with(rest, taints, shape));
            }
        }
        match (&self.state, &self.shape.0) {
            (State::Unknown, None) => None,
            (State::Clean, Some(_)) => Some(Self { state: State::Unknown, ..self }),
            _ => Some(self),
        }
    }

    /// The same with a part made clean.
    pub(super) fn cleaned(mut self, way: &[Key]) -> Self {
        match way.split_first() {
            None => Self { state: State::Clean, shape: Shape::default() },
            Some((Key::Any, [])) => Self { state: State::Clean, shape: Shape::default() },
            Some((key, rest)) => {
                self.shape.change(*key, |cell| Some(cell.unwrap_or_default().cleaned(rest)));
                self
            }
        }
    }
}

impl Shape {
    /// The shape of a list whose elements are not told apart.
    pub(super) fn of_elements(elements: impl IntoIterator<Item = (Taints, Shape)>) -> Self {
        let mut whole: Option<Cell> = None;
        for (taints, shape) in elements {
            if taints.is_empty() && shape.0.is_none() {
                continue;
            }
            let state = if taints.is_empty() { State::Unknown } else { State::Tainted(taints) };
            let cell = Cell { state, shape };
            whole = Some(whole.map_or_else(|| cell.clone(), |whole| whole.union(&cell)));
        }
        Self(whole.map(|cell| Rc::new(BTreeMap::from([(Key::Any, cell)]))))
    }

    /// Sets a field. One that is not tainted is forgotten.
    pub(super) fn set(&mut self, name: Symbol, taints: &Taints, shape: &Self) {
        let state = if taints.is_empty() { State::Unknown } else { State::Tainted(taints.clone()) };
        let is_known = state != State::Unknown || shape.0.is_some();
        self.change(Key::Field(name), |_| {
            is_known.then(|| Cell { state: state.clone(), shape: shape.clone() })
        });
    }

    pub(super) fn is_unknown(&self) -> bool {
        self.0.is_none()
    }

    /// Every taint in it, and these.
    pub(super) fn gather(&self, all: Taints) -> Taints {
        let fields = self.0.as_deref();
        fields.into_iter().flat_map(BTreeMap::values).fold(all, |all, cell| cell.gather(all))
    }

    pub(super) fn union(&self, other: &Self) -> Self {
        match (&self.0, &other.0) {
            (None, _) => other.clone(),
            (_, None) => self.clone(),
            (Some(one), Some(other)) if Rc::ptr_eq(one, other) => self.clone(),
            (Some(one), Some(other)) => {
                let mut all = BTreeMap::clone(one);
                for (key, cell) in other.iter() {
                    let joined = all.get(key).map_or_else(|| cell.clone(), |mine| mine.union(cell));
                    all.insert(*key, joined);
                }
                Self(Some(Rc::new(all)))
            }
        }
    }

    fn change(&mut self, key: Key, change: impl Fn(Option<Cell>) -> Option<Cell>) {
        let mut fields = self.0.take().map(Rc::unwrap_or_clone).unwrap_or_default();
        let key = if fields.contains_key(&key) || fields.len() < MOST_FIELDS { key } else { Key::Any };
        if key == Key::Any {
            fields.entry(Key::Any).or_default();
            fields = fields.into_iter().filter_map(|(key, cell)| Some((key, change(Some(cell))?))).collect();
        } else if let Some(cell) = change(fields.remove(&key)) {
            fields.insert(key, cell);
        }
        self.0 = (!fields.is_empty()).then(|| Rc::new(fields));
    }
}
