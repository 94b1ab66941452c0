use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::files::ReadSeek;
use crate::{Capped, DirEntry, FileKind, Metadata, ReadError, ReadProblem, System, WriteError, WriteProblem};

/// A disk, a clock and an environment in memory, for tests. Paths are absolute; folders above a file exist by
/// themselves. The clock stands at the Unix epoch until it is set.
#[derive(Debug, Default)]
pub struct MemorySystem {
    nodes: Mutex<BTreeMap<PathBuf, Node>>,
    variables: BTreeMap<String, OsString>,
    now: jiff::Timestamp,
    full: bool,
}

#[derive(Clone, Debug)]
enum Node {
    File(Vec<u8>),
    Folder,
    Link(PathBuf),
    Special,
    Denied(FileKind),
    Changing,
}

impl MemorySystem {
    /// An empty disk with `/`.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file.
    #[must_use]
    pub fn file(self, path: impl AsRef<Path>, content: impl AsRef<[u8]>) -> Self {
        self.with(path.as_ref(), Node::File(content.as_ref().to_vec()))
    }

    /// Adds an empty folder.
    #[must_use]
    pub fn folder(self, path: impl AsRef<Path>) -> Self {
        self.with(path.as_ref(), Node::Folder)
    }

    /// Adds a symbolic link.
    #[must_use]
    pub fn link(self, path: impl AsRef<Path>, target: impl AsRef<Path>) -> Self {
        self.with(path.as_ref(), Node::Link(target.as_ref().to_owned()))
    }

    /// Adds a pipe.
    #[must_use]
    pub fn special(self, path: impl AsRef<Path>) -> Self {
        self.with(path.as_ref(), Node::Special)
    }

    /// Adds a file or a folder that may not be read.
    #[must_use]
    pub fn denied(self, path: impl AsRef<Path>, kind: FileKind) -> Self {
        self.with(path.as_ref(), Node::Denied(kind))
    }

    /// Adds a file that changes whenever it is read.
    #[must_use]
    pub fn changing(self, path: impl AsRef<Path>) -> Self {
        self.with(path.as_ref(), Node::Changing)
    }

    /// Sets an environment variable.
    #[must_use]
    pub fn variable(mut self, name: &str, value: &str) -> Self {
        self.variables.insert(name.to_owned(), value.into());
        self
    }

    /// Sets the clock.
    #[must_use]
    pub fn at(mut self, now: jiff::Timestamp) -> Self {
        self.now = now;
        self
    }

    /// Fills the disk: every write fails.
    #[must_use]
    pub fn full(mut self) -> Self {
        self.full = true;
        self
    }

    fn with(self, path: &Path, node: Node) -> Self {
        self.insert(path, node);
        self
    }

    fn insert(&self, path: &Path, node: Node) {
        let mut nodes = self.nodes();
        for folder in path.ancestors().skip(1) {
            nodes.entry(folder.to_owned()).or_insert(Node::Folder);
        }
        nodes.insert(path.to_owned(), node);
    }

    fn nodes(&self) -> MutexGuard<'_, BTreeMap<PathBuf, Node>> {
        self.nodes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn node(&self, path: &Path) -> Result<Node, ReadError> {
        let found = self.nodes().get(path).cloned();
        found.ok_or_else(|| ReadError::new(path, ReadProblem::NotFound))
    }
}

impl System for MemorySystem {
    fn read_capped(&self, path: &Path, limit: u64) -> Result<Capped, ReadError> {
        let refused = |problem| Err(ReadError::new(path, problem));
        match self.node(path)? {
            Node::File(bytes) => match size_of(&bytes) {
                size if size > limit => refused(ReadProblem::TooLarge { size, limit }),
                _ => Ok(Capped { bytes, stamp: self.metadata(path)?.stamp }),
            },
            Node::Denied(_) => refused(ReadProblem::Denied),
            Node::Changing => refused(ReadProblem::Changed),
            Node::Folder | Node::Link(_) | Node::Special => refused(ReadProblem::WrongKind),
        }
    }

    fn read_start(&self, path: &Path, length: u64) -> Result<Vec<u8>, ReadError> {
        let mut bytes = self.read_capped(path, u64::MAX)?.bytes;
        bytes.truncate(usize::try_from(length).unwrap_or(usize::MAX));
        Ok(bytes)
    }

    fn open_file(&self, path: &Path) -> Result<Box<dyn ReadSeek>, ReadError> {
        Ok(Box::new(std::io::Cursor::new(self.read_capped(path, u64::MAX)?.bytes)))
    }

    fn read_named(&self, path: &Path, limit: u64) -> Result<Capped, ReadError> {
        self.read_capped(&self.canonical(path)?, limit)
    }

    fn metadata(&self, path: &Path) -> Result<Metadata, ReadError> {
        self.node(path).map(|node| describe(&node))
    }

    fn canonical(&self, path: &Path) -> Result<PathBuf, ReadError> {
        const LINKS: usize = 40;
        let mut found = normal(path);
        for _ in 0..LINKS {
            match self.node(&found)? {
                Node::Link(target) => found = normal(&found.parent().unwrap_or(&found).join(target)),
                _ => return Ok(found),
            }
        }
        Err(ReadError::new(path, ReadProblem::WrongKind))
    }

    fn list(&self, folder: &Path) -> Result<Vec<DirEntry>, ReadError> {
        match self.node(folder)? {
            Node::Folder => {}
            Node::Denied(_) => return Err(ReadError::new(folder, ReadProblem::Denied)),
            _ => return Err(ReadError::new(folder, ReadProblem::WrongKind)),
        }
        let nodes = self.nodes();
        let inside = nodes.iter().filter(|(path, _)| path.parent() == Some(folder));
        let entry = |(path, node): (&PathBuf, &Node)| {
            let Metadata { kind, size, stamp } = describe(node);
            path.file_name().map(|name| DirEntry { name: name.to_owned(), kind, size, stamp })
        };
        Ok(inside.filter_map(entry).collect())
    }

    fn write_atomic(&self, path: &Path, bytes: &[u8]) -> Result<(), WriteError> {
        self.writable(path)?;
        if path.parent().is_some_and(|folder| !matches!(self.node(folder), Ok(Node::Folder))) {
            return Err(WriteError::io(path, io::ErrorKind::NotFound.into()));
        }
        self.insert(path, Node::File(bytes.to_vec()));
        Ok(())
    }

    fn create_folder(&self, path: &Path) -> Result<(), WriteError> {
        self.writable(path)?;
        self.insert(path, Node::Folder);
        Ok(())
    }

    fn remove_file(&self, path: &Path) -> Result<(), WriteError> {
        self.nodes().remove(path);
        Ok(())
    }

    fn environment(&self, name: &str) -> Option<OsString> {
        self.variables.get(name).filter(|value| !value.is_empty()).cloned()
    }

    fn current_folder(&self) -> Option<PathBuf> {
        Some(PathBuf::from("/"))
    }

    fn now(&self) -> jiff::Timestamp {
        self.now
    }
}

impl MemorySystem {
    fn writable(&self, path: &Path) -> Result<(), WriteError> {
        let refused = || WriteError { path: path.to_owned(), problem: WriteProblem::Full };
        if self.full { Err(refused()) } else { Ok(()) }
    }
}

fn describe(node: &Node) -> Metadata {
    let kind = match node {
        Node::File(_) | Node::Changing => FileKind::File,
        Node::Folder => FileKind::Folder,
        Node::Link(_) => FileKind::SymbolicLink,
        Node::Special => FileKind::Special,
        Node::Denied(kind) => *kind,
    };
    let size = if let Node::File(bytes) = node { size_of(bytes) } else { 0 };
    Metadata { kind, size, stamp: None }
}

fn size_of(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}

/// Without `.` and `..`.
fn normal(path: &Path) -> PathBuf {
    let mut result = PathBuf::from("/");
    for component in path.components() {
        match component {
            Component::ParentDir => drop(result.pop()),
            Component::Normal(part) => result.push(part),
            _ => {}
        }
    }
    result
}
