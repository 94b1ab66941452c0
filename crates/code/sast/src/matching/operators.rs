use andon_syntax::{Kind, NodeId};

use crate::matching::Matcher;
use crate::matching::envs::{Env, Envs, either, given, none, one, then};
use crate::matching::lists::without;

/// More operands than these are compared in order, so that time stays bounded.
const MOST_ANY_ORDER: usize = 6;

impl Matcher<'_> {
    pub(super) fn unary(&self, p: NodeId, t: NodeId, env: &Env) -> Envs {
        let negated = self.pattern_text(p) == "-" && self.kind(t) == Kind::Int;
        if negated && self.source.name(t).starts_with('-') {
            return none();
        }
        self.alike(p, t, env)
    }

    pub(super) fn binary(&self, p: NodeId, t: NodeId, env: &Env) -> Envs {
        if self.kind(t) != Kind::Binary || !self.same_text(p, t) {
            return none();
        }
        let operator = self.pattern_text(p);
        let commutes = self.commutes(operator);
        if self.options.ac_matching && is_associative(operator) {
            let (ps, ts) = (self.pattern_operands(p, p), self.operands(t, t));
            if commutes && ps.len() <= MOST_ANY_ORDER && ts.len() <= MOST_ANY_ORDER {
                return self.any_order(p, &ps, &ts, env);
            }
            return self.in_order(p, &ps, &ts, env);
        }
        let found = either(self.alike(p, t, env), || self.open_operands(p, t, env));
        if commutes { either(found, || self.swapped(p, t, env)) } else { found }
    }

    fn commutes(&self, operator: &str) -> bool {
        match operator {
            "|" | "&" | "^" => true,
            "&&" | "||" => self.options.commutative_boolop,
            "==" | "!=" | "===" | "!==" => self.options.symmetric_eq || self.options.commutative_compop,
            _ => false,
        }
    }

    fn swapped(&self, p: NodeId, t: NodeId, env: &Env) -> Envs {
        let (ps, ts) = (self.pattern_children(p), self.children(t));
        match (ps.as_slice(), ts.as_slice()) {
            ([a, b], [x, y]) => then(self.node(*a, *y, env), |env| self.node(*b, *x, env)),
            _ => none(),
        }
    }

    /// `a + ...` also where the sum that starts with `a` is itself a part of a longer one.
    fn open_operands(&self, p: NodeId, t: NodeId, env: &Env) -> Envs {
        let ends_open = self.pattern_child(p, 1).is_some_and(|last| self.pattern_kind(last) == Kind::Ellipsis);
        match self.child(t, 0).filter(|_| ends_open) {
            Some(left) => self.node(p, left, env),
            None => none(),
        }
    }

    fn pattern_operands(&self, whole: NodeId, p: NodeId) -> Vec<NodeId> {
        let same = self.pattern_kind(p) == Kind::Binary && self.pattern.text(p) == self.pattern.text(whole);
        if !same {
            return vec![p];
        }
        self.pattern.children(p).flat_map(|child| self.pattern_operands(whole, child)).collect()
    }

    fn operands(&self, whole: NodeId, t: NodeId) -> Vec<NodeId> {
        let tree = &self.source.tree;
        let mut operands = Vec::new();
        let mut open = vec![t];
        while let Some(id) = open.pop() {
            if tree.kind(id) == Kind::Binary && tree.text(id) == tree.text(whole) {
                let mut children: Vec<_> = tree.children(id).collect();
                children.reverse();
                open.extend(children);
            } else {
                operands.push(id);
            }
        }
        operands
    }

    /// Operands in order; a metavariable stands for one or several.
    fn in_order(&self, whole: NodeId, ps: &[NodeId], ts: &[NodeId], env: &Env) -> Envs {
        let Some((p, rest)) = ps.split_first() else {
            return given(ts.is_empty(), env);
        };
        let least = usize::from(self.pattern_kind(*p) != Kind::Ellipsis);
        let most = match self.pattern_kind(*p) {
            Kind::Ellipsis => ts.len(),
            Kind::Metavariable if rest.is_empty() => ts.len(),
            Kind::Metavariable => ts.len().saturating_sub(rest.len()),
            _ => 1,
        };
        let mut found = none();
        for length in least..=most.min(ts.len()) {
            let (run, others) = ts.split_at(length);
            let envs = match run {
                [] => one(env),
                [only] => self.node(*p, *only, env),
                _ => self.several(*p, run, env),
            };
            found = either(found, || then(envs, |env| self.in_order(whole, rest, others, env)));
        }
        found
    }

    fn several(&self, p: NodeId, run: &[NodeId], env: &Env) -> Envs {
        match self.pattern_kind(p) {
            Kind::Metavariable => self.bind(p, self.run(run, 0), env),
            _ => one(env),
        }
    }

    /// Operands in any order: those that are no holes first, the holes take what is left.
    fn any_order(&self, whole: NodeId, ps: &[NodeId], ts: &[NodeId], env: &Env) -> Envs {
        let (holes, plain): (Vec<_>, Vec<_>) = ps
            .iter()
            .partition(|p| matches!(self.pattern_kind(**p), Kind::Ellipsis | Kind::Metavariable));
        self.each_somewhere(whole, &plain, &holes, ts, env)
    }

    fn each_somewhere(&self, whole: NodeId, plain: &[NodeId], holes: &[NodeId], ts: &[NodeId], env: &Env) -> Envs {
        let Some((p, rest)) = plain.split_first() else {
            return self.in_order(whole, holes, ts, env);
        };
        let mut found = none();
        for (position, t) in ts.iter().enumerate() {
            let others = without(ts, position);
            let envs = self.node(*p, *t, env);
            found = either(found, || {
                then(envs, |env| self.each_somewhere(whole, rest, holes, &others, env))
            });
        }
        found
    }
}

fn is_associative(operator: &str) -> bool {
    matches!(operator, "&&" | "||" | "|" | "&" | "^")
}
