//! Tar, as POSIX.1-2017 (pax), GNU tar's manual and Go's `archive/tar` (what container engines unpack layers with) have
//! it. Read as a stream; a header never makes it hold more than [`METADATA`] bytes.

mod header;
mod pax;

use std::io::{self, Read, Seek, SeekFrom};

use thiserror::Error;

pub(crate) use header::is_header;
use header::{BLOCK, Header};
use pax::Pax;

use crate::EntryKind;

/// The most that a long name or the pax records of one entry may take, in bytes.
const METADATA: u64 = 1 << 20;

/// What can be read and skipped in.
pub(crate) trait Skip: Read {
    /// Moves forward by up to `bytes`; says by how many.
    fn skip(&mut self, bytes: u64) -> io::Result<u64>;
}

/// Skips by reading.
pub(crate) struct Streamed<R>(pub(crate) R);

impl<R: Read> Read for Streamed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

impl<R: Read> Skip for Streamed<R> {
    fn skip(&mut self, bytes: u64) -> io::Result<u64> {
        io::copy(&mut (&mut self.0).take(bytes), &mut io::sink())
    }
}

/// Skips by seeking.
pub(crate) struct Seeking<R> {
    inner: R,
    at: u64,
    length: u64,
}

impl<R: Read + Seek> Seeking<R> {
    pub(crate) fn new(mut inner: R) -> io::Result<Self> {
        let length = inner.seek(SeekFrom::End(0))?;
        inner.seek(SeekFrom::Start(0))?;
        Ok(Self { inner, at: 0, length })
    }
}

impl<R: Read> Read for Seeking<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.at += read as u64;
        Ok(read)
    }
}

impl<R: Read + Seek> Skip for Seeking<R> {
    fn skip(&mut self, bytes: u64) -> io::Result<u64> {
        let bytes = bytes.min(self.length.saturating_sub(self.at));
        self.at += bytes;
        self.inner.seek(SeekFrom::Start(self.at))?;
        Ok(bytes)
    }
}

/// Why a tar cannot be read further.
#[derive(Debug, Error)]
pub(crate) enum TarError {
    #[error(transparent)]
    Read(#[from] io::Error),
    #[error("cut off before its end")]
    CutOff,
    #[error("a header has the wrong checksum; what follows cannot be read")]
    Checksum,
    #[error("a header has a number that is none, or too large")]
    Number,
    #[error("a header has more than {METADATA} bytes of names and attributes")]
    Metadata,
    #[error("a pax header is malformed")]
    Pax,
}

/// One entry; its content follows in the reader.
#[derive(Debug)]
pub(crate) struct TarEntry {
    pub(crate) path: Vec<u8>,
    pub(crate) target: Vec<u8>,
    pub(crate) size: u64,
    pub(crate) kind: EntryKind,
    pub(crate) mode: u32,
    /// A file with holes; what is stored is not its content.
    pub(crate) sparse: bool,
}

/// Reads entry after entry. As a [`Read`] it gives the content of the last one.
pub(crate) struct TarReader<S> {
    source: S,
    position: u64,
    content: u64,
    padding: u64,
    done: bool,
}

impl<S: Skip> TarReader<S> {
    pub(crate) fn new(source: S) -> Self {
        Self { source, position: 0, content: 0, padding: 0, done: false }
    }

    /// Bytes from the start of the tar.
    pub(crate) fn position(&self) -> u64 {
        self.position
    }

    /// The next entry; `None` at the end of the archive. After an error there is none.
    pub(crate) fn next(&mut self) -> Result<Option<TarEntry>, TarError> {
        if self.done {
            return Ok(None);
        }
        let entry = self.advance();
        self.done = !matches!(entry, Ok(Some(_)));
        entry
    }

    fn advance(&mut self) -> Result<Option<TarEntry>, TarError> {
        let mut pax = Pax::default();
        let (mut long_path, mut long_target) = (None, None);
        loop {
            self.skip_content()?;
            let Some(header) = self.header()? else { return Ok(None) };
            self.set_content(header.size);
            match header.flag {
                b'x' | b'X' => pax.read(&self.metadata()?)?,
                b'L' => long_path = Some(trimmed(self.metadata()?)),
                b'K' => long_target = Some(trimmed(self.metadata()?)),
                // Global records and volume labels say nothing about a file that a container engine would heed.
                b'g' | b'V' => {}
                _ => return self.entry(header, pax, long_path, long_target).map(Some),
            }
        }
    }

    fn entry(
        &mut self,
        header: Header,
        pax: Pax,
        long_path: Option<Vec<u8>>,
        long_target: Option<Vec<u8>>,
    ) -> Result<TarEntry, TarError> {
        let path = long_path.or(pax.sparse_name).or(pax.path).unwrap_or(header.path);
        let mut size = pax.size.unwrap_or(header.size);
        let kind = match header.flag {
            b'1' => EntryKind::HardLink,
            b'2' => EntryKind::SymbolicLink,
            b'5' | b'D' => EntryKind::Directory,
            b'3' | b'4' | b'6' | b'M' => EntryKind::Special,
            // Before POSIX a folder was a file whose name ends in a slash; what has content is written as a file by
            // container engines all the same.
            b'0' | 0 if path.ends_with(b"/") && size == 0 => EntryKind::Directory,
            _ => EntryKind::Regular,
        };
        if matches!(header.flag, b'1'..=b'6') {
            size = 0;
        }
        let sparse = header.flag == b'S' || pax.sparse;
        if header.flag == b'S' && header.extended {
            self.skip_sparse_map()?;
        }
        self.set_content(size);
        Ok(TarEntry {
            path,
            target: long_target.or(pax.target).unwrap_or(header.target),
            size,
            kind,
            mode: header.mode,
            sparse,
        })
    }

    fn set_content(&mut self, size: u64) {
        self.content = size;
        self.padding = size.next_multiple_of(BLOCK as u64) - size;
    }

    fn skip_content(&mut self) -> Result<(), TarError> {
        let skipped = self.source.skip(self.content)?;
        self.position += skipped;
        if skipped < self.content {
            return Err(TarError::CutOff);
        }
        self.content = 0;
        // Many writers forget to pad the last file; then there is no further header either.
        self.position += self.source.skip(self.padding)?;
        self.padding = 0;
        Ok(())
    }

    /// The next header; `None` at the end: a block of zeros with another one, or nothing at all.
    fn header(&mut self) -> Result<Option<Header>, TarError> {
        let mut block = [0; BLOCK];
        if !self.block(&mut block)? {
            return Ok(None);
        }
        if block.iter().all(|byte| *byte == 0) {
            return match self.block(&mut block)? && block.iter().any(|byte| *byte != 0) {
                true => Err(TarError::Checksum),
                false => Ok(None),
            };
        }
        Header::parse(&block).map(Some)
    }

    fn block(&mut self, block: &mut [u8; BLOCK]) -> Result<bool, TarError> {
        let (filled, read) = crate::stream::fill(&mut self.source, block);
        self.position += filled as u64;
        read?;
        match filled {
            0 => Ok(false),
            BLOCK => Ok(true),
            _ => Err(TarError::CutOff),
        }
    }

    fn metadata(&mut self) -> Result<Vec<u8>, TarError> {
        if self.content > METADATA {
            return Err(TarError::Metadata);
        }
        let mut bytes = Vec::new();
        self.read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// The map of holes goes on in further blocks, each of which says whether there is another one.
    fn skip_sparse_map(&mut self) -> Result<(), TarError> {
        const MORE: usize = 504;
        let mut block = [0; BLOCK];
        loop {
            if !self.block(&mut block)? {
                return Err(TarError::CutOff);
            }
            if block.get(MORE) == Some(&0) {
                return Ok(());
            }
        }
    }
}

impl<S: Skip> Read for TarReader<S> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = usize::try_from(self.content).unwrap_or(usize::MAX).min(buffer.len());
        let Some(buffer) = buffer.get_mut(..length).filter(|buffer| !buffer.is_empty()) else { return Ok(0) };
        let read = self.source.read(buffer)?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.position += read as u64;
        self.content -= read as u64;
        Ok(read)
    }
}

/// Names of GNU's long-name entries end in a NUL.
fn trimmed(mut bytes: Vec<u8>) -> Vec<u8> {
    if let Some(end) = bytes.iter().position(|byte| *byte == 0) {
        bytes.truncate(end);
    }
    bytes
}
