use std::io::{Cursor, Read, SeekFrom};

use crate::entry::{Entry, EntryKind, Outcome, Place, Problem, ProblemKind, Visitor, Want};
use crate::kind::{ArchiveKind, HEAD_BYTES, decompressed_name, kind_of};
use crate::path::{normalise, text};
use crate::stream::{Compression, ReadSeek, decompress, fill, judge};
use crate::tar::{Skip, Streamed, TarEntry, TarError, TarReader};
use crate::zip::{Central, Content, Directory, Inflater, Taken, data_start};
use crate::{Budget, stream};

/// Where an archive is read from.
pub enum Source<'a> {
    /// A file, or bytes in memory behind a [`Cursor`].
    Seekable(&'a mut dyn ReadSeek),
    /// A pipe. A zip is then held in memory, within [`crate::Limits::held_bytes`].
    Stream(&'a mut dyn Read),
}

/// Walks an archive and every archive in it, without writing anything to disk. `name` is its file name. What cannot be
/// read is told to the visitor, and the rest is read all the same. If it is no archive that can be opened,
/// [`Outcome::archives`] is 0 (and there is a problem, if it is one of another kind).
pub fn walk(source: Source<'_>, name: &str, budget: &Budget, visitor: &mut dyn Visitor) -> Outcome {
    let mut walker = Walker::new(budget, visitor);
    let mut head = [0; HEAD_BYTES];
    match source {
        Source::Seekable(source) => {
            let (filled, read) = fill(source, &mut head);
            let kind = kind_of(name, head.get(..filled).unwrap_or_default());
            match read.and_then(|()| source.seek(SeekFrom::Start(0))) {
                Err(error) => walker.failed(None, &error),
                Ok(_) if kind == Some(ArchiveKind::Zip) => walker.zip(source),
                Ok(_) => walker.archive(kind, name, source),
            }
        }
        Source::Stream(source) => {
            let (filled, read) = fill(source, &mut head);
            let head = head.get(..filled).unwrap_or_default();
            match read {
                Err(error) => walker.failed(None, &error),
                Ok(()) => walker.archive(kind_of(name, head), name, &mut Cursor::new(head).chain(source)),
            }
        }
    }
    walker.finish()
}

/// What an archive format says of an entry.
pub(crate) struct Meta {
    pub(crate) path: String,
    pub(crate) target: String,
    pub(crate) size: Option<u64>,
    pub(crate) kind: EntryKind,
    pub(crate) mode: u32,
}

/// Whether to go on to the next entry.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flow {
    Continue,
    Stop,
}

/// Says where an entry of a layer belongs; `None` leaves it out.
pub(crate) trait Placing {
    fn place(&mut self, meta: &Meta) -> Option<Option<Place>>;
}

/// For archives, where nothing hides anything.
struct Anywhere(Option<Place>);

impl Placing for Anywhere {
    fn place(&mut self, _meta: &Meta) -> Option<Option<Place>> {
        Some(self.0)
    }
}

/// One walk: the budget, the visitor, and where it is.
pub(crate) struct Walker<'v> {
    budget: Budget,
    visitor: &'v mut dyn Visitor,
    nested: Vec<String>,
    place: Option<Place>,
    layer: Option<usize>,
    outcome: Outcome,
    full: bool,
}

impl<'v> Walker<'v> {
    pub(crate) fn new(budget: &Budget, visitor: &'v mut dyn Visitor) -> Self {
        Self {
            budget: budget.clone(),
            visitor,
            nested: Vec::new(),
            place: None,
            layer: None,
            outcome: Outcome::default(),
            full: false,
        }
    }

    pub(crate) fn enter_layer(&mut self, layer: usize) {
        self.layer = Some(layer);
        self.nested.clear();
        self.outcome.archives += 1;
    }

    pub(crate) fn is_cancelled(&self) -> bool {
        self.outcome.cancelled
    }

    pub(crate) fn finish(self) -> Outcome {
        self.outcome
    }

    /// Tells a problem of the entry `path` of the current archive, or of that archive itself.
    pub(crate) fn problem(&mut self, path: Option<&str>, kind: ProblemKind, detail: impl Into<String>) {
        self.outcome.problems += 1;
        if self.budget.take_problem() {
            let nested = self.nested.iter().map(String::as_str).chain(path).map(str::to_owned).collect();
            let layer = self.layer;
            self.visitor.problem(Problem { nested, layer, kind, detail: detail.into() });
        }
    }

    fn failed(&mut self, path: Option<&str>, error: &std::io::Error) {
        let (kind, detail) = judge(error);
        self.problem(path, kind, detail);
    }

    fn archive(&mut self, kind: Option<ArchiveKind>, name: &str, source: &mut dyn Read) {
        match kind {
            None => {}
            Some(ArchiveKind::Zip) => self.buffered_zip(source),
            Some(ArchiveKind::Tar) => self.plain_tar(source),
            Some(ArchiveKind::Gzip) => self.compressed(Compression::Gzip, name, source),
            Some(ArchiveKind::Zstd) => self.compressed(Compression::Zstd, name, source),
            Some(other) => {
                let detail =
                    format!("{} archives are not opened; unpack it and scan what is in it", other.name());
                self.problem(None, ProblemKind::Unsupported, detail);
            }
        }
    }

    fn compressed(&mut self, compression: Compression, name: &str, source: &mut dyn Read) {
        let mut stream = match decompress(compression, source, &self.budget) {
            Ok(stream) => stream,
            Err(error) => return self.failed(None, &error),
        };
        let path = decompressed_name(name);
        let mut head = [0; HEAD_BYTES];
        let (filled, read) = fill(&mut stream, &mut head);
        let head = head.get(..filled).unwrap_or_default();
        let mut rest = stream::Broken::new(stream, read.err());
        if kind_of(&path, head) == Some(ArchiveKind::Tar) {
            return self.compressed_tar(&mut Cursor::new(head).chain(rest));
        }
        self.outcome.archives += 1;
        let meta = Meta { path, target: String::new(), size: None, kind: EntryKind::Regular, mode: 0 };
        self.entry(&meta, &mut Cursor::new(head).chain(&mut rest));
    }

    fn compressed_tar(&mut self, source: &mut dyn Read) {
        /// What may follow the end of a tar before the checksum of the stream that it is in.
        const REST: u64 = 1 << 20;
        let before = self.outcome.problems;
        self.plain_tar(source);
        if self.outcome.problems == before
            && let Err(error) = std::io::copy(&mut source.take(REST), &mut std::io::sink())
        {
            self.failed(None, &error);
        }
    }

    fn plain_tar(&mut self, source: &mut dyn Read) {
        self.outcome.archives += 1;
        let place = self.place;
        self.tar(&mut TarReader::new(Streamed(source)), &mut Anywhere(place));
    }

    /// Walks a tar to its end or its first damage.
    pub(crate) fn tar<S: Skip>(&mut self, reader: &mut TarReader<S>, placing: &mut dyn Placing) {
        loop {
            let entry = match reader.next() {
                Ok(Some(entry)) => entry,
                Ok(None) => return,
                Err(TarError::Read(error)) => return self.failed(None, &error),
                Err(error) => return self.problem(None, ProblemKind::Corrupt, error.to_string()),
            };
            let Some(meta) = self.tar_meta(&entry) else { continue };
            let Some(place) = placing.place(&meta) else { continue };
            self.place = place;
            if entry.sparse {
                let detail = "a sparse file, which is not supported; it was not examined";
                self.problem(Some(&meta.path), ProblemKind::Unsupported, detail);
                continue;
            }
            if self.entry(&meta, reader) == Flow::Stop {
                return;
            }
        }
    }

    fn tar_meta(&mut self, entry: &TarEntry) -> Option<Meta> {
        let path = self.path(&entry.path, false)?;
        let size = (entry.kind == EntryKind::Regular).then_some(entry.size);
        Some(Meta { path, target: text(&entry.target), size, kind: entry.kind, mode: entry.mode })
    }

    /// The path of an entry; none for the root itself and for names that are refused.
    fn path(&mut self, name: &[u8], backslashes: bool) -> Option<String> {
        match normalise(name, backslashes) {
            Ok(path) => Some(path).filter(|path| !path.is_empty()),
            Err(error) => {
                let shown: String = text(name).chars().take(200).map(shown).collect();
                self.problem(Some(&shown), ProblemKind::Name, format!("{error}; it was not examined"));
                None
            }
        }
    }

    fn buffered_zip(&mut self, source: &mut dyn Read) {
        const PIECE: u64 = 1 << 20;
        let mut held = self.budget.hold();
        let mut bytes = Vec::new();
        loop {
            let read = source.take(PIECE).read_to_end(&mut bytes);
            let length = bytes.len() as u64;
            if !held.grow(length - held.bytes()) {
                let limit = self.budget.limits().held_bytes;
                let detail =
                    format!("a zip in an archive is held in memory, and more than {limit} bytes would be");
                return self.problem(None, ProblemKind::Limit, format!("{detail}; it was not opened"));
            }
            match read {
                Ok(0) => break,
                Ok(_) => {}
                Err(error) => {
                    self.failed(None, &error);
                    break;
                }
            }
        }
        self.zip(&mut Cursor::new(bytes));
    }

    fn zip(&mut self, source: &mut dyn ReadSeek) {
        self.outcome.archives += 1;
        let mut directory = match Directory::find(source) {
            Ok(directory) => directory,
            Err(error) => return self.failed(None, &error),
        };
        let (mut inflater, mut taken) = (Inflater::default(), Taken::default());
        loop {
            let central = match directory.next(source) {
                Ok(Some(central)) => central,
                Ok(None) if directory.is_complete() => return,
                Ok(None) => {
                    let detail =
                        "its directory has another number of entries than it says; there may be more in it";
                    return self.problem(None, ProblemKind::Corrupt, detail);
                }
                Err(error) => return self.failed(None, &error),
            };
            let end = directory.start();
            if self.zip_entry(source, &central, end, &mut inflater, &mut taken) == Flow::Stop {
                return;
            }
        }
    }

    fn zip_entry(
        &mut self,
        source: &mut dyn ReadSeek,
        central: &Central,
        end: u64,
        inflater: &mut Inflater,
        taken: &mut Taken,
    ) -> Flow {
        let Some(path) = self.path(&central.name, true) else { return Flow::Continue };
        let size = (central.kind == EntryKind::Regular).then_some(central.size);
        let meta = Meta { path, target: String::new(), size, kind: central.kind, mode: central.mode };
        if central.kind != EntryKind::Regular {
            return self.entry(&meta, &mut std::io::empty());
        }
        let start = match data_start(source, central) {
            Ok(start) => start,
            Err(error) => return self.entry(&meta, &mut stream::Broken::new(std::io::empty(), Some(error))),
        };
        let data_end = start.checked_add(central.compressed).filter(|data_end| *data_end <= end);
        if !data_end.is_some_and(|data_end| taken.take(central.start, data_end)) {
            let detail =
                "shares its bytes with another entry, or reaches beyond the file; it was not examined";
            self.problem(Some(&meta.path), ProblemKind::Corrupt, detail);
            return Flow::Continue;
        }
        let budget = self.budget.clone();
        match Content::open(source, inflater, central, start, &budget) {
            Ok(mut content) => self.entry(&meta, &mut content),
            Err(error) => self.entry(&meta, &mut stream::Broken::new(std::io::empty(), Some(error))),
        }
    }

    /// Asks the visitor about an entry and does what it says.
    pub(crate) fn entry(&mut self, meta: &Meta, content: &mut dyn Read) -> Flow {
        if self.visitor.cancelled() {
            self.outcome.cancelled = true;
        }
        if self.outcome.cancelled || !self.admitted(meta) {
            return Flow::Stop;
        }
        self.outcome.entries += 1;
        if meta.kind != EntryKind::Regular {
            self.ask(meta, &[]);
            return Flow::Continue;
        }
        let mut head = [0; HEAD_BYTES];
        let (filled, read) = fill(content, &mut head);
        let head = head.get(..filled).unwrap_or_default();
        let broken = read.as_ref().err().map(judge);
        let mut content = Cursor::new(head).chain(stream::Broken::new(content, read.err()));
        match kind_of(&meta.path, head) {
            Some(kind) if broken.is_none() && self.opens(meta, kind) => {
                self.descend(kind, meta, &mut content)
            }
            _ => match self.ask(meta, head) {
                // A visitor that saw only a piece said no without knowing.
                Want::Skip => broken.into_iter().for_each(|(kind, detail)| {
                    self.problem(Some(&meta.path), kind, detail);
                }),
                Want::Content { limit } => self.give(meta, limit, &mut content),
            },
        }
        if self.outcome.cancelled || self.full { Flow::Stop } else { Flow::Continue }
    }

    /// Counts an entry; false, and a problem once, when there are too many.
    fn admitted(&mut self, meta: &Meta) -> bool {
        if self.full {
            return false;
        }
        let names = self.nested.iter().map(|name| name.len() as u64).sum::<u64>() + meta.path.len() as u64;
        let limits = self.budget.limits();
        let too_much = if !self.budget.take_entry() {
            format!("more than {} entries in all", limits.entries)
        } else if !self.budget.take_names(names) {
            format!("entries with more than {} bytes of names in all", limits.name_bytes)
        } else {
            return true;
        };
        self.full = true;
        self.problem(None, ProblemKind::Limit, format!("{too_much}; what follows was not examined"));
        false
    }

    fn descend(&mut self, kind: ArchiveKind, meta: &Meta, content: &mut dyn Read) {
        let deepest = self.budget.limits().depth;
        if self.nested.len() + 1 >= deepest {
            let detail = format!("archives in archives are opened {deepest} deep; this one was not");
            return self.problem(Some(&meta.path), ProblemKind::Limit, detail);
        }
        let place = self.place;
        self.nested.push(meta.path.clone());
        self.archive(Some(kind), &meta.path, content);
        self.nested.pop();
        self.place = place;
    }

    fn give(&mut self, meta: &Meta, limit: u64, content: &mut dyn Read) {
        let limit = limit.min(self.budget.limits().entry_bytes);
        let mut bytes = Vec::new();
        let too_large = meta.size.is_some_and(|size| size > limit) || {
            bytes.reserve(usize::try_from(meta.size.unwrap_or(0).min(1 << 20)).unwrap_or(0) + 1);
            if let Err(error) = content.take(limit.saturating_add(1)).read_to_end(&mut bytes) {
                self.failed(Some(&meta.path), &error);
            }
            bytes.len() as u64 > limit
        };
        if too_large {
            let detail = format!("has more than {limit} bytes; it was not examined");
            return self.problem(Some(&meta.path), ProblemKind::TooLarge, detail);
        }
        self.outcome.files += 1;
        self.outcome.bytes += bytes.len() as u64;
        self.visitor.file(&entry(&self.nested, meta, self.place), bytes);
    }

    fn ask(&mut self, meta: &Meta, head: &[u8]) -> Want {
        self.visitor.wants(&entry(&self.nested, meta, self.place), head)
    }

    fn opens(&mut self, meta: &Meta, kind: ArchiveKind) -> bool {
        self.visitor.opens(&entry(&self.nested, meta, self.place), kind)
    }
}

fn entry<'a>(nested: &'a [String], meta: &'a Meta, layer: Option<Place>) -> Entry<'a> {
    let Meta { path, target, size, kind, mode } = meta;
    Entry { nested, path, size: *size, kind: *kind, mode: *mode, target, layer }
}

/// A character as it may be shown of a name that was refused.
fn shown(character: char) -> char {
    if character.is_control() { char::REPLACEMENT_CHARACTER } else { character }
}
