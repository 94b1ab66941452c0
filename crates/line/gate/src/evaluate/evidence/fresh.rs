use andon_config::Timespan;
use jiff::Timestamp;

use crate::evidence::Accepted;

/// How old a statement may be.
#[derive(Clone, Copy)]
pub(in crate::evaluate) struct Fresh<'a> {
    limit: Option<Timespan>,
    now: &'a str,
}

impl<'a> Fresh<'a> {
    pub(in crate::evaluate) fn new(limit: Option<Timespan>, now: &'a str) -> Self {
        Self { limit, now }
    }

    /// Why a statement is too old, in words; `None` when it is not.
    pub(in crate::evaluate) fn too_old(self, accepted: &Accepted) -> Option<String> {
        let limit = self.limit?;
        let time = accepted.time.as_deref().unwrap_or_default();
        let age = match (self.now.parse::<Timestamp>(), time.parse::<Timestamp>()) {
            (Ok(now), Ok(at)) => now.as_second().saturating_sub(at.as_second()),
            _ => return Some("says no time, so its age is not known".to_owned()),
        };
        let is_old = u64::try_from(age).is_ok_and(|age| age > limit.0.as_secs());
        is_old.then(|| format!("is of {time}, older than {limit}"))
    }
}
