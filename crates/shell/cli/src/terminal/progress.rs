use std::io::IsTerminal;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use andon_scan::{Phase, Progress};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Work that is done sooner needs no bar.
const PATIENCE: Duration = Duration::from_millis(400);

/// A progress bar on standard error, if that is a terminal and the work takes a while. Keeps notes for the end.
pub(crate) struct Bar {
    bar: ProgressBar,
    wanted: bool,
    shown: AtomicBool,
    started: Instant,
    notes: Mutex<Vec<String>>,
}

impl Bar {
    /// A bar that stays hidden when `quiet`.
    pub(crate) fn new(quiet: bool) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        let wanted = !quiet && std::io::stderr().is_terminal();
        Self { bar, wanted, shown: AtomicBool::new(false), started: Instant::now(), notes: Mutex::default() }
    }

    /// Removes the bar and returns what was noted.
    pub(crate) fn finish(self) -> Vec<String> {
        self.bar.finish_and_clear();
        self.notes.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Progress for Bar {
    fn phase(&self, phase: Phase, items: Option<u64>) {
        let template = match items {
            Some(_) => "{msg:>10} {wide_bar} {human_pos}/{human_len} {eta:>4}",
            None => "{msg:>10} {spinner} {human_pos}",
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            self.bar.set_style(style.progress_chars("━╸ "));
        }
        self.bar.reset();
        match items {
            Some(items) => self.bar.set_length(items),
            None => self.bar.unset_length(),
        }
        self.bar.set_message(match phase {
            Phase::Listing => "listing",
            Phase::Examining => "examining",
            Phase::Baseline => "comparing",
            Phase::Combining => "combining",
        });
    }

    fn advance(&self, items: u64, _bytes: u64) {
        self.bar.inc(items);
        let late = self.wanted && !self.shown.load(Ordering::Relaxed) && self.started.elapsed() >= PATIENCE;
        if late && !self.shown.swap(true, Ordering::Relaxed) {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
    }

    fn note(&self, text: &str) {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner).push(text.to_owned());
    }
}
