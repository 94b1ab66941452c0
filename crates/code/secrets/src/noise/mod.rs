//! What looks like a secret and is none. Only the rules of our own pack ask; foreign configurations bring their own
//! allowlists. Runs on matches, not on texts, so that clarity goes before speed; everything is linear.

mod generic;
mod paths;
mod placeholder;
mod published;
mod repetition;
mod words;

#[cfg(test)]
mod tests;

pub(crate) use generic::is_stock_words;
pub(crate) use paths::{is_noise_path, is_test_path};
pub(crate) use published::is_published;
pub(crate) use repetition::is_repetition;
pub(crate) use words::is_wordy;

/// How much the rule already says about the secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Strength {
    /// The format alone makes it a credential, such as a vendor's prefix.
    Structured,
    /// Any value next to a word such as `password`.
    Generic,
}

/// Why a secret is none, or `None` when nothing speaks against it. `line` is the line, or lines, that hold it.
pub(crate) fn is_noise(secret: &[u8], line: &[u8], strength: Strength) -> Option<&'static str> {
    let text = String::from_utf8_lossy(secret);
    let text = text.trim();
    let line = Surroundings::of(secret, line);
    let structured = || {
        is_published(text.as_bytes())
            .then_some("published by its vendor as an example")
            .or_else(|| placeholder::reason(text, &line))
            .or_else(|| is_repetition(text.as_bytes()).then_some("repeated or sequential characters"))
    };
    let generic = || (strength == Strength::Generic).then(|| generic::reason(text, &line)).flatten();
    structured().or_else(generic)
}

/// What stands before and after a secret on its line, at most [`Surroundings::REACH`] bytes each.
struct Surroundings {
    before: String,
    after: String,
}

impl Surroundings {
    const REACH: usize = 160;

    fn of(secret: &[u8], line: &[u8]) -> Self {
        let at = if secret.is_empty() { None } else { memchr::memmem::find(line, secret) };
        let (before, after) = match at {
            Some(at) => (line.get(..at), line.get(at + secret.len()..)),
            None => (None, None),
        };
        let (before, after) = (before.unwrap_or_default(), after.unwrap_or_default());
        let before = before.get(before.len().saturating_sub(Self::REACH)..).unwrap_or_default();
        let after = after.get(..after.len().min(Self::REACH)).unwrap_or_default();
        let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
        Self { before: text(before), after: text(after) }
    }
}
