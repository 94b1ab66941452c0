use andon_syntax::{Kind, NodeId};

use crate::matching::Matcher;
use crate::matching::envs::{Env, Envs, either, given, merge, none, one, then};
use crate::matching::lists::without;

/// Of more operands that holes may stand for, each hole stands for the next one, so that time stays bounded.
const MOST_ANY_ORDER: usize = 3;

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
            return if commutes { self.any_order(&ps, &ts, env) } else { self.in_order(&ps, &ts, env) };
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
        let ends_open =
            self.pattern_child(p, 1).is_some_and(|last| self.pattern_kind(last) == Kind::Ellipsis);
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

    /// Operands in order, all of them; a metavariable stands for one or several.
    fn in_order(&self, ps: &[NodeId], ts: &[NodeId], env: &Env) -> Envs {
        let Some((p, rest)) = ps.split_first() else {
            return given(ts.is_empty(), env);
        };
        let least = usize::from(self.pattern_kind(*p) != Kind::Ellipsis);
        let most = if self.is_hole(*p) { ts.len() } else { 1 };
        let mut found = none();
        for length in least..=most.min(ts.len()) {
            let (run, others) = ts.split_at(length);
            let envs = self.operand(*p, run, env);
            merge(&mut found, then(envs, |env| self.in_order(rest, others, env)));
        }
        found
    }

    fn is_hole(&self, p: NodeId) -> bool {
        matches!(self.pattern_kind(p), Kind::Ellipsis | Kind::Metavariable)
    }

    fn operand(&self, p: NodeId, run: &[NodeId], env: &Env) -> Envs {
        match (self.pattern_kind(p), run) {
            _ if !self.spend() => none(),
            (Kind::Ellipsis, _) => one(env),
            (_, [only]) => self.node(p, *only, env),
            (_, []) => none(),
            _ => self.bind(p, self.run(run, 0), env),
        }
    }

    /// Operands in any order, each of another one; what is left over does not matter. Those that are no holes come first.
    fn any_order(&self, ps: &[NodeId], ts: &[NodeId], env: &Env) -> Envs {
        let (holes, plain): (Vec<_>, Vec<_>) = ps.iter().partition(|p| self.is_hole(**p));
        let mut holes: &[NodeId] = &holes;
        if let Some((last, before)) = holes.split_last()
            && self.pattern_kind(*last) == Kind::Ellipsis
        {
            holes = before;
        }
        self.each_somewhere(&plain, holes, ts, env)
    }

    fn each_somewhere(&self, plain: &[NodeId], holes: &[NodeId], ts: &[NodeId], env: &Env) -> Envs {
        let Some((p, rest)) = plain.split_first() else {
            return if ts.len() <= MOST_ANY_ORDER {
                self.some_of(holes, ts, env)
            } else {
                self.first_of(holes, ts, env)
            };
        };
        let mut found = none();
        for (position, t) in ts.iter().enumerate() {
            let envs = self.node(*p, *t, env);
            if !envs.is_empty() {
                let others = without(ts, position);
                merge(&mut found, then(envs, |env| self.each_somewhere(rest, holes, &others, env)));
            }
        }
        found
    }

    /// Each hole stands for some of the operands that the others do not stand for.
    fn some_of(&self, holes: &[NodeId], ts: &[NodeId], env: &Env) -> Envs {
        let Some((hole, rest)) = holes.split_first() else { return one(env) };
        let mut found = none();
        for chosen in 0_u32..1 << ts.len().min(MOST_ANY_ORDER) {
            let (run, others): (Vec<_>, Vec<_>) =
                ts.iter().enumerate().partition(|(position, _)| chosen >> position & 1 == 1);
            let nodes = |list: Vec<(usize, &NodeId)>| list.into_iter().map(|(_, t)| *t).collect::<Vec<_>>();
            let (run, others) = (nodes(run), nodes(others));
            let envs = self.operand(*hole, &run, env);
            merge(&mut found, then(envs, |env| self.some_of(rest, &others, env)));
        }
        found
    }

    /// Each hole stands for one of the operands, in their order: of many there would be too many choices.
    fn first_of(&self, holes: &[NodeId], ts: &[NodeId], env: &Env) -> Envs {
        match (holes.split_first(), ts.split_first()) {
            (None, _) => one(env),
            (Some(_), None) => none(),
            (Some((hole, holes)), Some((t, ts))) => {
                then(self.node(*hole, *t, env), |env| self.first_of(holes, ts, env))
            }
        }
    }
}

fn is_associative(operator: &str) -> bool {
    matches!(operator, "&&" | "||" | "|" | "&" | "^")
}
