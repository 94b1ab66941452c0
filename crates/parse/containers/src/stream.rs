#![allow(clippy::disallowed_types, reason = "the one home of decompressors; every one is metered")]

use std::io::{self, BufReader, Read, Seek};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use thiserror::Error;

use crate::inflate::{Gunzip, Unchecked};
use crate::limits::Stop;
use crate::{Budget, ProblemKind};

/// What can be read and positioned.
pub trait ReadSeek: Read + Seek {}

impl<T: Read + Seek + ?Sized> ReadSeek for T {}

/// Something in an archive that is not read; travels as the inner error of an [`io::Error`].
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(crate) enum Refusal {
    #[error("encrypted; it cannot be examined without the password")]
    Encrypted,
    #[error("{0}")]
    Unsupported(String),
    #[error("{0}")]
    Corrupt(String),
}

impl From<Refusal> for io::Error {
    fn from(refusal: Refusal) -> Self {
        Self::new(io::ErrorKind::InvalidData, refusal)
    }
}

impl From<Stop> for io::Error {
    fn from(stop: Stop) -> Self {
        Self::other(stop)
    }
}

/// What an error while reading means.
pub(crate) fn judge(error: &io::Error) -> (ProblemKind, String) {
    let inner = error.get_ref();
    if let Some(stop) = inner.and_then(|inner| inner.downcast_ref::<Stop>()) {
        return (ProblemKind::Limit, stop.to_string());
    }
    match inner.and_then(|inner| inner.downcast_ref::<Refusal>()) {
        Some(Refusal::Encrypted) => (ProblemKind::Encrypted, Refusal::Encrypted.to_string()),
        Some(Refusal::Unsupported(detail)) => (ProblemKind::Unsupported, detail.clone()),
        Some(Refusal::Corrupt(detail)) => (ProblemKind::Corrupt, detail.clone()),
        None if error.raw_os_error().is_some() => (ProblemKind::Unreadable, error.to_string()),
        None if error.kind() == io::ErrorKind::UnexpectedEof => {
            (ProblemKind::Corrupt, "cut off before its end".to_owned())
        }
        None => (ProblemKind::Corrupt, format!("damaged: {error}")),
    }
}

/// How a stream is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Compression {
    Gzip,
    /// Of which the caller compares a hash of the content.
    HashedGzip,
    Zstd,
}

/// Decompresses within the budget. A gzip stream may have several members, a zstd stream several frames.
pub(crate) fn decompress<'a>(
    compression: Compression,
    source: impl Read + 'a,
    budget: &Budget,
) -> io::Result<Metered<Box<dyn Read + 'a>>> {
    let taken = Arc::new(AtomicU64::new(0));
    let source = Counted { source: Filled { source, error: None }, taken: Arc::clone(&taken) };
    let source = BufReader::with_capacity(64 << 10, source);
    let inner: Box<dyn Read + 'a> = match compression {
        Compression::Gzip => Box::new(Gunzip::new(source)),
        Compression::HashedGzip => Box::new(Unchecked::new(source)),
        Compression::Zstd => Box::new(zstd_reader(source)?),
    };
    Ok(Metered::new(inner, taken, budget))
}

/// A zstd reader that refuses windows over 128 MiB, as the zstd program does.
pub(crate) fn zstd_reader<'a, R: io::BufRead + 'a>(source: R) -> io::Result<impl Read + 'a> {
    let mut decoder = zstd::stream::read::Decoder::with_buffer(source)?;
    decoder.window_log_max(27)?;
    Ok(decoder)
}

/// Gives as much as is asked for until the source ends, so that what a damaged stream yields does not hang on the
/// pieces that a pipe hands it over in.
struct Filled<R> {
    source: R,
    error: Option<io::Error>,
}

impl<R: Read> Read for Filled<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if let Some(error) = self.error.take() {
            return Err(error);
        }
        match fill(&mut self.source, buffer) {
            (0, Err(error)) => Err(error),
            (filled, read) => {
                self.error = read.err();
                Ok(filled)
            }
        }
    }
}

/// Counts what is read.
pub(crate) struct Counted<R> {
    pub(crate) source: R,
    pub(crate) taken: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read(buffer)?;
        self.taken.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

/// Counts decompressed bytes against the budget and against the compressed ones.
pub(crate) struct Metered<R> {
    inner: R,
    taken: Arc<AtomicU64>,
    given: u64,
    budget: Budget,
}

impl<R: Read> Metered<R> {
    pub(crate) fn new(inner: R, taken: Arc<AtomicU64>, budget: &Budget) -> Self {
        Self { inner, taken, given: 0, budget: budget.clone() }
    }
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.given = self.given.saturating_add(read as u64);
        self.budget.take_bytes(read as u64)?;
        let limits = self.budget.limits();
        let taken = self.taken.load(Ordering::Relaxed).max(1);
        if self.given > limits.ratio_from && self.given / taken > limits.ratio {
            return Err(Stop::Ratio(limits.ratio).into());
        }
        Ok(read)
    }
}

/// Reads until the buffer is full or the source ends. What was read before an error stays counted.
pub(crate) fn fill(source: &mut dyn Read, buffer: &mut [u8]) -> (usize, io::Result<()>) {
    let mut filled = 0;
    while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match source.read(rest) {
            Ok(0) => break,
            Ok(read) => filled += read.min(rest.len()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return (filled, Err(error)),
        }
    }
    (filled, Ok(()))
}

/// Gives what is left of a source, or the error that reading it has already met.
pub(crate) struct Broken<R> {
    source: R,
    error: Option<io::Error>,
    broken: bool,
}

impl<R> Broken<R> {
    pub(crate) fn new(source: R, error: Option<io::Error>) -> Self {
        Self { source, broken: error.is_some(), error }
    }
}

impl<R: Read> Read for Broken<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.error.take() {
            Some(error) => Err(error),
            None if self.broken => Ok(0),
            None => self.source.read(buffer),
        }
    }
}
