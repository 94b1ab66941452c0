use std::collections::BTreeMap;

use andon_model::{Confidence, Finding, Severity};

use super::finding::{Draft, name, versions};
use crate::inventory::Part;
use crate::licences::{LicencePolicy, LicenceVerdict, UnknownLicence, judge};

/// What the policy has against a licence.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Objection {
    rule: &'static str,
    /// The licence, or what stands in its place.
    id: String,
    severity: Severity,
    what: String,
}

/// What the policy has against the components' licences; one finding for all versions of a package under the same.
pub(super) fn findings(parts: &[Part], policy: &LicencePolicy) -> Vec<Finding> {
    let mut found: BTreeMap<(String, &'static str, String), (Objection, Vec<&Part>)> = BTreeMap::new();
    for part in parts {
        let Some(objection) = objection(part, policy) else { continue };
        let key = (name(part), objection.rule, objection.id.clone());
        let (worst, parts) = found.entry(key).or_insert_with(|| (objection.clone(), Vec::new()));
        if objection.severity > worst.severity {
            *worst = objection;
        }
        parts.push(part);
    }
    found.into_values().map(|(objection, parts)| finding(objection, parts)).collect()
}

fn finding(objection: Objection, parts: Vec<&Part>) -> Finding {
    let name = parts.last().map(|part| part.component.name.as_str()).unwrap_or_default();
    let label = format!("{name} {}", versions(parts.iter().copied()));
    let told = format!("{} {}", label.trim_end(), objection.what);
    let draft = Draft {
        rule: objection.rule,
        parts,
        ids: vec![objection.id],
        severity: objection.severity,
        confidence: Confidence::High,
        title: told.clone(),
        message: told,
    };
    draft.finding()
}

fn objection(part: &Part, policy: &LicencePolicy) -> Option<Objection> {
    let (rule, severity, id, what) = match judge(policy, &part.component) {
        LicenceVerdict::Allowed => return None,
        LicenceVerdict::Denied { which, entry } => {
            let what = format!("is under {which}, which the policy denies (`{entry}`)");
            ("forbidden-licence", Severity::High, which, what)
        }
        LicenceVerdict::NotAllowed { which } => {
            let what = format!("is under {which}, which is not among the allowed licences");
            ("forbidden-licence", Severity::High, which, what)
        }
        LicenceVerdict::Unknown { text, action } => {
            let severity = if action == UnknownLicence::Deny { Severity::High } else { Severity::Low };
            let what = match text.as_str() {
                "" => "declares no licence".to_owned(),
                text => format!("declares a licence that is not understood: {text}"),
            };
            ("unknown-licence", severity, text, what)
        }
    };
    Some(Objection { rule, id, severity, what })
}
