#![allow(clippy::disallowed_types, reason = "the one home of decompressors; every one is metered")]

use std::io::{self, BufReader, Read, SeekFrom};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use flate2::{Crc, Decompress};

use super::Central;
use crate::Budget;
use crate::inflate::Step;
use crate::stream::{Counted, Metered, ReadSeek, Refusal, zstd_reader};

/// What is needed to inflate, kept from entry to entry.
pub(crate) struct Inflater {
    state: Decompress,
    input: Vec<u8>,
}

impl Default for Inflater {
    fn default() -> Self {
        Self { state: Decompress::new(false), input: vec![0; 32 << 10] }
    }
}

/// The content of one entry; an error at its end when length or checksum are not as stated.
pub(crate) struct Content<R> {
    inner: R,
    crc: Crc,
    given: u64,
    stated_crc: u32,
    stated_size: u64,
}

impl<'a> Content<Box<dyn Read + 'a>> {
    /// Reads an entry whose data starts at `start`.
    pub(crate) fn open(
        source: &'a mut dyn ReadSeek,
        inflater: &'a mut Inflater,
        central: &Central,
        start: u64,
        budget: &Budget,
    ) -> io::Result<Self> {
        source.seek(SeekFrom::Start(start))?;
        let taken = Arc::new(AtomicU64::new(0));
        let stored = Counted { source: source.take(central.compressed), taken: Arc::clone(&taken) };
        let inner: Box<dyn Read + 'a> = match central.method {
            _ if central.encrypted => return Err(Refusal::Encrypted.into()),
            0 => Box::new(Metered::new(stored, taken, budget)),
            8 => Box::new(Metered::new(Inflate::new(stored, inflater), taken, budget)),
            93 => Box::new(Metered::new(zstd_reader(BufReader::new(stored))?, taken, budget)),
            other => return Err(Refusal::Unsupported(unsupported(other)).into()),
        };
        Ok(Self { inner, crc: Crc::new(), given: 0, stated_crc: central.crc, stated_size: central.size })
    }
}

fn unsupported(method: u16) -> String {
    let name = match method {
        9 => "deflate64",
        12 => "bzip2",
        14 => "LZMA",
        95 => "xz",
        98 => "PPMd",
        _ => return format!("compression method {method} is not supported; it was not opened"),
    };
    format!("compressed with {name}, which is not supported; it was not opened")
}

impl<R: Read> Read for Content<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.crc.update(buffer.get(..read).unwrap_or_default());
        self.given += read as u64;
        if self.given > self.stated_size || (read == 0 && !buffer.is_empty() && self.given < self.stated_size)
        {
            return Err(
                Refusal::Corrupt("its content is not as long as its directory says".to_owned()).into()
            );
        }
        if read == 0 && !buffer.is_empty() && self.crc.sum() != self.stated_crc {
            return Err(Refusal::Corrupt("its checksum is wrong".to_owned()).into());
        }
        Ok(read)
    }
}

struct Inflate<'a, R> {
    source: R,
    inflater: &'a mut Inflater,
    start: usize,
    end: usize,
    done: bool,
}

impl<'a, R: Read> Inflate<'a, R> {
    fn new(source: R, inflater: &'a mut Inflater) -> Self {
        inflater.state.reset(false);
        Self { source, inflater, start: 0, end: 0, done: false }
    }
}

impl<R: Read> Read for Inflate<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while !self.done && !buffer.is_empty() {
            if self.start == self.end {
                self.start = 0;
                self.end = self.source.read(&mut self.inflater.input)?;
            }
            let input = self.inflater.input.get(self.start..self.end).unwrap_or_default();
            let step = Step::take(&mut self.inflater.state, input, buffer);
            self.start += step.consumed;
            self.done = step.done;
            if let Some(result) = step.result() {
                return result;
            }
        }
        Ok(0)
    }
}
