//! Licences: what components declare, judged by what a policy allows.
//!
//! A component's licence is an SPDX expression, or words that are brought into one where their meaning is certain
//! ([`expression_of`]). In an expression the best side of `OR` counts and every side of `AND`; `-or-later` and `+` are a
//! choice among the versions. A policy's entries are identifiers (`MIT`), identifiers with an exception
//! (`GPL-2.0-only WITH Classpath-exception-2.0`), patterns with `*` (`GPL-*`), references (`LicenseRef-x`) or the very
//! words that a component declares; case does not matter.
//!
//! - `deny` wins over `allow`. One exception: an entry of `allow` that names the exception of a licence (`… WITH …`)
//!   is more precise than an entry of `deny` that does not, and wins over it.
//! - An entry without `WITH` means the licence with any exception of SPDX's list too: exceptions only add permissions.
//! - `GPL-2.0` means `GPL-2.0-only` and `GPL-2.0-or-later`, for every licence with such names.
//! - An empty `allow` allows whatever is not denied.
//!
//! Several declared licences all hold (`AND`), except where the ecosystem says that one may choose: Maven (the POM
//! reference), Composer (the schema of composer.json) and npm (its old `licenses` list).

mod evaluate;
mod names;
mod normalise;

use std::collections::BTreeMap;

use andon_model::{Component, Scope};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use normalise::expression_of;

/// Which licences components may have.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct LicencePolicy {
    /// Licences that are allowed; all when empty.
    pub allow: Vec<String>,
    /// Licences that are not, whatever else is said.
    pub deny: Vec<String>,
    /// What becomes of components whose licence is not known or not understood.
    pub unknown: UnknownLicence,
    /// What holds instead for components of a scope.
    pub scopes: BTreeMap<Scope, ScopePolicy>,
}

/// What holds for components of one scope; what is absent is as for all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ScopePolicy {
    /// In place of [`LicencePolicy::allow`].
    pub allow: Option<Vec<String>>,
    /// In place of [`LicencePolicy::deny`].
    pub deny: Option<Vec<String>>,
    /// In place of [`LicencePolicy::unknown`].
    pub unknown: Option<UnknownLicence>,
}

/// What becomes of a component whose licence is not known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum UnknownLicence {
    /// It is allowed.
    Allow,
    /// It is told.
    #[default]
    Warn,
    /// It is not allowed.
    Deny,
}

/// What a policy says of a component.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LicenceVerdict {
    /// It may be used.
    Allowed,
    /// The policy denies a licence that there is no way around.
    Denied {
        /// The licence.
        which: String,
        /// The policy's entry that denies it.
        entry: String,
    },
    /// The policy allows other licences only.
    NotAllowed {
        /// A licence that is not among them.
        which: String,
    },
    /// Nobody can tell.
    Unknown {
        /// What the component declares; empty when it declares nothing.
        text: String,
        /// What the policy wants then: [`UnknownLicence::Warn`] or [`UnknownLicence::Deny`].
        action: UnknownLicence,
    },
}

/// Judges a component's declared licences.
pub fn judge(policy: &LicencePolicy, component: &Component) -> LicenceVerdict {
    let scope = policy.scopes.get(&component.scope);
    let rules = evaluate::Rules {
        allow: scope.and_then(|scope| scope.allow.as_deref()).unwrap_or(&policy.allow),
        deny: scope.and_then(|scope| scope.deny.as_deref()).unwrap_or(&policy.deny),
    };
    let action = scope.and_then(|scope| scope.unknown).unwrap_or(policy.unknown);
    let verdicts = component.licenses.iter().map(|text| evaluate::declared(&rules, text));
    let verdict = if is_choice(&component.purl) { verdicts.min() } else { verdicts.max() };
    match verdict.unwrap_or_else(|| evaluate::Outcome::Unknown(String::new())) {
        evaluate::Outcome::Allowed => LicenceVerdict::Allowed,
        evaluate::Outcome::Unknown(_) if action == UnknownLicence::Allow => LicenceVerdict::Allowed,
        evaluate::Outcome::Unknown(text) => LicenceVerdict::Unknown { text, action },
        evaluate::Outcome::NotAllowed(which) => LicenceVerdict::NotAllowed { which },
        evaluate::Outcome::Denied { which, entry } => LicenceVerdict::Denied { which, entry },
    }
}

/// Whether several declared licences of such a package are a choice.
fn is_choice(purl: &str) -> bool {
    ["pkg:maven/", "pkg:composer/", "pkg:npm/"].iter().any(|kind| purl.starts_with(kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(allow: &[&str], deny: &[&str]) -> LicencePolicy {
        let owned = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect();
        LicencePolicy { allow: owned(allow), deny: owned(deny), ..LicencePolicy::default() }
    }

    fn of(purl: &str, licenses: &[&str]) -> Component {
        let licenses = licenses.iter().map(|&text| text.to_owned()).collect();
        Component { purl: purl.to_owned(), licenses, ..Component::default() }
    }

    fn check(policy: &LicencePolicy, licenses: &[&str], expected: &str) {
        assert_eq!(
            shown(&judge(policy, &of("pkg:cargo/a@1", licenses))),
            expected,
            "{licenses:?} by {policy:?}"
        );
    }

    fn shown(verdict: &LicenceVerdict) -> String {
        match verdict {
            LicenceVerdict::Allowed => "allowed".to_owned(),
            LicenceVerdict::Denied { which, entry } => format!("denied {which} by {entry}"),
            LicenceVerdict::NotAllowed { which } => format!("not allowed {which}"),
            LicenceVerdict::Unknown { text, .. } => format!("unknown {text}"),
        }
    }

    #[test]
    fn the_best_choice_wins_and_every_demand_counts() {
        let some = policy(&["MIT", "Apache-2.0"], &["GPL-*"]);
        check(&some, &["MIT"], "allowed");
        check(&some, &["MIT OR GPL-3.0-only"], "allowed");
        check(&some, &["MIT AND GPL-3.0-only"], "denied GPL-3.0-only by GPL-*");
        check(&some, &["(ISC OR GPL-3.0-only) AND MIT"], "not allowed ISC");
        check(&some, &["MIT", "ISC"], "not allowed ISC");
        check(&some, &["MIT", "Apache License, Version 2.0"], "allowed");
        check(&some, &["MIT", "homegrown"], "unknown homegrown");
        check(&some, &["homegrown", "GPLv3"], "denied GPL-3.0-only by GPL-*");
        check(&some, &[], "unknown ");
        check(&some, &["NOASSERTION"], "unknown NOASSERTION");
    }

    #[test]
    fn families_do_not_reach_into_each_other() {
        let some = policy(&[], &["GPL-*"]);
        check(&some, &["LGPL-2.1-only"], "allowed");
        check(&some, &["AGPL-3.0-only"], "allowed");
        check(&some, &["GPL-1.0-or-later"], "denied GPL-1.0-or-later by GPL-*");
        check(&policy(&[], &["agpl-*"]), &["AGPL-3.0"], "denied AGPL-3.0-only by agpl-*");
        check(&policy(&[], &["GPL-2.0"]), &["GPL-2.0-or-later"], "denied GPL-2.0-or-later by GPL-2.0");
        check(&policy(&[], &["GPL-2.0-only"]), &["GPL-2.0-or-later"], "allowed");
    }

    #[test]
    fn later_versions_are_a_choice() {
        check(&policy(&["GPL-3.0-only"], &[]), &["GPL-2.0-or-later"], "allowed");
        check(&policy(&["GPL-2.0-only"], &[]), &["GPL-2.0+"], "allowed");
        check(&policy(&["GPL-2.0-only"], &[]), &["GPL-3.0-or-later"], "not allowed GPL-3.0-or-later");
        check(&policy(&["GPL-3.0-or-later"], &[]), &["GPL-3.0-only"], "not allowed GPL-3.0-only");
        check(&policy(&["EUPL-1.2"], &[]), &["EUPL-1.1+"], "allowed");
        check(&policy(&["GPL-2.0"], &[]), &["GPL-2.0-or-later"], "allowed");
    }

    #[test]
    fn exceptions_are_respected() {
        let with = "GPL-2.0-only WITH Classpath-exception-2.0";
        check(&policy(&["GPL-2.0-only"], &[]), &[with], "allowed");
        check(&policy(&[with], &[]), &[with], "allowed");
        check(&policy(&[with], &[]), &["GPL-2.0-only"], "not allowed GPL-2.0-only");
        check(&policy(&[with], &["GPL-*"]), &[with], "allowed");
        check(&policy(&["GPL-2.0-only"], &["GPL-*"]), &[with], &format!("denied {with} by GPL-*"));
        check(&policy(&[], &[with]), &["GPL-2.0-only"], "allowed");
        check(&policy(&[], &[with]), &[with], &format!("denied {with} by {with}"));
    }

    #[test]
    fn own_words_can_be_named() {
        check(&policy(&["Public Domain"], &[]), &["public domain"], "allowed");
        check(&policy(&["MIT*"], &[]), &["MIT-ish thing"], "unknown MIT-ish thing");
        check(
            &policy(&[], &["*commercial*"]),
            &["Some Commercial Terms"],
            "denied Some Commercial Terms by *commercial*",
        );
        check(&policy(&["LicenseRef-ours"], &[]), &["LicenseRef-ours OR GPL-3.0-only"], "allowed");
        check(&policy(&["MIT"], &[]), &["LicenseRef-theirs"], "unknown LicenseRef-theirs");
    }

    #[test]
    fn scopes_have_their_own_rules() {
        let mut some = policy(&["MIT"], &["GPL-*"]);
        let own = ScopePolicy {
            allow: Some(Vec::new()),
            deny: Some(Vec::new()),
            unknown: Some(UnknownLicence::Allow),
        };
        some.scopes.insert(Scope::Development, own);
        let mut component = of("pkg:cargo/a@1", &["GPL-3.0-only"]);
        assert_eq!(shown(&judge(&some, &component)), "denied GPL-3.0-only by GPL-*");
        component.scope = Scope::Development;
        assert_eq!(shown(&judge(&some, &component)), "allowed");
        component.licenses.clear();
        assert_eq!(shown(&judge(&some, &component)), "allowed");
    }

    #[test]
    fn ecosystems_with_lists_of_choices() {
        let some = policy(&["MIT"], &["GPL-*"]);
        for (purl, expected) in [
            ("pkg:maven/g/a@1", "allowed"),
            ("pkg:composer/v/a@1", "allowed"),
            ("pkg:npm/a@1", "allowed"),
            ("pkg:gem/a@1", "denied GPL-3.0-only by GPL-*"),
        ] {
            assert_eq!(shown(&judge(&some, &of(purl, &["GPL-3.0-only", "MIT"]))), expected, "{purl}");
        }
    }
}
