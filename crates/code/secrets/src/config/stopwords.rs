use std::sync::{Arc, OnceLock};

use aho_corasick::AhoCorasick;
use serde::{Deserialize, Serialize};

/// Words of which none may be in a secret, whatever their case. Clones share the automaton, which the first search builds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "Vec<String>", into = "Vec<String>")]
pub struct Stopwords {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    words: Vec<String>,
    automaton: OnceLock<Option<AhoCorasick>>,
}

impl Stopwords {
    /// Takes `words`, in any case, some of them perhaps twice.
    pub(crate) fn new(words: &[String]) -> Self {
        let mut words: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
        words.sort_unstable();
        words.dedup();
        words.into()
    }

    /// In lower case and sorted.
    pub fn words(&self) -> &[String] {
        &self.shared.words
    }

    /// Whether one of them is in `text`.
    pub fn is_in(&self, text: &[u8]) -> bool {
        if self.shared.words.is_empty() {
            return false;
        }
        let lowered;
        let text = if text.is_ascii() {
            text
        } else {
            lowered = String::from_utf8_lossy(text).to_lowercase();
            lowered.as_bytes()
        };
        match self.shared.automaton.get_or_init(|| build(&self.shared.words)) {
            Some(automaton) => automaton.is_match(text),
            None => self.shared.words.iter().any(|word| contains(text, word)),
        }
    }
}

impl From<Vec<String>> for Stopwords {
    /// Takes words in lower case, sorted.
    fn from(words: Vec<String>) -> Self {
        Self { shared: Arc::new(Shared { words, automaton: OnceLock::new() }) }
    }
}

impl From<Stopwords> for Vec<String> {
    fn from(stopwords: Stopwords) -> Self {
        stopwords.words().to_vec()
    }
}

impl PartialEq for Shared {
    fn eq(&self, other: &Self) -> bool {
        self.words == other.words
    }
}

/// `None` when the words are too many for an automaton.
fn build(words: &[String]) -> Option<AhoCorasick> {
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .build(words.iter().filter(|word| !word.is_empty()))
        .ok()
}

fn contains(text: &[u8], word: &str) -> bool {
    !word.is_empty() && memchr::memmem::find(&text.to_ascii_lowercase(), word.as_bytes()).is_some()
}
