use std::fmt::Write as _;

use crate::{NodeId, Symbols, Tree};

impl Tree {
    /// The tree as text, one node a line, for tests and for looking at a lowering.
    pub fn show(&self, symbols: &Symbols) -> String {
        let mut out = String::new();
        for id in self.ids() {
            let _ = writeln!(out, "{:indent$}{}", "", self.label(id, symbols), indent = 2 * self.depth(id));
        }
        out
    }

    fn label(&self, id: NodeId, symbols: &Symbols) -> String {
        let text = symbols.text(self.text(id));
        if text.is_empty() { format!("{:?}", self.kind(id)) } else { format!("{:?} {text:?}", self.kind(id)) }
    }

    fn depth(&self, id: NodeId) -> usize {
        std::iter::successors(self.parent(id), |above| self.parent(*above)).count()
    }
}
