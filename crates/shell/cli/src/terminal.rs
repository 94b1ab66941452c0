//! Standard output, standard error, colour and width: the only place that knows a terminal.

mod live;
mod progress;
mod steps;

use std::io::{self, IsTerminal, Write};

use andon_report::TextOptions;
use anstream::ColorChoice;

pub(crate) use live::Live;
pub(crate) use progress::Bar;
pub(crate) use steps::Steps;

use crate::problem::Problem;

/// Writes data to standard output. A reader that went away (`andon scan | head`) wants no more, and that is no error.
///
/// # Errors
/// When the data cannot be written for another reason, such as a full disk.
pub(crate) fn write_data(bytes: &[u8]) -> anyhow::Result<()> {
    let mut out = Data::default();
    out.write_all(bytes).and_then(|()| out.flush()).map_err(|error| unwritable(&error).into())
}

/// What to say of data that standard output does not take.
pub(crate) fn unwritable(error: &io::Error) -> Problem {
    Problem::new(format!("cannot write to standard output: {error}"))
}

/// Standard output for data that is written in pieces. A reader that went away is no error here either.
#[derive(Default)]
pub(crate) struct Data {
    gone: bool,
}

impl Data {
    fn forgive<T>(&mut self, written: io::Result<T>, instead: T) -> io::Result<T> {
        match written {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.gone = true;
                Ok(instead)
            }
            written => written,
        }
    }
}

impl Write for Data {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.gone {
            return Ok(bytes.len());
        }
        self.forgive(io::stdout().lock().write(bytes), bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.forgive(io::stdout().lock().flush(), ())
    }
}

/// Writes text for people to standard output, made harmless for a terminal.
///
/// # Errors
/// As [`write_data`].
pub(crate) fn write_text(text: &str) -> anyhow::Result<()> {
    write_data(harmless(text).as_bytes())
}

/// A line for people on standard error; lost when nobody can read it.
pub(crate) fn say(text: &str) {
    print(&harmless(text));
}

fn print(text: &str) {
    let _ = writeln!(anstream::stderr().lock(), "{text}");
}

/// An error, with a red word before it on a terminal; a hint's word is green.
pub(crate) fn error(text: &str) {
    let text = harmless(text).replace("\nhint:", "\n\u{1b}[1;32mhint:\u{1b}[0m");
    print(&format!("\u{1b}[1;31merror:\u{1b}[0m {text}"));
}

/// Something that a person should know and that stops nothing.
pub(crate) fn note(text: &str) {
    print(&format!("\u{1b}[1mnote:\u{1b}[0m {}", harmless(text)));
}

/// Names and texts of a project may hold what steers a terminal or turns the direction of writing.
pub(crate) fn harmless(text: &str) -> String {
    let steers = |c: char| {
        (c.is_control() && !matches!(c, '\n' | '\t'))
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    text.chars().map(|c| if steers(c) { '\u{fffd}' } else { c }).collect()
}

/// When to use colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Color {
    // On a terminal, unless NO_COLOR is set. No doc comments here: they would make every help text long.
    #[default]
    Auto,
    Always,
    Never,
}

impl Color {
    /// Makes standard error follow the choice.
    pub(crate) fn apply(self) {
        match self {
            Self::Auto => ColorChoice::Auto,
            Self::Always => ColorChoice::AlwaysAnsi,
            Self::Never => ColorChoice::Never,
        }
        .write_global();
    }

    /// Whether what goes to standard output, or to a file, is coloured.
    fn paints(self, to_file: bool) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Auto => {
                !to_file && !matches!(anstream::AutoStream::choice(&io::stdout()), ColorChoice::Never)
            }
        }
    }
}

/// How text looks on standard output, or in a file.
pub(crate) fn text_options(color: Color, verbose: bool, to_file: bool) -> TextOptions {
    let defaults = TextOptions::default();
    let terminal = !to_file && io::stdout().is_terminal();
    let width = terminal.then(terminal_size::terminal_size).flatten().map(|(width, _)| usize::from(width.0));
    TextOptions {
        width: width.unwrap_or(defaults.width),
        verbose,
        color: color.paints(to_file),
        max_findings: if verbose { usize::MAX } else { defaults.max_findings },
    }
}
