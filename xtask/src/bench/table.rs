//! What was measured, in columns.

use std::fmt;

use super::measure::Usage;

/// Rows of measurements; the first is what the others are compared with.
pub(super) struct Table {
    title: String,
    rows: Vec<(String, Usage)>,
    notes: Vec<String>,
}

impl Table {
    pub(super) fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), rows: Vec::new(), notes: Vec::new() }
    }

    pub(super) fn add(&mut self, what: impl Into<String>, usage: Usage) {
        let what = what.into();
        eprintln!("measured {what}: {:.2} s CPU", usage.cpu);
        self.rows.push((what, usage));
    }

    pub(super) fn note(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.rows.iter().map(|(what, _)| what.len()).max().unwrap_or(0).max(4);
        writeln!(f, "{}", self.title)?;
        writeln!(
            f,
            "{:width$}  {:>9}  {:>9}  {:>9}  {:>11}  {:>11}",
            "what", "CPU s", "wall s", "peak MiB", "CPU ratio", "peak ratio"
        )?;
        let first = self.rows.first().map(|(_, usage)| *usage).unwrap_or_default();
        for (what, usage) in &self.rows {
            let peak = usage.peak as f64 / 1024.0;
            writeln!(
                f,
                "{what:width$}  {:>9.3}  {:>9.3}  {peak:>9.1}  {:>11}  {:>11}",
                usage.cpu,
                usage.wall,
                ratio(usage.cpu, first.cpu),
                ratio(usage.peak as f64, first.peak as f64)
            )?;
        }
        writeln!(f, "ratios: of each row to the first")?;
        self.notes.iter().try_for_each(|note| writeln!(f, "note: {note}"))
    }
}

fn ratio(value: f64, first: f64) -> String {
    if first > 0.0 { format!("{:.2}", value / first) } else { "-".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_are_to_the_first_row() {
        let usage = |cpu, peak| Usage { cpu, wall: 1.0, peak, code: 0 };
        let mut table = Table::new("title");
        table.add("ours", usage(2.0, 1024));
        table.add("theirs", usage(6.0, 512));
        table.note("a note");
        let text = table.to_string();
        let theirs = text.lines().find(|line| line.starts_with("theirs")).unwrap();
        assert_eq!(
            theirs.split_whitespace().collect::<Vec<_>>(),
            ["theirs", "6.000", "1.000", "0.5", "3.00", "0.50"]
        );
        assert!(text.ends_with("note: a note\n"), "{text}");
    }
}
