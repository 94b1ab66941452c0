//! Expressions against the entries of a policy.

use spdx::expression::{ExprNode, Operator};
use spdx::identifiers::LICENSES;
use spdx::{AdditionItem, LicenseId, LicenseItem, LicenseReq};

use super::expression_of;

/// The entries that hold for a component.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules<'a> {
    pub(crate) allow: &'a [String],
    pub(crate) deny: &'a [String],
}

/// What the rules say of a licence. Ordered: the better one first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Outcome {
    Allowed,
    Unknown(String),
    NotAllowed(String),
    Denied { which: String, entry: String },
}

/// What the rules say of one declared licence.
pub(crate) fn declared(rules: &Rules<'_>, text: &str) -> Outcome {
    let Some(expression) = expression_of(text) else { return words(rules, text.trim()) };
    let mut stack: Vec<Outcome> = Vec::new();
    for node in expression.iter() {
        let outcome = match node {
            ExprNode::Req(found) => Some(requirement(rules, &found.req)),
            ExprNode::Op(operator) => match (stack.pop(), stack.pop(), operator) {
                (Some(right), Some(left), Operator::And) => Some(left.max(right)),
                (Some(right), Some(left), Operator::Or) => Some(left.min(right)),
                _ => None,
            },
        };
        stack.extend(outcome);
    }
    stack.pop().unwrap_or_else(|| Outcome::Unknown(text.to_owned()))
}

/// Words that mean no licence that anybody knows: only a policy that names them can allow them.
fn words(rules: &Rules<'_>, text: &str) -> Outcome {
    if let Some(entry) = rules.deny.iter().find(|entry| matches(entry, text)) {
        return Outcome::Denied { which: text.to_owned(), entry: entry.clone() };
    }
    if rules.allow.iter().any(|entry| entry.trim().eq_ignore_ascii_case(text)) {
        return Outcome::Allowed;
    }
    Outcome::Unknown(text.to_owned())
}

fn requirement(rules: &Rules<'_>, required: &LicenseReq) -> Outcome {
    let (id, or_later) = match &required.license {
        LicenseItem::Spdx { id, or_later } => (*id, *or_later),
        LicenseItem::Other(reference) => return words(rules, &reference.to_string()),
    };
    let licence = Licence::new(id, or_later, required.addition.as_ref());
    let precise = rules.allow.iter().any(|entry| has_exception(entry) && licence.is_allowed_by(entry));
    let denies = |entry: &&String| (!precise || has_exception(entry)) && licence.is_denied_by(entry);
    if let Some(entry) = rules.deny.iter().find(denies) {
        return Outcome::Denied { which: licence.to_string(), entry: entry.clone() };
    }
    if rules.allow.is_empty() || precise || rules.allow.iter().any(|entry| licence.is_allowed_by(entry)) {
        return Outcome::Allowed;
    }
    Outcome::NotAllowed(licence.to_string())
}

/// A licence of SPDX's list as an expression demands it.
struct Licence {
    /// Its current name, `-or-later` or `+` included.
    name: String,
    /// The name without what says which versions.
    stem: String,
    /// Names of licences of which each would do.
    choices: Vec<&'static str>,
    exception: Option<String>,
    /// Whether the exception is on SPDX's list, and therefore one that only adds permissions.
    known_exception: bool,
}

impl Licence {
    fn new(id: LicenseId, plus: bool, addition: Option<&AdditionItem>) -> Self {
        let stem = stem(id.name).to_owned();
        let is_gnu = spdx::license_id(&format!("{stem}-or-later")).is_some();
        let or_later = plus || id.name.ends_with("-or-later") || id.name.ends_with('+');
        let name = match (is_gnu, or_later) {
            (true, true) => format!("{stem}-or-later"),
            (true, false) => format!("{stem}-only"),
            (false, true) => format!("{stem}+"),
            (false, false) => id.name.to_owned(),
        };
        let choices = if or_later { versions_from(&stem) } else { Vec::new() };
        Self {
            name,
            stem,
            choices,
            exception: addition.map(ToString::to_string),
            known_exception: addition.is_none_or(|addition| addition.id().is_some()),
        }
    }

    fn is_allowed_by(&self, entry: &str) -> bool {
        let (licence, exception) = split_exception(entry);
        let exception_fits = match exception {
            Some(exception) => self.exception.as_deref().is_some_and(|own| matches(exception, own)),
            None => self.known_exception,
        };
        let names = [self.name.as_str(), self.stem.as_str()];
        exception_fits
            && names.into_iter().chain(self.choices.iter().copied()).any(|name| matches(licence, name))
    }

    fn is_denied_by(&self, entry: &str) -> bool {
        let (licence, exception) = split_exception(entry);
        let exception_fits = exception
            .is_none_or(|exception| self.exception.as_deref().is_some_and(|own| matches(exception, own)));
        exception_fits && (matches(licence, &self.name) || matches(licence, &self.stem))
    }
}

impl std::fmt::Display for Licence {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.name)?;
        self.exception.iter().try_for_each(|exception| write!(f, " WITH {exception}"))
    }
}

/// The name without `-only`, `-or-later` or `+`.
fn stem(name: &str) -> &str {
    ["-or-later", "-only", "+"].iter().find_map(|suffix| name.strip_suffix(suffix)).unwrap_or(name)
}

/// The licences of the same family (`GPL`, `EUPL`) of this version or a later one.
fn versions_from(stem: &str) -> Vec<&'static str> {
    let Some((family, version)) = family(stem) else { return Vec::new() };
    LICENSES
        .iter()
        .map(|license| license.name)
        .filter(|name| {
            family_of_whole(name).is_some_and(|(other, later)| other == family && later >= version)
        })
        .filter(|name| *name == stem || !name.ends_with('+'))
        .collect()
}

fn family_of_whole(name: &str) -> Option<(&str, (u32, u32))> {
    // Who may use version 2 or later may use version 3, and version 3 or later.
    family(stem(name))
}

/// Family and version: `GPL-2.0` is version 2.0 of `GPL`.
fn family(stem: &str) -> Option<(&str, (u32, u32))> {
    let (family, version) = stem.rsplit_once('-')?;
    let (major, minor) = version.split_once('.').unwrap_or((version, "0"));
    Some((family, (major.parse().ok()?, minor.parse().ok()?)))
}

fn has_exception(entry: &str) -> bool {
    split_exception(entry).1.is_some()
}

fn split_exception(entry: &str) -> (&str, Option<&str>) {
    let at = entry.to_ascii_lowercase().find(" with ");
    match at.and_then(|at| Some((entry.get(..at)?, entry.get(at + 6..)?))) {
        Some((licence, exception)) => (licence.trim(), Some(exception.trim())),
        None => (entry.trim(), None),
    }
}

/// Whether a text is what a pattern means: equal but for case, `*` standing for anything.
fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.trim().to_ascii_lowercase(), text.to_ascii_lowercase());
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else { return rest.is_empty() };
    for part in parts {
        match rest.split_once(part) {
            Some((_, after)) => rest = after,
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns() {
        let check = |pattern: &str, text: &str, expected: bool| {
            assert_eq!(matches(pattern, text), expected, "{pattern} {text}")
        };
        check("mit", "MIT", true);
        check("MIT", "MIT-0", false);
        check("GPL-*", "LGPL-2.0", false);
        check("*GPL-*", "LGPL-2.0", true);
        check("CC-*-NC-*", "CC-BY-NC-4.0", true);
        check("CC-*-NC-*", "CC-BY-4.0", false);
        check("*", "", true);
        check("a*a", "a", false);
    }

    #[test]
    fn versions_of_a_family() {
        let gpl = versions_from("GPL-2.0");
        assert!(gpl.contains(&"GPL-3.0-only") && gpl.contains(&"GPL-2.0-only"), "{gpl:?}");
        assert!(!gpl.contains(&"GPL-1.0-only") && !gpl.contains(&"LGPL-3.0-only"), "{gpl:?}");
        assert_eq!(versions_from("MIT"), Vec::<&str>::new());
    }
}
