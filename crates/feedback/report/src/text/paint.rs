use andon_model::{Severity, Verdict};
use anstyle::{AnsiColor, Color, Effects, Style};

/// Puts styles around text, or leaves it alone.
#[derive(Clone, Copy)]
pub(crate) struct Paint {
    pub(crate) color: bool,
}

impl Paint {
    pub(crate) fn paint(self, style: Style, text: &str) -> String {
        if self.color && !text.is_empty() {
            format!("{}{text}{}", style.render(), style.render_reset())
        } else {
            text.to_owned()
        }
    }

    pub(crate) fn bold(self, text: &str) -> String {
        self.paint(BOLD, text)
    }

    /// For what is there to be found, not to be read.
    pub(crate) fn quiet(self, text: &str) -> String {
        self.paint(QUIET, text)
    }

    pub(crate) fn severity(self, severity: Severity, text: &str) -> String {
        self.paint(of_severity(severity), text)
    }
}

pub(crate) const BOLD: Style = Style::new().bold();
pub(crate) const QUIET: Style = Style::new().effects(Effects::DIMMED);
pub(crate) const WARNING: Style = strong(AnsiColor::Yellow);
pub(crate) const GOOD: Style = strong(AnsiColor::Green);
pub(crate) const HELP: Style = strong(AnsiColor::Cyan);
/// The gutter of a code frame.
pub(crate) const FRAME: Style = strong(AnsiColor::BrightBlue);

pub(crate) fn of_severity(severity: Severity) -> Style {
    match severity {
        Severity::Critical => strong(AnsiColor::BrightRed),
        Severity::High => strong(AnsiColor::Red),
        Severity::Medium => strong(AnsiColor::Yellow),
        Severity::Low => strong(AnsiColor::Cyan),
        Severity::Info => BOLD,
    }
}

pub(crate) fn of_verdict(verdict: Verdict) -> Style {
    match verdict {
        Verdict::Pass => GOOD,
        Verdict::Warn | Verdict::NeedsApproval => WARNING,
        Verdict::Stop => strong(AnsiColor::BrightRed),
    }
}

const fn strong(color: AnsiColor) -> Style {
    Style::new().fg_color(Some(Color::Ansi(color))).bold()
}
