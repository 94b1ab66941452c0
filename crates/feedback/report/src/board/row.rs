use std::time::Duration;

use andon_model::{Severity, Stage};
use anstyle::Style;

use super::BoardLook;
use crate::clean::short;
use crate::text::paint::{BOLD, GOOD, Paint, QUIET, WARNING, of_severity};
use crate::wrap::width;

/// A step, a check or a gate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Where on the line.
    pub stage: Stage,
    /// Its name.
    pub name: String,
    /// How far it is.
    pub status: Status,
    /// How long it took, or has been running.
    pub elapsed: Duration,
    /// A word about it: from the cache, the seal, why it failed.
    pub note: String,
}

/// How far a step, a check or a gate is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It has not begun.
    Waiting,
    /// It is at work.
    Running,
    /// It did what it should.
    Succeeded,
    /// Its result was there already.
    Cached,
    /// Somebody should look.
    Warned,
    /// It did not.
    Failed,
    /// It was left out.
    Skipped,
    /// It was ended by a person.
    Cancelled,
}

impl Status {
    /// Whether there is nothing more to see.
    pub(super) fn is_settled(self) -> bool {
        matches!(self, Self::Succeeded | Self::Cached | Self::Skipped)
    }

    fn picture(self, tick: usize) -> (&'static str, Style) {
        match self {
            Self::Waiting => ("·", QUIET),
            Self::Running => (wheel(tick), WARNING),
            Self::Succeeded => ("✓", GOOD),
            Self::Cached => ("=", GOOD),
            Self::Warned => ("▲", WARNING),
            Self::Failed => ("✗", of_severity(Severity::Critical)),
            Self::Skipped => ("–", QUIET),
            Self::Cancelled => ("×", WARNING),
        }
    }
}

impl Row {
    /// One line of at most `look.width` columns.
    pub fn draw(&self, look: &BoardLook) -> String {
        const STAGE: usize = 8;
        const FIXED: usize = 2 + STAGE + 1 + 2 + 1 + 8 + 2;
        let columns = look.width.saturating_sub(FIXED).clamp(8, 28);
        let paint = Paint { color: look.color };
        let (mark, style) = self.status.picture(look.tick);
        let name = short(&self.name, columns);
        let gap = " ".repeat(columns.saturating_sub(width(&name)));
        let time = match self.status {
            Status::Waiting | Status::Skipped => String::new(),
            _ => clock(self.elapsed),
        };
        let room = look.width.saturating_sub(FIXED + columns);
        let note = if room < 8 { String::new() } else { short(&self.note, room) };
        let name = if self.status == Status::Running { paint.paint(BOLD, &name) } else { name };
        let stage = paint.quiet(&format!("{:STAGE$}", self.stage.as_str()));
        let note = if self.status == Status::Failed { note } else { paint.quiet(&note) };
        let line = format!("  {stage} {} {name}{gap} {time:>8}  {note}", paint.paint(style, mark));
        line.trim_end().to_owned()
    }
}

/// The picture of a turning wheel at a time.
pub(super) fn wheel(tick: usize) -> &'static str {
    const PICTURES: [&str; 4] = ["◐", "◓", "◑", "◒"];
    PICTURES.get(tick % PICTURES.len()).copied().unwrap_or("◐")
}

/// A length of time as people read it: `0.31s`, `12.4s`, `3m 05s`, `1h 02m`.
pub(super) fn clock(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..10 => format!("{:.2}s", time.as_secs_f64()),
        10..60 => format!("{:.1}s", time.as_secs_f64()),
        60..3600 => format!("{}m {:02}s", seconds / 60, seconds % 60),
        _ => format!("{}h {:02}m", seconds / 3600, seconds / 60 % 60),
    }
}
