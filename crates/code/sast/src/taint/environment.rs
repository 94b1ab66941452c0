use std::collections::BTreeMap;
use std::rc::Rc;

use smallvec::SmallVec;

use super::cells::{Cell, Key, Shape};
use super::taints::Taints;
use crate::flow::ExpressionKind;
use crate::flow::{Base, Origin, Place, Program, Step, Variable};

/// Most variables that are followed at once.
const MOST_VARIABLES: usize = 1_000;
/// Most parts on the way into an object that are told apart.
const DEEPEST: usize = 10;

/// What is known at a point of a function.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    cells: Rc<BTreeMap<Variable, Cell>>,
    /// Taint of everything that runs from here on.
    pub(super) control: Taints,
    /// Taint on its way through propagators, by the propagator's index.
    pub(super) underway: BTreeMap<u32, Taints>,
    /// Whether something could not be remembered.
    pub(super) is_full: bool,
}

impl PartialEq for Environment {
    fn eq(&self, other: &Self) -> bool {
        (Rc::ptr_eq(&self.cells, &other.cells) || self.cells == other.cells) && self.control == other.control
    }
}

/// A place as a variable and the way into it.
#[derive(Clone, Debug)]
pub(super) struct Spot {
    pub(super) variable: Variable,
    way: SmallVec<[Key; 4]>,
    /// Where the variable stands.
    origin: Origin,
    is_cut: bool,
}

impl Spot {
    /// The spot of a variable.
    pub(super) fn of(variable: Variable, origin: Origin) -> Self {
        Self { variable, way: SmallVec::new(), origin, is_cut: false }
    }

    /// The spot of a place, of whose parts only the first `count` are taken; none if it cannot be followed.
    pub(super) fn new(program: &Program, place: &Place, count: usize) -> Option<Self> {
        let offsets = place.offsets.get(..count)?;
        let (variable, origin, rest) = match place.base {
            Base::Variable { variable, origin, .. } => (variable, origin, offsets),
            Base::This { origin, field } => match offsets.split_first() {
                Some((first, rest)) if matches!(first.step, Step::Field(_)) => (field?, origin, rest),
                _ => return None,
            },
            Base::Pointer(value) => match &program.expression(value)?.kind {
                ExpressionKind::Read(Place {
                    base: Base::Variable { variable, origin, .. },
                    offsets: inner,
                }) if inner.is_empty() => (*variable, *origin, offsets),
                _ => return None,
            },
        };
        let way = rest.iter().take(DEEPEST).map(|offset| match offset.step {
            Step::Field(name) => Key::Field(name),
            Step::Index(_) => Key::Any,
        });
        Some(Self { variable, way: way.collect(), origin, is_cut: rest.len() > DEEPEST })
    }
}

impl Environment {
    /// What is known of a spot.
    pub(super) fn find(&self, spot: &Spot) -> Option<Cell> {
        self.cells.get(&spot.variable)?.find(&spot.way)
    }

    /// What is known of a variable.
    pub(super) fn cell(&self, variable: Variable) -> Option<&Cell> {
        self.cells.get(&variable)
    }

    /// Adds taints to a spot.
    pub(super) fn add(&mut self, spot: &Spot, taints: &Taints, shape: &Shape) {
        if taints.is_empty() && shape.is_unknown() {
            return;
        }
        if !self.cells.contains_key(&spot.variable) && self.cells.len() >= MOST_VARIABLES {
            self.is_full = true;
            return;
        }
        let through = !spot.variable.is_temporary() && !spot.origin.is_none();
        let taints = if through { taints.through(spot.origin) } else { taints.clone() };
        let cells = Rc::make_mut(&mut self.cells);
        let cell = cells.remove(&spot.variable).unwrap_or_default();
        if let Some(cell) = cell.with(&spot.way, &taints, shape) {
            cells.insert(spot.variable, cell);
        }
    }

    /// Makes a spot clean.
    pub(super) fn clean(&mut self, spot: &Spot) {
        if spot.is_cut || !self.cells.contains_key(&spot.variable) {
            return;
        }
        let cells = Rc::make_mut(&mut self.cells);
        if let Some(cell) = cells.remove(&spot.variable) {
            cells.insert(spot.variable, cell.cleaned(&spot.way));
        }
    }

    /// Forgets a variable that is not used any more.
    pub(super) fn forget(&mut self, variable: Variable) {
        if self.cells.contains_key(&variable) {
            Rc::make_mut(&mut self.cells).remove(&variable);
        }
    }

    /// What is known where two ways come together.
    pub(super) fn join(&mut self, other: &Self) {
        self.control = self.control.union(&other.control);
        self.is_full |= other.is_full;
        for (index, taints) in &other.underway {
            let joined = self.underway.get(index).map_or_else(|| taints.clone(), |mine| mine.union(taints));
            self.underway.insert(*index, joined);
        }
        if Rc::ptr_eq(&self.cells, &other.cells) {
            return;
        }
        let cells = Rc::make_mut(&mut self.cells);
        for (variable, cell) in other.cells.iter() {
            match cells.get_mut(variable) {
                Some(mine) if mine == cell => {}
                Some(mine) => *mine = mine.union(cell),
                None => {
                    cells.insert(*variable, cell.clone());
                }
            }
        }
    }

    /// How much it holds, for counting steps.
    pub(super) fn size(&self) -> usize {
        self.cells.len()
    }
}
