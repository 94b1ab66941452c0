use andon_syntax::{Kind, NodeId};

use crate::matching::Matcher;
use crate::matching::envs::{Env, Envs, given, merge, none, one, then};

impl Matcher<'_> {
    /// Compares lists in order, `...` and `$...X` standing for any number. What is left over is fine if `less_is_ok`.
    pub(super) fn list(&self, ps: &[NodeId], ts: &[NodeId], env: &Env, less_is_ok: bool) -> Envs {
        self.list_by(ps, ts, env, less_is_ok, &|p, t, env| self.optional(p, t, env))
    }

    pub(super) fn list_by(
        &self,
        ps: &[NodeId],
        ts: &[NodeId],
        env: &Env,
        less_is_ok: bool,
        each: &dyn Fn(NodeId, NodeId, &Env) -> Envs,
    ) -> Envs {
        let Some((p, ps_rest)) = ps.split_first() else {
            return given(ts.is_empty() || less_is_ok, env);
        };
        match self.pattern_kind(*p) {
            Kind::Ellipsis if ps_rest.is_empty() => one(env),
            Kind::Ellipsis => {
                let mut all = none();
                for from in 0..=ts.len() {
                    let rest = ts.get(from..).unwrap_or_default();
                    merge(&mut all, self.list_by(ps_rest, rest, env, less_is_ok, each));
                }
                all
            }
            Kind::MetavariableEllipsis => {
                self.runs(*p, ts, env, |rest, env| self.list_by(ps_rest, rest, env, less_is_ok, each))
            }
            _ => {
                let Some((t, ts_rest)) = ts.split_first() else { return none() };
                then(each(*p, *t, env), |env| self.list_by(ps_rest, ts_rest, env, less_is_ok, each))
            }
        }
    }

    /// Binds `$...X` to each run at the start and goes on with the rest.
    pub(super) fn runs(
        &self,
        p: NodeId,
        ts: &[NodeId],
        env: &Env,
        next: impl Fn(&[NodeId], &Env) -> Envs,
    ) -> Envs {
        let mut all = none();
        for length in 0..=ts.len() {
            if !self.spend() {
                break;
            }
            let (run, rest) = ts.split_at(length);
            let at = rest.first().map_or(0, |t| self.source.tree.span(*t).start);
            merge(&mut all, then(self.bind(p, self.run(run, at), env), |env| next(rest, env)));
        }
        all
    }

    /// Compares each part of the pattern with a different one of the code, in any order.
    pub(super) fn unordered(&self, ps: &[NodeId], ts: &[NodeId], env: &Env, less_is_ok: bool) -> Envs {
        let Some((p, ps_rest)) = ps.split_first() else {
            return given(ts.is_empty() || less_is_ok, env);
        };
        if matches!(self.pattern_kind(*p), Kind::Ellipsis) {
            return self.unordered(ps_rest, ts, env, true);
        }
        if self.pattern_kind(*p) == Kind::MetavariableEllipsis {
            return then(self.unordered(ps_rest, ts, env, true), |env| self.bind(*p, self.run(ts, 0), env));
        }
        let mut all = none();
        for (position, t) in ts.iter().enumerate() {
            let envs = self.optional(*p, *t, env);
            if envs.is_empty() {
                continue;
            }
            let rest: Vec<_> = without(ts, position);
            merge(&mut all, then(envs, |env| self.unordered(ps_rest, &rest, env, less_is_ok)));
        }
        all
    }

    /// Compares lists of which the pattern's leaves out some, in order.
    pub(super) fn subsequence(&self, ps: &[NodeId], ts: &[NodeId], env: &Env) -> Envs {
        let Some((p, ps_rest)) = ps.split_first() else { return one(env) };
        let mut all = none();
        for (position, t) in ts.iter().enumerate() {
            let rest = ts.get(position + 1..).unwrap_or_default();
            merge(&mut all, then(self.optional(*p, *t, env), |env| self.subsequence(ps_rest, rest, env)));
        }
        all
    }
}

pub(super) fn without(list: &[NodeId], position: usize) -> Vec<NodeId> {
    list.iter().enumerate().filter(|(at, _)| *at != position).map(|(_, id)| *id).collect()
}
