use regex_syntax::hir::{Class, Hir, HirKind};

/// A state of the program, in bytes, generously.
const STATE: usize = 40;
/// What a class with non-ASCII characters takes besides its ranges.
const UTF8_CLASS: usize = 800;
/// What each range of such a class takes: up to four states in each of a few sequences, most of them shared.
const UTF8_RANGE: usize = 200;

/// An upper estimate of the program's size in bytes. Its depth is that of the expression, which is bounded.
pub(super) fn estimate(hir: &Hir) -> usize {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => STATE,
        HirKind::Literal(literal) => literal.0.len().saturating_mul(STATE),
        HirKind::Class(Class::Bytes(class)) => STATE + class.ranges().len() * 8,
        HirKind::Class(Class::Unicode(class)) if class.is_ascii() => STATE + class.ranges().len() * 8,
        HirKind::Class(Class::Unicode(class)) => UTF8_CLASS + class.ranges().len() * UTF8_RANGE,
        HirKind::Capture(capture) => estimate(&capture.sub).saturating_add(2 * STATE),
        HirKind::Concat(subs) | HirKind::Alternation(subs) => {
            subs.iter().fold(STATE, |sum, sub| sum.saturating_add(estimate(sub)).saturating_add(8))
        }
        HirKind::Repetition(repetition) => {
            let times = repetition.max.unwrap_or(repetition.min.saturating_add(1)).max(1);
            estimate(&repetition.sub).saturating_add(2 * STATE).saturating_mul(times as usize)
        }
    }
}
