use andon_syntax::{Kind, NodeId};

use super::Builder;
use crate::flow::PointKind;

impl Builder<'_> {
    /// `try`: a call in it may lead to any of its handlers.
    pub(super) fn guarded(&mut self, id: NodeId) {
        let parts: Vec<_> = self.source.tree.children(id).collect();
        self.run(self.part(id, 0));
        let catches: Vec<_> = parts.iter().copied().filter(|part| self.kind(*part) == Kind::Catch).collect();
        let last = parts.last().copied().filter(|part| self.kind(*part) != Kind::Absent && parts.len() > 2);
        let otherwise = parts.len().checked_sub(2).and_then(|at| parts.get(at)).copied();
        let otherwise = otherwise.filter(|part| self.kind(*part) == Kind::Block && parts.len() > 3);
        self.throws.push(Vec::new());
        self.run(self.part(id, 1));
        let thrown = self.throws.pop().unwrap_or_default();
        let may_throw = !thrown.is_empty();
        let after = self.current;
        self.meet(&thrown);
        let handlers = self.current;
        self.throws.push(Vec::new());
        self.current = after;
        self.run(otherwise);
        let mut ways: Vec<_> = self.current.into_iter().collect();
        for catch in &catches {
            self.current = handlers;
            let body = self.parts(*catch).pop().filter(|body| self.kind(*body) == Kind::Block);
            self.run(body);
            ways.extend(self.current);
        }
        // What is not caught, and what the handlers throw, goes on.
        let uncaught = self.throws.pop().unwrap_or_default().into_iter().chain(handlers);
        if last.is_some() {
            ways.extend(uncaught);
        } else {
            self.throw_from(uncaught.collect());
        }
        self.meet(&ways);
        self.run(last);
        if may_throw && last.is_some() {
            self.throw_from(self.current.into_iter().collect());
        }
    }

    fn throw_from(&mut self, points: Vec<u32>) {
        match self.throws.last_mut() {
            Some(throws) => throws.extend(points),
            None => self.exits.extend(points),
        }
    }

    /// `throw x`.
    pub(super) fn thrown(&mut self, id: NodeId) {
        let cause = self.part(id, 1);
        self.value_or_nothing(cause);
        let value = self.value_or_nothing(self.part(id, 0));
        let point = self.point(PointKind::Throw(value));
        if let Some(throws) = self.throws.last_mut() {
            throws.push(point);
        }
        self.current = None;
    }
}
