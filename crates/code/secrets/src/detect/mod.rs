//! From matches of expressions to credentials: which part is the secret, whether anything speaks against it, and what
//! is remembered of it.

mod candidate;
mod companions;
mod lines;
mod rivals;

use crate::config::RuleSet;
use crate::decode::{self, Pass};
use crate::facts::Hit;
use crate::identity::Hasher;
use crate::matcher::{Matcher, RawMatch, Scratch};
use candidate::Candidate;
use lines::Lines;

/// Most hits that are kept of one text; beyond it the text is noise, or hostile.
const MAX_HITS: usize = 10_000;

/// Candidates before and after one that may stand in the lines shown with it.
const NEAR: usize = 64;

/// Everything that detection needs besides the text.
pub(crate) struct Detector<'a> {
    pub(crate) set: &'a RuleSet,
    pub(crate) matcher: &'a Matcher,
    pub(crate) hasher: &'a Hasher,
    /// How many times an encoded value may be decoded.
    pub(crate) decode_depth: u32,
}

/// What a text holds.
pub(crate) struct Detected {
    pub(crate) hits: Vec<Hit>,
    /// There were more hits than are kept.
    pub(crate) truncated: bool,
}

impl Detector<'_> {
    /// Finds the credentials of a text, in order of position.
    pub(crate) fn detect(&self, text: &[u8], scratch: &mut Scratch) -> Detected {
        let mut lines = Lines::new(text);
        let mut candidates = self.pass(text, None, &mut lines, scratch);
        let mut pass = if self.decode_depth > 0 { decode::first_pass(text) } else { None };
        for _ in 0..self.decode_depth {
            let Some(current) = pass else { break };
            candidates.extend(self.pass(text, Some(&current), &mut lines, scratch));
            pass = decode::next_pass(&current);
        }
        let mut candidates = rivals::settle(self.set, candidates);
        let truncated = candidates.len() > MAX_HITS;
        candidates.truncate(MAX_HITS);
        let near = |index: usize| {
            candidates.get(index.saturating_sub(NEAR)..(index + NEAR).min(candidates.len())).unwrap_or(&[])
        };
        let each = candidates.iter().enumerate();
        let hits = each.map(|(index, candidate)| self.hit(candidate, near(index), &mut lines)).collect();
        Detected { hits, truncated }
    }

    /// One look at the text, or at what decoding made of it.
    fn pass(
        &self,
        original: &[u8],
        pass: Option<&Pass>,
        lines: &mut Lines<'_>,
        scratch: &mut Scratch,
    ) -> Vec<Candidate> {
        let text = pass.map_or(original, |pass| &pass.text);
        let found = self.matcher.find(&self.set.rules, text, scratch);
        let mut candidates = Vec::new();
        for found in found.iter().take(4 * MAX_HITS) {
            candidates.extend(candidate::judge(self.set, found, original, pass, lines));
        }
        companions::require(self.set, candidates, |rule| {
            let found = self.matcher.find_ungated(&self.set.rules, rule, text);
            let judge = |found: &RawMatch| candidate::judge(self.set, found, original, pass, lines);
            found.iter().filter_map(judge).collect()
        })
    }

    fn hit(&self, candidate: &Candidate, near: &[Candidate], lines: &mut Lines<'_>) -> Hit {
        let (secret, strong) = self.hasher.hash(&candidate.secret);
        let region = lines.region(&candidate.span);
        Hit {
            rule: candidate.rule as u32,
            secret,
            strong,
            masked_line: lines.masked_line(&candidate.span, near),
            region,
            match_line: candidate.match_line,
            snippet: lines.snippet(&candidate.span, near),
            redacted: crate::redact::redacted(&candidate.secret),
            entropy: candidate.entropy as f32,
            validation: candidate.validation.clone(),
            tags: candidate.tags.clone(),
            context: lines.context(&candidate.span, near),
            allowed_inline: candidate.allowed_inline,
            pending: candidate.pending.clone(),
            companions: candidate.companions.clone(),
        }
    }
}
