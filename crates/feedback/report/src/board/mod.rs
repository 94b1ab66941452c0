//! The line at a glance: a lamp for each stage, what runs now, what was found. Redrawn while the line runs, printed
//! once at its end.

mod row;

use std::collections::BTreeMap;
use std::time::Duration;

use andon_model::{Severity, Stage};
use anstyle::Style;

pub use row::{Row, Status};

use crate::clean::short;
use crate::text::paint::{BOLD, GOOD, Paint, QUIET, WARNING, of_severity};
use crate::wrap::width;

/// What a stage's lamp shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lamp {
    /// Not reached yet.
    #[default]
    Off,
    /// At work.
    Running,
    /// Done, and the line goes on.
    Go,
    /// Done; somebody should look.
    Warn,
    /// Something failed, or the gate stopped the line.
    Stop,
    /// Left out in this run.
    Skipped,
}

/// The state of a run, as people see it. Names may come from an attacker; they are made harmless when drawn.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Board {
    /// What goes down the line: the project's name, the commit.
    pub title: String,
    /// The stages in the order of the line.
    pub stages: Vec<(Stage, Lamp)>,
    /// Steps, checks and gates in the order of the plan.
    pub rows: Vec<Row>,
    /// Findings that count, by severity.
    pub findings: BTreeMap<Severity, u64>,
    /// Time since the start.
    pub elapsed: Duration,
    /// The last thing that a running step said.
    pub said: String,
}

/// How a board is drawn.
#[derive(Clone, Copy, Debug)]
pub struct BoardLook {
    /// Columns, taken as at least 40.
    pub width: usize,
    /// Lines that may be used; rows that are over are left out and counted.
    pub height: usize,
    /// Write ANSI styles. The text says the same without.
    pub color: bool,
    /// Which picture of a turning wheel to show.
    pub tick: usize,
}

impl Board {
    /// The lines of a picture of it, each at most `look.width` columns wide, without line breaks.
    pub fn draw(&self, look: &BoardLook) -> Vec<String> {
        let look = BoardLook { width: look.width.max(40), ..*look };
        let paint = Paint { color: look.color };
        let mut lines = vec![self.head(&look, paint)];
        lines.extend(self.lamps(&look, paint));
        lines.push(String::new());
        let fixed = lines.len() + 2;
        lines.extend(self.shown_rows(&look, look.height.saturating_sub(fixed)));
        lines.push(self.foot(&look, paint));
        lines
    }

    fn head(&self, look: &BoardLook, paint: Paint) -> String {
        let time = row::clock(self.elapsed);
        let title = short(&self.title, look.width.saturating_sub(time.len() + 2));
        let gap = look.width.saturating_sub(width(&title) + time.len());
        format!("{}{}{}", paint.bold(&title), " ".repeat(gap), paint.quiet(&time))
    }

    /// The lamps, on as many lines as they need.
    fn lamps(&self, look: &BoardLook, paint: Paint) -> Vec<String> {
        let mut lines = vec![String::new()];
        let mut used = 0;
        for (stage, lamp) in &self.stages {
            let (mark, style) = picture(*lamp, look.tick);
            let columns = 2 + stage.as_str().len() + 3;
            if used > 0 && used + columns > look.width {
                lines.push(String::new());
                used = 0;
            }
            used += columns;
            if let Some(line) = lines.last_mut() {
                let name = if *lamp == Lamp::Running { BOLD } else { style };
                line.push_str(&paint.paint(style, mark));
                line.push(' ');
                line.push_str(&paint.paint(name, stage.as_str()));
                line.push_str("   ");
            }
        }
        lines.into_iter().map(|line| line.trim_end().to_owned()).collect()
    }

    /// What fits, with preference for what runs or went wrong, then for what came last.
    fn shown_rows(&self, look: &BoardLook, room: usize) -> Vec<String> {
        let started: Vec<&Row> = self.rows.iter().filter(|row| row.status != Status::Waiting).collect();
        let waiting = self.rows.len() - started.len();
        let room = room.saturating_sub(usize::from(waiting > 0)).max(1);
        let over = started.len().saturating_sub(room);
        let mut dropped = 0;
        let kept = started.iter().filter(|row| {
            let drop = dropped < over && row.status.is_settled();
            dropped += usize::from(drop);
            !drop
        });
        let mut lines: Vec<String> = kept.map(|row| row.draw(look)).collect();
        lines.truncate(room);
        let paint = Paint { color: look.color };
        let count = |number: usize, what: &str| (number > 0).then(|| format!("{number} {what}"));
        let rest: Vec<String> =
            [count(dropped, "done before"), count(waiting, "waiting")].into_iter().flatten().collect();
        if !rest.is_empty() {
            lines.push(format!("  {}", paint.quiet(&rest.join(", "))));
        }
        lines
    }

    fn foot(&self, look: &BoardLook, paint: Paint) -> String {
        let counted: Vec<_> = self.findings.iter().rev().filter(|(_, count)| **count > 0).collect();
        let words = counted.iter().map(|(severity, count)| (**severity, format!("{count} {severity}")));
        let words: Vec<_> = words.collect();
        if words.is_empty() {
            return paint.quiet(&short(&self.said, look.width));
        }
        let columns: usize = "findings: ".len() + words.iter().map(|(_, word)| word.len() + 2).sum::<usize>();
        let words: Vec<_> =
            words.iter().map(|(severity, word)| paint.paint(of_severity(*severity), word)).collect();
        let found = format!("findings: {}", words.join(", "));
        let room = look.width.saturating_sub(columns + 1);
        let said = if room < 8 { String::new() } else { short(&self.said, room) };
        if said.is_empty() { found } else { format!("{found}   {}", paint.quiet(&said)) }
    }
}

/// A mark that differs in shape as well as in colour.
fn picture(lamp: Lamp, tick: usize) -> (&'static str, Style) {
    match lamp {
        Lamp::Off => ("○", QUIET),
        Lamp::Running => (row::wheel(tick), WARNING),
        Lamp::Go => ("●", GOOD),
        Lamp::Warn => ("▲", WARNING),
        Lamp::Stop => ("■", of_severity(Severity::Critical)),
        Lamp::Skipped => ("–", QUIET),
    }
}

#[cfg(test)]
mod tests;
