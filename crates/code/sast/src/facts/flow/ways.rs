use andon_syntax::{Kind, Language, NodeId};

use super::{Change, Flow, Target};

impl Flow<'_, '_> {
    /// `switch` and `match`: what holds where a branch ends or is left, and through it where the next goes on.
    pub(super) fn switch(&mut self, id: NodeId) {
        let tree = self.evaluator.tree;
        let mut cases = tree.children(id);
        if let Some(subject) = cases.next() {
            self.visit(subject);
        }
        if !self.state.is_reachable {
            return cases.for_each(|case| self.visit_children(case));
        }
        let start = self.state.mark();
        self.targets.push(Target::Switch { start, ends: Vec::new() });
        let falls = matches!(self.evaluator.language, Language::Java) || self.evaluator.language.is_script();
        let mut through = None;
        let mut takes_all = false;
        for case in cases {
            takes_all |= self.text(case) == "default" && self.evaluator.language != Language::Python;
            if let Some(through) = through.take() {
                self.state.join(vec![Vec::new(), through]);
            }
            self.visit_children(case);
            let end = self.state.take(start);
            if falls && self.text(case) != "->" {
                through = end;
            } else {
                self.end_case(end);
            }
        }
        self.end_case(through);
        if let Some(Target::Switch { mut ends, .. }) = self.targets.pop() {
            if !takes_all {
                ends.push(Vec::new());
            }
            self.state.join(ends);
        }
    }

    fn end_case(&mut self, end: Option<Vec<Change>>) {
        if let (Some(end), Some(Target::Switch { ends, .. })) = (end, self.targets.last_mut()) {
            ends.push(end);
        }
    }

    /// `try`: what a handler finds is what holds at each call before it.
    pub(super) fn attempt(&mut self, id: NodeId) {
        let children: Vec<_> = self.evaluator.tree.children(id).collect();
        let [resources, body, handlers @ .., otherwise, last] = children.as_slice() else {
            return self.visit_children(id);
        };
        self.visit(*resources);
        let was_reachable = self.state.is_reachable;
        let start = self.state.mark();
        self.state.open_try();
        self.visit(*body);
        let thrown = self.state.close_try();
        let has_finally = self.kind(*last) != Kind::Absent;
        if has_finally {
            self.state.open_try();
        }
        self.visit(*otherwise);
        let mut ends = Vec::new();
        ends.extend(self.state.take(start));
        if let Some(thrown) = &thrown {
            for handler in handlers {
                self.state.apply(thrown.clone());
                self.visit(*handler);
                ends.extend(self.state.take(start));
            }
            self.state.apply(thrown.clone());
            self.state.throw();
            self.state.back(start);
        } else {
            self.state.is_reachable = false;
            handlers.iter().for_each(|handler| self.visit(*handler));
            self.state.back(start);
        }
        if has_finally {
            ends.extend(self.state.close_try());
        }
        self.state.join(if was_reachable { ends } else { Vec::new() });
        self.visit(*last);
        if has_finally && thrown.is_some() {
            self.state.throw();
        }
    }
}
