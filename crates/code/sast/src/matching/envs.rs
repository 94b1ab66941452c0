use smallvec::SmallVec;

use crate::matching::Bindings;

/// One way in which a pattern matched so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Env {
    /// What the metavariables stand for.
    pub(crate) bindings: Bindings,
    /// Where the last statement ends that a sequence matched, in bytes; 0 if there is none.
    pub(crate) end: usize,
}

/// Every way in which a pattern matched; none if it did not.
pub(crate) type Envs = SmallVec<[Env; 1]>;

/// No way.
pub(crate) fn none() -> Envs {
    Envs::new()
}

/// One way.
pub(crate) fn one(env: &Env) -> Envs {
    let mut envs = Envs::new();
    envs.push(env.clone());
    envs
}

/// One way if a condition holds.
pub(crate) fn given(holds: bool, env: &Env) -> Envs {
    if holds { one(env) } else { none() }
}

/// Goes on from each way; equal outcomes count once.
pub(crate) fn then(envs: Envs, mut next: impl FnMut(&Env) -> Envs) -> Envs {
    if let [only] = envs.as_slice() {
        return next(only);
    }
    envs.into_iter().fold(none(), |mut all, env| {
        merge(&mut all, next(&env));
        all
    })
}

/// Adds ways to others, each once.
pub(crate) fn merge(all: &mut Envs, more: Envs) {
    if all.is_empty() {
        *all = more;
        return;
    }
    for env in more {
        if !all.contains(&env) {
            all.push(env);
        }
    }
}

/// The first alternative that matched at all.
pub(crate) fn or_else(first: Envs, second: impl FnOnce() -> Envs) -> Envs {
    if first.is_empty() { second() } else { first }
}

/// Both alternatives.
pub(crate) fn either(mut first: Envs, second: impl FnOnce() -> Envs) -> Envs {
    let more = second();
    merge(&mut first, more);
    first
}
