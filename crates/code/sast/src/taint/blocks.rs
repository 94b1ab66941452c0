use rustc_hash::{FxHashMap, FxHashSet};

use crate::flow::{Base, Graph, Place, Program, Variable};

/// Points that always follow one another.
pub(super) struct Block {
    pub(super) points: Vec<u32>,
    /// Temporaries that no other block uses.
    pub(super) temporaries: Vec<Variable>,
}

/// The blocks of a graph, in the order of their first points.
pub(super) struct Blocks {
    pub(super) list: Vec<Block>,
    of: FxHashMap<u32, usize>,
}

impl Blocks {
    pub(super) fn new(graph: &Graph, program: &Program) -> Self {
        let mut blocks = Self { list: Vec::new(), of: FxHashMap::default() };
        let reachable: FxHashSet<u32> = graph.reachable().iter().copied().collect();
        let follows = |point: u32| match graph.before(point) {
            [only] => graph.after(*only).len() == 1 && reachable.contains(only) && *only < point,
            _ => false,
        };
        for first in graph.reachable().iter().copied().filter(|point| !follows(*point)) {
            let (mut points, mut last) = (vec![first], first);
            while let [next] = graph.after(last) {
                if !follows(*next) {
                    break;
                }
                points.push(*next);
                last = *next;
            }
            let at = blocks.list.len();
            blocks.of.extend(points.iter().map(|point| (*point, at)));
            blocks.list.push(Block { points, temporaries: Vec::new() });
        }
        blocks.find_temporaries(graph, program);
        blocks
    }

    fn find_temporaries(&mut self, graph: &Graph, program: &Program) {
        let mut users: FxHashMap<Variable, Option<usize>> = FxHashMap::default();
        for (at, block) in self.list.iter().enumerate() {
            for point in &block.points {
                let Some(kind) = graph.kind(*point) else { continue };
                let mut note = |place: &Place| {
                    let Base::Variable { variable, .. } = place.base else { return };
                    if variable.is_temporary() {
                        let user = users.entry(variable).or_insert(Some(at));
                        *user = user.filter(|user| *user == at);
                    }
                };
                kind.visit(&program.expressions, &mut note, |_| {});
            }
        }
        for (variable, user) in users {
            if let Some(block) = user.and_then(|at| self.list.get_mut(at)) {
                block.temporaries.push(variable);
            }
        }
    }

    /// The block that a point is in.
    pub(super) fn block_of(&self, point: u32) -> Option<usize> {
        self.of.get(&point).copied()
    }

    /// The blocks that can come after a block.
    pub(super) fn after(&self, graph: &Graph, at: usize) -> Vec<usize> {
        let last = self.list.get(at).and_then(|block| block.points.last());
        let next = last.map(|last| graph.after(*last)).unwrap_or_default();
        next.iter().filter_map(|point| self.block_of(*point)).collect()
    }
}
