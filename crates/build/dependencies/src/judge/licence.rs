use andon_model::{Confidence, Finding, Severity};

use super::finding::Draft;
use crate::inventory::Part;
use crate::licences::{LicencePolicy, LicenceVerdict, UnknownLicence, judge};

/// What the policy has against a component's licence.
pub(super) fn finding(part: &Part, policy: &LicencePolicy) -> Option<Finding> {
    let component = &part.component;
    let label = format!("{} {}", component.name, component.version.as_deref().unwrap_or_default());
    let label = label.trim_end();
    let (rule, severity, id, what) = match judge(policy, component) {
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
    let draft = Draft {
        rule,
        part,
        ids: vec![id],
        severity,
        confidence: Confidence::High,
        title: format!("{label} {what}"),
        message: format!("{label} {what}"),
    };
    Some(draft.finding())
}
