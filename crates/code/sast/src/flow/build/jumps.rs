use andon_syntax::{NodeId, Symbol};

use super::Builder;

/// A statement that can be left or gone on with from inside.
#[derive(Debug)]
pub(super) struct Jump {
    label: Option<Symbol>,
    is_loop: bool,
    /// A `break` without label does not leave it: a labelled block.
    needs_label: bool,
    breaks: Vec<u32>,
    continues: Vec<u32>,
}

impl Jump {
    pub(super) fn breakable(label: Option<Symbol>, is_loop: bool) -> Self {
        Self { label, is_loop, needs_label: false, breaks: Vec::new(), continues: Vec::new() }
    }

    pub(super) fn labelled(label: Symbol) -> Self {
        Self { needs_label: true, ..Self::breakable(Some(label), false) }
    }
}

impl Builder<'_> {
    pub(super) fn enter(&mut self, jump: Jump) {
        self.jumps.push(jump);
    }

    /// Where `continue` goes on.
    pub(super) fn next_round(&mut self) {
        let mut ways =
            self.jumps.last_mut().map(|jump| std::mem::take(&mut jump.continues)).unwrap_or_default();
        if !ways.is_empty() {
            ways.extend(self.current);
            self.meet(&ways);
        }
    }

    /// Where `break` goes on.
    pub(super) fn leave(&mut self) {
        let mut ways = self.jumps.pop().map(|jump| jump.breaks).unwrap_or_default();
        if !ways.is_empty() {
            ways.extend(self.current);
            self.meet(&ways);
        }
    }

    /// `break` or `continue`, with a label or not.
    pub(super) fn jump(&mut self, id: NodeId, is_break: bool) {
        let label = Some(self.source.tree.text(id)).filter(|_| !self.text(id).is_empty());
        let Some(current) = self.current else { return };
        let found = self.jumps.iter_mut().rev().find(|jump| match label {
            Some(label) => jump.label == Some(label),
            None if is_break => !jump.needs_label,
            None => jump.is_loop,
        });
        if let Some(jump) = found {
            if is_break { jump.breaks.push(current) } else { jump.continues.push(current) }
        }
        self.current = None;
    }

    pub(super) fn break_from(&mut self, point: u32) {
        if let Some(jump) = self.jumps.last_mut() {
            jump.breaks.push(point);
        }
    }

    /// Jumps out of a lambda do not leave what is around it.
    pub(super) fn without_jumps(&mut self) -> (Vec<Jump>, Vec<Vec<u32>>) {
        (std::mem::take(&mut self.jumps), std::mem::take(&mut self.throws))
    }

    pub(super) fn with_jumps(&mut self, (jumps, throws): (Vec<Jump>, Vec<Vec<u32>>)) {
        self.jumps = jumps;
        self.throws = throws;
    }
}
