use std::collections::BTreeMap;
use std::io::{self, Read};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::log::Log;
use super::mask::{Masker, Stream};
use super::show::harmless;
use crate::service::Tags;
use crate::{LogDigest, Output};

/// Most bytes of a line; what is longer is cut into several.
const LONGEST_LINE: usize = 64 << 10;
/// How long a line that is not ended yet is waited for.
const PATIENCE: Duration = Duration::from_millis(400);

/// Where a piece of output came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    Out,
    Err,
}

/// Takes what a step and its services write, masks it, writes it into their logs and shows it.
///
/// A line of a log is `SECONDS.MILLISECONDS o| TEXT`: the time since the start, `o` for standard output, `e` for standard
/// error or `s` for a service, then `|` where the step ended the line, `+` where it goes on in the next line of the log.
/// The text is what was written, byte by byte, apart from masks.
pub(super) struct Capture<'a> {
    inner: Mutex<Inner<'a>>,
}

struct Inner<'a> {
    began: Instant,
    log: Log,
    services: BTreeMap<String, Log>,
    tags: &'a Tags,
    out: Lines<'a>,
    err: Lines<'a>,
    show: &'a dyn Output,
    not_ready: Option<String>,
}

/// A stream that is being cut into lines.
struct Lines<'a> {
    mask: Stream<'a>,
    line: Vec<u8>,
    /// Whether a piece of the line was passed on already.
    inside: bool,
    touched: Instant,
}

/// What is left when everything was taken.
pub(super) struct Captured {
    pub(super) log: LogDigest,
    pub(super) notes: Vec<String>,
    /// Why the services did not come up, when that is why nothing ran.
    pub(super) not_ready: Option<String>,
}

impl<'a> Capture<'a> {
    /// `services` are the logs of services by their names.
    pub(super) fn new(
        log: Log,
        services: BTreeMap<String, Log>,
        tags: &'a Tags,
        masker: &'a Masker,
        show: &'a dyn Output,
    ) -> Self {
        let began = Instant::now();
        let lines = || Lines { mask: masker.stream(), line: Vec::new(), inside: false, touched: began };
        let (out, err) = (lines(), lines());
        Self { inner: Mutex::new(Inner { began, log, services, tags, out, err, show, not_ready: None }) }
    }

    /// Reads a stream to its end.
    pub(super) fn read(&self, source: Source, mut from: impl Read) {
        let mut buffer = vec![0; 64 << 10];
        loop {
            match from.read(&mut buffer) {
                Ok(0) => break,
                Ok(length) => self.lock().take(source, buffer.get(..length).unwrap_or_default()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => break,
            }
        }
        self.lock().end(source);
    }

    /// Passes on lines that were begun and not ended for a while, such as a question or a row of dots.
    pub(super) fn tick(&self) {
        let mut inner = self.lock();
        for source in [Source::Out, Source::Err] {
            let lines = inner.lines(source);
            if !lines.line.is_empty() && lines.touched.elapsed() > PATIENCE && !inner.is_tag(source) {
                inner.pass(source, false);
            }
        }
        inner.log.flush();
    }

    /// Ends the logs.
    pub(super) fn finish(self) -> Captured {
        let inner = self.inner.into_inner().unwrap_or_else(PoisonError::into_inner);
        let (log, note) = inner.log.finish();
        let mut notes: Vec<String> = note.into_iter().collect();
        for (name, log) in inner.services {
            let (_, note) = log.finish();
            notes.extend(note.map(|note| format!("the service `{name}`: {note}")));
        }
        Captured { log, notes, not_ready: inner.not_ready }
    }

    fn lock(&self) -> MutexGuard<'_, Inner<'a>> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<'a> Inner<'a> {
    fn lines(&mut self, source: Source) -> &mut Lines<'a> {
        match source {
            Source::Out => &mut self.out,
            Source::Err => &mut self.err,
        }
    }

    fn take(&mut self, source: Source, bytes: &[u8]) {
        let mut masked = Vec::with_capacity(bytes.len());
        let lines = self.lines(source);
        lines.mask.push(bytes, &mut masked);
        lines.touched = Instant::now();
        self.cut(source, &masked);
    }

    fn end(&mut self, source: Source) {
        let mut masked = Vec::new();
        self.lines(source).mask.finish(&mut masked);
        self.cut(source, &masked);
        if !self.lines(source).line.is_empty() {
            self.pass(source, false);
        }
    }

    fn cut(&mut self, source: Source, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let room = LONGEST_LINE.saturating_sub(self.lines(source).line.len()).max(1);
            let window = bytes.get(..room).unwrap_or(bytes);
            let end = memchr::memchr(b'\n', window);
            let length = end.unwrap_or(window.len());
            self.lines(source).line.extend_from_slice(bytes.get(..length).unwrap_or_default());
            bytes = bytes.get(length + usize::from(end.is_some())..).unwrap_or_default();
            if end.is_some() || self.lines(source).line.len() >= LONGEST_LINE {
                self.pass(source, end.is_some());
            }
        }
    }

    /// Whether the line that is begun is one of a service, which is only known when it is whole.
    fn is_tag(&mut self, source: Source) -> bool {
        let tags = self.tags;
        source == Source::Err && tags.may_begin(&self.lines(source).line)
    }

    /// Passes on the line that is there; `ended` when the step ended it.
    fn pass(&mut self, source: Source, ended: bool) {
        let elapsed = self.began.elapsed();
        let lines = self.lines(source);
        let line = std::mem::take(&mut lines.line);
        let inside = std::mem::replace(&mut lines.inside, !ended);
        let tags = self.tags;
        match tags.read(&line).filter(|_| source == Source::Err) {
            None => self.own(elapsed, source, &line, ended, inside),
            Some(tagged) => {
                // A service wrote while the command was in the middle of a line.
                let before = line.get(..tagged.at).unwrap_or_default();
                if !before.is_empty() {
                    self.own(elapsed, source, before, false, inside);
                }
                self.lines(source).inside = inside || !before.is_empty();
                self.of_service(elapsed, tagged.service, tagged.text, tagged.failed);
            }
        }
    }

    fn own(&mut self, elapsed: Duration, source: Source, line: &[u8], ended: bool, inside: bool) {
        let letter = if source == Source::Out { 'o' } else { 'e' };
        self.log.line(&entry(elapsed, letter, ended, line));
        let mut text = harmless(line, !inside);
        if ended {
            text.push('\n');
        }
        self.show.text(&text);
    }

    fn of_service(&mut self, elapsed: Duration, name: &str, text: &[u8], failed: bool) {
        if failed {
            self.not_ready = Some(format!("the service `{name}` {}", harmless(text, false)));
        }
        if let Some(log) = self.services.get_mut(name) {
            log.line(&entry(elapsed, 's', true, text));
        }
    }
}

fn entry(elapsed: Duration, source: char, ended: bool, text: &[u8]) -> Vec<u8> {
    let (seconds, millis) = (elapsed.as_secs(), elapsed.subsec_millis());
    let mark = if ended { '|' } else { '+' };
    let mut line = format!("{seconds:>5}.{millis:03} {source}{mark} ").into_bytes();
    line.extend_from_slice(text);
    line.push(b'\n');
    line
}
