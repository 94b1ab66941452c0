use std::collections::HashMap;
use std::io::{self, Read, Seek, SeekFrom};

use crate::image::store::{Blob, Store, StoreError};
use crate::path::{normalise, text};
use crate::tar::{Seeking, TarEntry, TarError, TarReader};
use crate::{EntryKind, HEAD_BYTES, ReadSeek, kind_of, stream};

/// How many entries an image in a tar may have. Real ones have a few for each layer.
const ENTRIES: usize = 100_000;
/// How many links are followed one after the other.
const HOPS: usize = 8;

/// Opens the tar anew: several readers may be in use at once.
type Open = Box<dyn Fn() -> io::Result<Box<dyn ReadSeek + Send>> + Send + Sync>;

/// An image in one tar file: a docker-archive (`docker save`) or an OCI layout. Only its index is read at first; what
/// is in it is then read in place.
pub struct TarStore {
    open: Open,
    members: HashMap<String, Member>,
}

enum Member {
    File {
        start: u64,
        length: u64,
    },
    /// A path from the root of the tar.
    Link(String),
}

impl TarStore {
    /// Reads the index of a tar. A compressed one is refused, since it would have to be unpacked.
    pub fn new(
        open: impl Fn() -> io::Result<Box<dyn ReadSeek + Send>> + Send + Sync + 'static,
    ) -> Result<Self, StoreError> {
        let mut source = open()?;
        let mut head = [0; HEAD_BYTES];
        let (filled, read) = stream::fill(&mut source, &mut head);
        read?;
        match kind_of("image.tar", head.get(..filled).unwrap_or_default()) {
            Some(crate::ArchiveKind::Tar) => {}
            Some(kind) => {
                let name = kind.name();
                return Err(StoreError::Failed(format!(
                    "it is a {name} archive; decompress it to a plain tar first"
                )));
            }
            None => return Err(StoreError::Failed("it is not a tar".to_owned())),
        }
        let members = index(source).map_err(|error| StoreError::Failed(error.to_string()))?;
        Ok(Self { open: Box::new(open), members })
    }
}

impl Store for TarStore {
    fn open(&self, path: &str) -> Result<Blob, StoreError> {
        let mut path = normalise(path.as_bytes(), false).map_err(|_| StoreError::NotFound)?;
        for _ in 0..HOPS {
            match self.members.get(&path).ok_or(StoreError::NotFound)? {
                Member::Link(target) => path.clone_from(target),
                Member::File { start, length } => {
                    let mut source = (self.open)()?;
                    source.seek(SeekFrom::Start(*start))?;
                    return Ok(Box::new(source.take(*length)));
                }
            }
        }
        Err(StoreError::Failed("its links go round in a circle".to_owned()))
    }
}

fn index(source: impl Read + Seek) -> Result<HashMap<String, Member>, TarError> {
    let mut reader = TarReader::new(Seeking::new(source)?);
    let mut members = HashMap::new();
    while let Some(entry) = reader.next()? {
        let Ok(path) = normalise(&entry.path, false) else { continue };
        let Some(member) = member(&entry, &path, reader.position()) else { continue };
        members.insert(path, member);
        if members.len() > ENTRIES {
            return Err(io::Error::other(format!("it has more than {ENTRIES} entries")).into());
        }
    }
    Ok(members)
}

fn member(entry: &TarEntry, path: &str, start: u64) -> Option<Member> {
    match entry.kind {
        EntryKind::Regular if !entry.sparse => Some(Member::File { start, length: entry.size }),
        EntryKind::HardLink => normalise(&entry.target, false).ok().map(Member::Link),
        // `docker save` writes a layer that several images share as a link to `../<id>/layer.tar`.
        EntryKind::SymbolicLink => {
            let mut folder: Vec<&str> = path.split('/').collect();
            folder.pop();
            let target = text(&entry.target);
            for part in target.split('/') {
                match part {
                    "" | "." => {}
                    ".." => drop(folder.pop()?),
                    part => folder.push(part),
                }
            }
            Some(Member::Link(folder.join("/")))
        }
        _ => None,
    }
}
