use std::io::{IsTerminal, Write};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use andon_report::{Board, BoardLook};
use anstream::ColorChoice;

/// How often the picture is drawn again.
const PERIOD: Duration = Duration::from_millis(120);

/// What is drawn: asked for anew each time.
pub(crate) type Picture = Arc<dyn Fn() -> Board + Send + Sync>;

/// A board on standard error that is drawn again and again until it is finished.
pub(crate) struct Live {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

struct Shared {
    picture: Picture,
    /// Lines of the last picture, which the next one replaces.
    drawn: Mutex<usize>,
    ticks: AtomicUsize,
    done: AtomicBool,
}

impl Live {
    /// Whether somebody can see it.
    pub(crate) fn is_possible() -> bool {
        std::io::stderr().is_terminal()
    }

    /// Starts drawing.
    pub(crate) fn start(picture: Picture) -> Self {
        let shared = Arc::new(Shared {
            picture,
            drawn: Mutex::new(0),
            ticks: AtomicUsize::new(0),
            done: AtomicBool::new(false),
        });
        let drawing = Arc::clone(&shared);
        let thread = std::thread::spawn(move || {
            while !drawing.done.load(Ordering::Relaxed) {
                drawing.draw("");
                std::thread::park_timeout(PERIOD);
            }
        });
        Self { shared, thread: Some(thread) }
    }

    /// Writes a line that stays, above the picture. It must be harmless for a terminal.
    pub(crate) fn above(&self, line: &str) {
        self.shared.draw(line);
    }

    /// Ends with the last picture.
    pub(crate) fn finish(mut self) {
        self.stop();
        self.shared.draw("");
    }

    fn stop(&mut self) {
        self.shared.done.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            // It holds nothing that could be lost.
            let _ = thread.join();
        }
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Shared {
    fn draw(&self, above: &str) {
        let mut drawn = self.drawn.lock().unwrap_or_else(PoisonError::into_inner);
        let (width, height) = size();
        let tick = self.ticks.fetch_add(1, Ordering::Relaxed);
        let color = anstream::AutoStream::choice(&std::io::stderr()) != ColorChoice::Never;
        let lines = (self.picture)().draw(&BoardLook { width, height, color, tick });
        let mut out = String::new();
        if *drawn > 0 {
            // To the start of the last picture, and away with it.
            out.push_str(&format!("\u{1b}[{drawn}A\r\u{1b}[J"));
        }
        if !above.is_empty() {
            out.push_str(above);
            out.push('\n');
        }
        for line in &lines {
            out.push_str(line);
            out.push('\n');
        }
        // Not through anstream: without colour it would leave out what moves the cursor as well.
        let _ = std::io::stderr().lock().write_all(out.as_bytes());
        *drawn = lines.len();
    }
}

/// Columns and lines of the terminal; one line less, so that drawing never scrolls.
fn size() -> (usize, usize) {
    match terminal_size::terminal_size_of(std::io::stderr()) {
        Some((width, height)) => (usize::from(width.0), usize::from(height.0).saturating_sub(1).max(6)),
        None => (100, 24),
    }
}
