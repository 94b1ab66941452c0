use std::io::IsTerminal;
use std::sync::{Mutex, PoisonError};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// The steps of a command that fetches something, on standard error: a bar on a terminal, otherwise a line for each.
pub(crate) struct Steps {
    bar: ProgressBar,
    says: Says,
    current: Mutex<Option<String>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Says {
    Nothing,
    Lines,
    Bar,
}

impl Steps {
    /// Says nothing when `quiet`.
    pub(crate) fn new(quiet: bool) -> Self {
        let says = match (quiet, std::io::stderr().is_terminal()) {
            (true, _) => Says::Nothing,
            (false, true) => Says::Bar,
            (false, false) => Says::Lines,
        };
        let target =
            if says == Says::Bar { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        Self { bar: ProgressBar::with_draw_target(None, target), says, current: Mutex::default() }
    }

    /// How far the step `what` is, in whatever unit it has.
    pub(crate) fn at(&self, what: &str, done: u64, total: Option<u64>) {
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        if current.as_deref() != Some(what) {
            *current = Some(what.to_owned());
            if self.says == Says::Lines {
                super::say(what);
            }
            self.bar.reset();
            self.bar.set_message(super::harmless(what));
        }
        if total != self.bar.length() || done == 0 {
            self.measure(total);
        }
        self.bar.set_position(done);
    }

    /// Removes the bar.
    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }

    fn measure(&self, total: Option<u64>) {
        let template = match total {
            Some(_) => "{msg} {wide_bar} {percent:>3} % {eta:>4}",
            None => "{msg} {spinner} {human_pos}",
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            self.bar.set_style(style.progress_chars("━╸ "));
        }
        match total {
            Some(total) => self.bar.set_length(total),
            None => self.bar.unset_length(),
        }
    }
}
