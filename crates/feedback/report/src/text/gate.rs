use andon_model::Reason;

use super::{View, paint};
use crate::{clean, facts, wrap};

const SHOWN: usize = 8;
/// Where reasons of the gate's own come from; their messages say so already.
const OWN: [&str; 3] = ["threshold", "protected-path", "completeness"];

/// What the gate decided and why, each reason wrapped to `width` columns with what follows indented by `indent`.
pub(super) fn lines(view: &View<'_>, width: usize, indent: usize) -> Vec<String> {
    let Some(gate) = &view.report.gate else { return Vec::new() };
    let shown = if view.verbose { gate.reasons.len() } else { SHOWN };
    let mut lines: Vec<String> =
        gate.reasons.iter().take(shown).map(|reason| line(view, reason, width, indent)).collect();
    if lines.is_empty() {
        // What was not looked at is not clean, and a pass over it is not green.
        let (style, aside) = match view.report.coverage.complete {
            true => (paint::of_verdict(gate.verdict), ""),
            false => (paint::WARNING, ", as far as was examined"),
        };
        lines.push(view.paint.paint(style, &format!("{}{aside}", facts::verdict(gate.verdict))));
    }
    if gate.reasons.len() > shown {
        lines.push(format!(
            "and {}; --verbose shows them all",
            facts::plural(gate.reasons.len() - shown, "more reason")
        ));
    }
    if view.verbose {
        let files = gate.policy.files.join(", ");
        let revision = gate.policy.revision.as_deref().map(|id| format!(" at {id}")).unwrap_or_default();
        let policy = clean::short(&format!("decided by {files}{revision}"), 400);
        lines.push(wrap::hanging(&policy, width, indent));
    }
    lines
}

fn line(view: &View<'_>, reason: &Reason, width: usize, indent: usize) -> String {
    let verdict = facts::verdict(reason.verdict);
    let role = reason.role.as_ref().map(|role| format!(" by {}", clean::short(role, 60))).unwrap_or_default();
    let source = match reason.source.as_str() {
        source if source.is_empty() || OWN.contains(&source) => String::new(),
        source => format!(" ({})", clean::short(source, 80)),
    };
    let text = clean::short(&format!("{verdict}{role}: {}{source}", reason.message), 1_000);
    let text = wrap::hanging(&text, width, indent);
    text.replacen(verdict, &view.paint.paint(paint::of_verdict(reason.verdict), verdict), 1)
}
