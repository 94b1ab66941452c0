use super::{View, coverage, paint};
use crate::{clean, facts};

/// What the gate decided and why.
pub(super) fn parts(view: &View<'_>) -> Option<String> {
    let gate = view.report.gate.as_ref()?;
    let style = paint::of_verdict(gate.verdict);
    let word = view.paint.paint(style, &format!("gate: {}", facts::verdict(gate.verdict)));
    let mut out = word;
    for reason in gate.reasons.iter().take(50) {
        let role =
            reason.role.as_ref().map(|role| format!(" by {}", clean::short(role, 60))).unwrap_or_default();
        let source = clean::short(&reason.source, 80);
        let verdict = facts::verdict(reason.verdict);
        out.push_str(&coverage::item(view, &format!("{verdict}{role} ({source}): {}", reason.message)));
    }
    if view.verbose {
        let files = gate.policy.files.join(", ");
        let revision = gate.policy.revision.as_deref().map(|id| format!(" at {id}")).unwrap_or_default();
        out.push_str(&coverage::item(view, &format!("policy: {files}{revision}")));
    }
    Some(out)
}
