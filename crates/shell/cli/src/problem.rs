//! What the user is told when a command cannot do its work.

use std::fmt;

use anyhow::Error;

use crate::{exit, terminal};

/// An error with a hint and, where it is not wrong usage or configuration, an exit code of its own.
#[derive(Debug)]
pub(crate) struct Problem {
    message: String,
    hint: Option<String>,
    code: u8,
}

impl Problem {
    /// Wrong usage or configuration.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), hint: None, code: exit::USAGE }
    }

    /// What to do about it.
    pub(crate) fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }

    /// Something is missing, and what is there can be used.
    pub(crate) fn incomplete(message: impl Into<String>) -> Self {
        Self { code: exit::INCOMPLETE, ..Self::new(message) }
    }

    /// An answer, and the answer is no.
    pub(crate) fn refused(message: impl Into<String>) -> Self {
        Self { code: exit::STOPPED, ..Self::new(message) }
    }

    /// A failure that no user can mend.
    pub(crate) fn internal(message: impl Into<String>) -> Self {
        Self { code: exit::INTERNAL, ..Self::new(message) }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Problem {}

/// Shows an error with its causes and hints; returns the exit code.
pub(crate) fn show(error: &Error) -> u8 {
    let (text, code) = render(error);
    terminal::error(&text);
    code
}

/// `what`, then each cause indented, then the hints. The word before `what` is for the caller.
fn render(error: &Error) -> (String, u8) {
    let mut code = exit::USAGE;
    let (mut lines, mut hints): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    for cause in error.chain() {
        if let Some(problem) = cause.downcast_ref::<Problem>() {
            code = problem.code;
            hints.extend(problem.hint.clone());
        }
        let mut text = cause.to_string();
        while let Some((before, after)) = text.rsplit_once("\nhint: ") {
            hints.push(after.to_owned());
            text = before.to_owned();
        }
        let said = lines.iter().any(|line| line.contains(text.trim()));
        if !said {
            lines.extend(text.lines().map(str::to_owned));
        }
    }
    let mut out = lines.join("\n  ");
    hints.dedup();
    hints.iter().for_each(|hint| out.push_str(&format!("\nhint: {hint}")));
    (out, code)
}

#[cfg(test)]
mod tests {
    use anyhow::Context;

    use super::*;

    #[test]
    fn causes_are_indented_and_hints_come_last() {
        let inner = Problem::new("the file is odd\nhint: mend it");
        let error = Err::<(), _>(inner).context("reading a.toml").unwrap_err();
        assert_eq!(
            render(&error),
            ("reading a.toml\n  the file is odd\nhint: mend it".to_owned(), exit::USAGE)
        );
    }

    #[test]
    fn a_cause_that_was_said_is_not_repeated() {
        let inner = Problem::internal("no threads").hint("fewer");
        let error = Err::<(), _>(inner).context("cannot scan: no threads").unwrap_err();
        assert_eq!(render(&error), ("cannot scan: no threads\nhint: fewer".to_owned(), exit::INTERNAL));
    }
}
