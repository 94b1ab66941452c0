use std::io::{self, Cursor, Read};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread;

use super::digest::{Digest, Hashed, hex};
use super::store::Blob;
use super::{ImageError, Layer};
use crate::kind::{ArchiveKind, kind_of};
use crate::limits::Stop;
use crate::stream::{Compression, decompress, fill};
use crate::{Budget, HEAD_BYTES};

/// Bytes that one thread hands to the other at a time, and how many such pieces may wait.
const PIECE: usize = 256 << 10;
const PIECES: usize = 4;

/// Gives the decompressed tar of a layer to `take`, and verifies both digests of the layer. One thread decompresses
/// while this one works on what comes out, so that neither waits for the other longer than it must.
///
/// `take` says whether to go on: if not, nothing is verified. When a limit ends the layer early, the digest of the blob
/// is verified and that of the tar cannot be.
pub(crate) fn read(
    layer: &Layer,
    blob: Blob,
    budget: &Budget,
    take: impl FnOnce(&mut dyn Read) -> bool,
) -> Result<(), ImageError> {
    let digest = layer.digest.as_deref().and_then(Digest::parse);
    let source: Blob = match layer.size {
        Some(size) => Box::new(blob.take(size.saturating_add(1))),
        None => blob,
    };
    let abandoned = AtomicBool::new(false);
    let (pieces, received) = sync_channel(PIECES);
    let (empty, empties) = channel();
    let (tar, blob) = thread::scope(|scope| {
        let producer = scope.spawn(|| {
            let mut source = Hashed::new(source, digest.as_ref());
            produce(&mut source, budget, &Link { pieces, empties });
            if abandoned.load(Ordering::Relaxed) { None } else { Some(source.finish()) }
        });
        let pieces = Pieces { received, empty, current: Vec::new(), used: 0, end: None };
        let tar = consume(layer, pieces, take, &abandoned);
        (tar, producer.join())
    });
    let Ok(blob) = blob else { return Err(unreadable(layer, "reading it failed")) };
    match (blob, tar) {
        (None, _) | (_, Tar::Abandoned) => Ok(()),
        (Some(blob), tar) => verify(layer, digest.as_ref(), blob, tar),
    }
}

/// How the tar of a layer ended.
enum Tar {
    Abandoned,
    /// Because of a limit.
    Stopped,
    Failed(String),
    Hashed(Box<[u8]>),
}

fn consume(
    layer: &Layer,
    mut pieces: Pieces,
    take: impl FnOnce(&mut dyn Read) -> bool,
    abandoned: &AtomicBool,
) -> Tar {
    let mut hashed = Hashed::new(&mut pieces, Digest::parse(&layer.diff_id).as_ref());
    if !take(&mut hashed) {
        abandoned.store(true, Ordering::Relaxed);
        return Tar::Abandoned;
    }
    let hash = hashed.finish();
    match (pieces.end, hash) {
        (Some(End::Stopped), _) => Tar::Stopped,
        (Some(End::Failed(reason)), _) => Tar::Failed(reason),
        (_, Err(error)) => Tar::Failed(error.to_string()),
        (_, Ok((hash, _))) => Tar::Hashed(hash),
    }
}

fn verify(
    layer: &Layer,
    digest: Option<&Digest>,
    blob: io::Result<(Box<[u8]>, u64)>,
    tar: Tar,
) -> Result<(), ImageError> {
    let (hash, length) = blob.map_err(|error| unreadable(layer, &error.to_string()))?;
    if let Some(size) = layer.size.filter(|size| *size != length) {
        let longer = if length > size { " or more" } else { "" };
        return Err(wrong(layer, &format!("a size of {size} bytes"), format!("{length} bytes{longer}")));
    }
    if let Some(digest) = digest.filter(|digest| !digest.is(&hash)) {
        return Err(wrong(layer, &digest.to_string(), hex(&hash)));
    }
    match tar {
        Tar::Abandoned | Tar::Stopped => Ok(()),
        Tar::Failed(reason) => Err(ImageError::Malformed { what: what(layer), reason }),
        Tar::Hashed(hash) if Digest::parse(&layer.diff_id).is_some_and(|stated| stated.is(&hash)) => Ok(()),
        Tar::Hashed(hash) => Err(wrong(layer, &format!("the diff_id {}", layer.diff_id), hex(&hash))),
    }
}

/// Decompresses into pieces until the end, an error, or nobody listens any more.
fn produce(source: &mut dyn Read, budget: &Budget, link: &Link) {
    let mut head = [0; HEAD_BYTES];
    let (filled, read) = fill(source, &mut head);
    let head = head.get(..filled).unwrap_or_default();
    if let Err(error) = read {
        link.send(Err(error));
        return;
    }
    let kind = kind_of("layer.tar", head);
    let source = Cursor::new(head).chain(source);
    let decompressed = match kind {
        Some(ArchiveKind::Gzip) => decompress(Compression::HashedGzip, source, budget),
        Some(ArchiveKind::Zstd) => decompress(Compression::Zstd, source, budget),
        _ => return link.pump(source),
    };
    match decompressed {
        Ok(source) => link.pump(source),
        Err(error) => {
            link.send(Err(error));
        }
    }
}

/// The sending side.
struct Link {
    pieces: SyncSender<io::Result<Vec<u8>>>,
    empties: Receiver<Vec<u8>>,
}

impl Link {
    fn send(&self, piece: io::Result<Vec<u8>>) -> bool {
        self.pieces.send(piece).is_ok()
    }

    fn pump(&self, mut source: impl Read) {
        loop {
            let mut piece = self.empties.try_recv().unwrap_or_default();
            piece.resize(PIECE, 0);
            let (filled, read) = fill(&mut source, &mut piece);
            piece.truncate(filled);
            if filled > 0 && !self.send(Ok(piece)) {
                return;
            }
            if let Err(error) = read {
                self.send(Err(error));
                return;
            }
            if filled < PIECE {
                return;
            }
        }
    }
}

/// Why no more pieces come, where it is not the end of the layer.
enum End {
    Stopped,
    Failed(String),
}

/// The receiving side.
struct Pieces {
    received: Receiver<io::Result<Vec<u8>>>,
    empty: Sender<Vec<u8>>,
    current: Vec<u8>,
    used: usize,
    end: Option<End>,
}

impl Read for Pieces {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.used == self.current.len() && self.end.is_none() && !buffer.is_empty() {
            match self.received.recv() {
                Ok(Ok(piece)) => {
                    // The other thread may be done and take nothing back.
                    let _ = self.empty.send(std::mem::replace(&mut self.current, piece));
                    self.used = 0;
                }
                Ok(Err(error)) => {
                    let stopped = error.get_ref().is_some_and(|inner| inner.is::<Stop>());
                    self.end = Some(if stopped { End::Stopped } else { End::Failed(error.to_string()) });
                    return Err(error);
                }
                Err(_) => return Ok(0),
            }
        }
        let rest = self.current.get(self.used..).unwrap_or_default();
        let read = rest.len().min(buffer.len());
        if let (Some(to), Some(from)) = (buffer.get_mut(..read), rest.get(..read)) {
            to.copy_from_slice(from);
        }
        self.used += read;
        Ok(read)
    }
}

fn what(layer: &Layer) -> String {
    format!("layer {} ({})", layer.index + 1, layer.digest.as_deref().unwrap_or(&layer.path))
}

pub(crate) fn unreadable(layer: &Layer, reason: &str) -> ImageError {
    ImageError::Unreadable { what: what(layer), reason: reason.to_owned() }
}

fn wrong(layer: &Layer, stated: &str, actual: String) -> ImageError {
    ImageError::Digest { what: what(layer), stated: stated.to_owned(), actual }
}
