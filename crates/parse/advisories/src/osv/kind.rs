//! What a record is about, and how bad its database says it is, from the fields that each database has of its own.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use andon_model::Severity;

use super::Advisory;
use super::lenient::{Fields, Problems};
use crate::ecosystem;

/// Kinds of advisories. Ordered: the kind of a merged vulnerability is the greatest of its records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Kind {
    /// Something to know; not a defect. RustSec's `notice`, a distribution's update without a vulnerability.
    Notice,
    /// Nobody mends it any more (RustSec).
    Unmaintained,
    /// Its safe interface can break memory safety (RustSec).
    Unsound,
    /// A vulnerability.
    #[default]
    Vulnerability,
    /// The package itself is an attack.
    Malicious,
}

impl Kind {
    /// The word used in files and output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Notice => "notice",
            Self::Unmaintained => "unmaintained",
            Self::Unsound => "unsound",
            Self::Vulnerability => "vulnerability",
            Self::Malicious => "malicious",
        }
    }

    pub(super) fn of(advisory: &Advisory, marks: &Marks) -> Self {
        let mut ids = advisory.aliases.iter().chain([&advisory.id]);
        if marks.malicious || ids.any(|id| id.starts_with("MAL-")) {
            return Self::Malicious;
        }
        if let Some(kind) = marks.informational {
            return kind;
        }
        let known = advisory.aliases.iter().chain(&advisory.upstream).chain(&advisory.related);
        if is_bug_fix(&advisory.id) && !known.into_iter().any(|id| id.starts_with("CVE-")) {
            return Self::Notice;
        }
        Self::Vulnerability
    }
}

/// What the entries of `affected` say about the whole record.
#[derive(Default)]
pub(super) struct Marks {
    malicious: bool,
    informational: Option<Kind>,
}

impl Marks {
    /// RustSec's `informational` and `categories`.
    pub(super) fn take(&mut self, own: &Fields<'_>) {
        let kind = match own.any("informational").as_str() {
            Some("unmaintained") => Some(Kind::Unmaintained),
            Some("unsound") => Some(Kind::Unsound),
            Some(_) => Some(Kind::Notice),
            None => None,
        };
        self.informational = self.informational.max(kind);
        self.malicious |= own.any_list("categories").iter().any(|category| category == "malicious");
    }
}

/// A severity word as GitHub, Red Hat, Debian and Ubuntu use them.
pub(crate) fn rating_word(word: &str) -> Option<Severity> {
    Some(match word.trim().to_ascii_lowercase().as_str() {
        "critical" => Severity::Critical,
        "high" | "important" => Severity::High,
        "medium" | "moderate" => Severity::Medium,
        "low" => Severity::Low,
        "negligible" | "unimportant" | "none" => Severity::Info,
        _ => return None,
    })
}

pub(super) fn rating(value: &Value) -> Option<Severity> {
    rating_word(value.as_str()?)
}

/// Red Hat's rebuilders write the severity only at the head of the summary: `Important: kernel security update`.
pub(super) fn rating_of_summary(id: &str, fields: &Fields<'_>) -> Option<Severity> {
    let rebuilt = ["ALSA-", "RLSA-", "RXSA-", "RHSA-", "TSSA-"].iter().any(|prefix| id.starts_with(prefix));
    let summary = fields.text("summary", &mut Problems::default());
    rebuilt.then(|| rating_word(summary.split_once(':')?.0)).flatten()
}

pub(super) fn weaknesses(values: &[Value]) -> Vec<u32> {
    let number = |value: &Value| value.as_str()?.strip_prefix("CWE-")?.parse().ok();
    values.iter().filter_map(number).collect()
}

/// Updates that distributions publish beside their security advisories.
fn is_bug_fix(id: &str) -> bool {
    ["ALBA-", "ALEA-", "RLBA-", "RLEA-", "RHBA-", "RHEA-"].iter().any(|prefix| id.starts_with(prefix))
}

/// The vulnerabilities that a distribution's advisory passes on. `related` counts where `upstream` is not used yet.
pub(crate) fn passed_on<'a, 'b>(
    ecosystem: &str,
    upstream: &'b [&'a str],
    related: &'b [&'a str],
) -> impl Iterator<Item = &'a str> + 'b {
    let old = upstream.is_empty() && ecosystem::is_distribution(ecosystem);
    let ids = if old { related } else { upstream };
    ids.iter().copied().filter(|id| id.starts_with("CVE-"))
}
