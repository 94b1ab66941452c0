//! From matches of expressions to credentials: which part is the secret, whether anything speaks against it, and what
//! is remembered of it.

mod candidate;
mod companions;
mod lines;
mod rivals;
mod unchanged;

use andon_model::Piece;

use crate::config::RuleSet;
use crate::decode::{self, Pass};
use crate::facts::Hit;
use crate::identity::Hasher;
use crate::matcher::{Matcher, RawMatch, Scratch, Trace};
use candidate::Candidate;
use lines::Lines;

/// Most hits that are kept of one text; beyond it the text is noise, or hostile.
const MAX_HITS: usize = 10_000;

/// Most matches that are judged in one look at a text.
const MAX_MATCHES: usize = 4 * MAX_HITS;

/// Candidates before and after one that may stand in the lines shown with it.
const NEAR: usize = 64;

/// Weak secrets of one text that are hashed slowly.
const SLOW_HASHES: u32 = 256;

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
    /// There were more hits, or more encoded values, than are looked at.
    pub(crate) truncated: bool,
    pub(crate) memory: Memory,
}

/// What is kept of a text in order to examine those that are made of its pieces.
pub(crate) struct Memory {
    trace: Trace,
    /// Whether anything in it decodes.
    decodes: bool,
}

/// A text that was examined before, and what of it stands in the present one.
pub(crate) type Base<'a> = (&'a Memory, &'a [Piece]);

/// What one look at a text, or at what decoding made of it, showed.
struct Look {
    candidates: Vec<Candidate>,
    trace: Trace,
    /// There were more matches than are judged.
    truncated: bool,
}

impl Detector<'_> {
    /// Finds the credentials of a text, in order of position.
    pub(crate) fn detect(&self, text: &[u8], base: Option<Base<'_>>, scratch: &mut Scratch) -> Detected {
        let mut lines = Lines::new(text);
        let known = base.map(|(memory, pieces)| (&memory.trace, pieces));
        let Look { mut candidates, trace, mut truncated } = self.pass(text, None, known, &mut lines, scratch);
        let first = self.first_pass(text, base);
        let memory = Memory { trace, decodes: first.is_some() };
        truncated |= self.decoded(text, first, &memory.trace, &mut lines, scratch, &mut candidates);
        let mut candidates = rivals::settle(self.set, candidates);
        truncated |= candidates.len() > MAX_HITS;
        candidates.truncate(MAX_HITS);
        let near = |index: usize| {
            candidates.get(index.saturating_sub(NEAR)..(index + NEAR).min(candidates.len())).unwrap_or(&[])
        };
        let each = candidates.iter().enumerate();
        let mut slow = SLOW_HASHES;
        let hits =
            each.map(|(index, candidate)| self.hit(candidate, near(index), &mut lines, &mut slow)).collect();
        Detected { hits, truncated, memory }
    }

    /// Decodes a text once. Where nothing decoded before, only what is new can.
    fn first_pass(&self, text: &[u8], base: Option<Base<'_>>) -> Option<Pass> {
        if self.decode_depth == 0 {
            return None;
        }
        if let Some((memory, pieces)) = base
            && !memory.decodes
        {
            let stretches = unchanged::new_lines(text, pieces);
            if stretches.into_iter().all(|stretch| decode::first_pass(&text[stretch]).is_none()) {
                return None;
            }
        }
        decode::first_pass(text)
    }

    /// Adds what shows only when decoded. Returns whether there was more than is looked at.
    fn decoded(
        &self,
        original: &[u8],
        first: Option<Pass>,
        trace: &Trace,
        lines: &mut Lines<'_>,
        scratch: &mut Scratch,
        candidates: &mut Vec<Candidate>,
    ) -> bool {
        let mut truncated = false;
        let mut before: Option<Trace> = None;
        let mut pass = first;
        for _ in 0..self.decode_depth {
            let Some(current) = pass else { break };
            let pieces = unchanged::pieces_of(&current);
            let known = Some((before.as_ref().unwrap_or(trace), pieces.as_slice()));
            let look = self.pass(original, Some(&current), known, lines, scratch);
            truncated |= current.truncated || look.truncated;
            candidates.extend(look.candidates);
            before = Some(look.trace);
            pass = decode::next_pass(&current);
        }
        truncated
    }

    /// One look at the text, or at what decoding made of it.
    fn pass(
        &self,
        original: &[u8],
        pass: Option<&Pass>,
        known: Option<(&Trace, &[Piece])>,
        lines: &mut Lines<'_>,
        scratch: &mut Scratch,
    ) -> Look {
        let text = pass.map_or(original, |pass| &pass.text);
        let (found, trace) = self.matcher.find(&self.set.rules, text, known, scratch);
        let mut candidates = Vec::new();
        let mut truncated = found.len() > MAX_MATCHES;
        for found in found.iter().take(MAX_MATCHES) {
            candidates.extend(candidate::judge(self.set, found, original, pass, lines));
        }
        let candidates = companions::require(self.set, candidates, |rule| {
            let found = self.matcher.find_ungated(&self.set.rules, rule, text);
            truncated |= found.len() > MAX_MATCHES;
            let judge = |found: &RawMatch| candidate::judge(self.set, found, original, pass, lines);
            found.iter().take(MAX_MATCHES).filter_map(judge).collect()
        });
        Look { candidates, trace, truncated }
    }

    fn hit(&self, candidate: &Candidate, near: &[Candidate], lines: &mut Lines<'_>, slow: &mut u32) -> Hit {
        let (secret, strong) = self.hasher.hash(&candidate.secret, slow);
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
            rivals: candidate.rivals.clone(),
        }
    }
}
