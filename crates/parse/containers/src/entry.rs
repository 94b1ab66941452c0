use andon_model::GapKind;

use crate::ArchiveKind;

/// Takes what a walk finds. Nothing is kept by the walk itself.
pub trait Visitor {
    /// Asked for every entry. `head` has up to the first 512 bytes of a regular file (fewer only when the file is
    /// shorter or cannot be read) and nothing for other kinds, whose answer does not matter.
    fn wants(&mut self, entry: &Entry<'_>, head: &[u8]) -> Want;

    /// Whether an archive in the archive is to be opened; [`Visitor::wants`] is asked about it only if not.
    fn opens(&mut self, _entry: &Entry<'_>, _kind: ArchiveKind) -> bool {
        true
    }

    /// A file whose content was wanted. If it is damaged, these are the bytes that could be read, and a problem was
    /// told before.
    fn file(&mut self, entry: &Entry<'_>, bytes: Vec<u8>);

    /// Something that could not be read.
    fn problem(&mut self, problem: Problem);

    /// Whether to stop, asked before every entry.
    fn cancelled(&mut self) -> bool {
        false
    }
}

/// What a visitor wants of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Want {
    /// Nothing.
    Skip,
    /// All of it, if it has at most `limit` bytes; a longer one is a problem. [`crate::Limits::entry_bytes`] holds too.
    Content {
        /// The most bytes.
        limit: u64,
    },
}

/// A file, folder or link in an archive or in a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry<'a> {
    /// Paths of the archives in the archive that it is in, outermost first; empty at the first level.
    pub nested: &'a [String],
    /// Its path in the innermost archive: never absolute, `/` between components, no `.` and no `..`. Bytes that are
    /// not UTF-8 are written as `%XX`.
    pub path: &'a str,
    /// Bytes, where the archive says so; it may lie.
    pub size: Option<u64>,
    /// What it is.
    pub kind: EntryKind,
    /// Unix permissions; 0 where there are none.
    pub mode: u32,
    /// What a link points to, as written there; empty for other kinds and for links in a zip.
    pub target: &'a str,
    /// The layer it is in, when an image is walked.
    pub layer: Option<Place>,
}

impl Entry<'_> {
    /// [`Entry::nested`] and [`Entry::path`] in one: what `Location::nested` has.
    pub fn location(&self) -> Vec<String> {
        self.nested.iter().map(String::as_str).chain([self.path]).map(str::to_owned).collect()
    }
}

/// Where in an image a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Index of the layer, 0 at the bottom.
    pub layer: usize,
    /// Whether the file is in the final file system; if not, a later layer deletes or replaces it. Of two files of the
    /// same name in the same layer both count as visible.
    pub visible: bool,
}

/// Kinds of entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EntryKind {
    /// A file with content.
    Regular,
    /// A folder.
    Directory,
    /// A symbolic link; never followed.
    SymbolicLink,
    /// Another name of a file that stands elsewhere in the same archive; never followed.
    HardLink,
    /// A device, a pipe, or something that only one archiver knows.
    Special,
}

/// Something that could not be read, or was not read because of a limit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Paths as in [`Entry::location`]; the last one is that of the entry or archive concerned. Empty for the
    /// outermost archive or layer itself.
    pub nested: Vec<String>,
    /// The layer, when an image is walked.
    pub layer: Option<usize>,
    /// What kind.
    pub kind: ProblemKind,
    /// What happened and what to do, for people.
    pub detail: String,
}

/// Kinds of problems.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ProblemKind {
    /// A file that is longer than what was asked for.
    TooLarge,
    /// A limit on depth, number, memory or work; something was left out.
    Limit,
    /// Damaged, cut off, or contradicting itself.
    Corrupt,
    /// Encrypted.
    Encrypted,
    /// A format or a compression that is not opened.
    Unsupported,
    /// A name that is not a path inside the archive.
    Name,
    /// The source itself could not be read.
    Unreadable,
}

impl ProblemKind {
    /// The gap of the coverage that it makes.
    pub fn gap(self) -> GapKind {
        match self {
            Self::TooLarge => GapKind::TooLarge,
            Self::Limit => GapKind::Limit,
            Self::Corrupt | Self::Name => GapKind::Corrupt,
            Self::Encrypted | Self::Unsupported | Self::Unreadable => GapKind::Unreadable,
        }
    }
}

/// How a walk went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Entries that the visitor was asked about.
    pub entries: u64,
    /// Files that the visitor was given.
    pub files: u64,
    /// Bytes of those files.
    pub bytes: u64,
    /// Archives that were opened, the outermost one included.
    pub archives: u64,
    /// Problems, those that were only counted included.
    pub problems: u64,
    /// Whether the visitor stopped it.
    pub cancelled: bool,
}
