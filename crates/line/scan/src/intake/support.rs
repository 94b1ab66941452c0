#![expect(clippy::disallowed_methods, reason = "tests build repositories with git itself")]

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use andon_model::{Coverage, SkipReason};
use andon_system::{
    Capped, DirEntry, FileKind, MemorySystem, Metadata, OsSystem, ReadError, System, WriteError,
};

use super::{FileEntry, IntakeError, TreeOptions, list_tree};

/// A repository in a temporary folder.
pub(super) struct Repo {
    folder: tempfile::TempDir,
}

impl Repo {
    pub(super) fn new() -> Self {
        let repo = Self::plain();
        repo.git(&["init", "-q", "-b", "main"]);
        repo
    }

    /// Only the folder.
    pub(super) fn plain() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub(super) fn at(&self, path: impl AsRef<Path>) -> PathBuf {
        self.folder.path().canonicalize().unwrap().join(path)
    }

    pub(super) fn write(&self, path: impl AsRef<Path>, content: impl AsRef<[u8]>) -> &Self {
        let path = self.at(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        self
    }

    pub(super) fn remove(&self, path: &str) -> &Self {
        let path = self.at(path);
        if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) }.unwrap();
        self
    }

    #[cfg(unix)]
    pub(super) fn link(&self, path: &str, target: &str) -> &Self {
        std::os::unix::fs::symlink(target, self.at(path)).unwrap();
        self
    }

    /// Runs git in the folder, with nobody's configuration.
    pub(super) fn git(&self, arguments: &[&str]) -> &Self {
        let output = self.try_git(".", arguments);
        assert!(output.0, "git {arguments:?}: {}", output.1);
        self
    }

    pub(super) fn try_git(&self, folder: &str, arguments: &[&str]) -> (bool, String) {
        let output = Command::new("git")
            .current_dir(self.at(folder))
            .args(["-c", "protocol.file.allow=always", "-c", "core.autocrlf=false"])
            .args(arguments)
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .envs([("GIT_AUTHOR_NAME", "A"), ("GIT_AUTHOR_EMAIL", "a@example.org")])
            .envs([("GIT_COMMITTER_NAME", "A"), ("GIT_COMMITTER_EMAIL", "a@example.org")])
            .output()
            .unwrap();
        let text = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8_lossy(&text).into_owned())
    }

    pub(super) fn commit(&self) -> &Self {
        self.git(&["add", "-A"]).git(&["commit", "-q", "--allow-empty", "-m", "m"])
    }

    pub(super) fn list(&self, path: &str, options: &TreeOptions) -> Listing {
        Listing::of(&OsSystem, &self.at(path), options).unwrap()
    }
}

/// A listing in words.
#[derive(Debug)]
pub(super) struct Listing {
    pub(super) files: Vec<FileEntry>,
    pub(super) coverage: Coverage,
}

impl Listing {
    pub(super) fn of(system: &dyn System, root: &Path, options: &TreeOptions) -> Result<Self, IntakeError> {
        let mut coverage = Coverage::default();
        let files = list_tree(system, root, options, &mut coverage)?;
        Ok(Self { files, coverage })
    }

    /// Checks the paths; a tracked one is written with a `+` before it.
    #[track_caller]
    pub(super) fn has(&self, expected: &[&str]) -> &Self {
        let mark = |file: &FileEntry| format!("{}{}", if file.tracked { "+" } else { "" }, file.path);
        let mut paths: Vec<_> = self.files.iter().map(mark).collect();
        paths.sort();
        let mut expected = expected.to_vec();
        expected.sort_unstable();
        assert_eq!(paths, expected, "{:?}", self.coverage);
        self
    }

    /// Checks what was left out, as far as examples are kept.
    #[track_caller]
    pub(super) fn left_out(&self, expected: &[(SkipReason, &[&str])]) -> &Self {
        let mut found: Vec<_> = self
            .coverage
            .skipped
            .iter()
            .map(|skip| {
                let mut examples: Vec<_> = skip.examples.iter().map(String::as_str).collect();
                examples.sort_unstable();
                (skip.reason, examples)
            })
            .collect();
        found.sort_by_key(|(reason, _)| format!("{reason:?}"));
        let mut expected: Vec<_> = expected.iter().map(|(reason, paths)| (*reason, paths.to_vec())).collect();
        expected.sort_by_key(|(reason, _)| format!("{reason:?}"));
        assert_eq!(found, expected);
        self
    }

    /// Checks the gaps: kind and subject.
    #[track_caller]
    pub(super) fn gaps(&self, expected: &[(andon_model::GapKind, &str)]) -> &Self {
        let found: Vec<_> = self.coverage.gaps.iter().map(|gap| (gap.kind, gap.subject.as_str())).collect();
        assert_eq!(found, expected, "{:?}", self.coverage.gaps);
        self
    }
}

/// The real disk, except that one folder may not be listed nor looked into: who runs the tests may be allowed to.
pub(super) struct Locked(pub(super) PathBuf);

impl Locked {
    fn check(&self, path: &Path, inside: bool) -> Result<OsSystem, ReadError> {
        let refused = path.starts_with(&self.0) && (inside || path != self.0);
        if refused {
            MemorySystem::new().denied(path, FileKind::Folder).list(path)?;
        }
        Ok(OsSystem)
    }
}

impl System for Locked {
    fn read_capped(&self, path: &Path, limit: u64) -> Result<Capped, ReadError> {
        self.check(path, true)?.read_capped(path, limit)
    }
    fn read_start(&self, path: &Path, length: u64) -> Result<Vec<u8>, ReadError> {
        self.check(path, true)?.read_start(path, length)
    }
    fn open_file(&self, path: &Path) -> Result<Box<dyn andon_system::files::ReadSeek>, ReadError> {
        OsSystem.open_file(path)
    }

    fn read_named(&self, path: &Path, limit: u64) -> Result<Capped, ReadError> {
        self.check(path, true)?.read_named(path, limit)
    }
    fn metadata(&self, path: &Path) -> Result<Metadata, ReadError> {
        self.check(path, false)?.metadata(path)
    }
    fn canonical(&self, path: &Path) -> Result<PathBuf, ReadError> {
        self.check(path, false)?.canonical(path)
    }
    fn list(&self, folder: &Path) -> Result<Vec<DirEntry>, ReadError> {
        self.check(folder, true)?.list(folder)
    }
    fn write_atomic(&self, path: &Path, bytes: &[u8]) -> Result<(), WriteError> {
        OsSystem.write_atomic(path, bytes)
    }
    fn create_folder(&self, path: &Path) -> Result<(), WriteError> {
        OsSystem.create_folder(path)
    }
    fn remove_file(&self, path: &Path) -> Result<(), WriteError> {
        OsSystem.remove_file(path)
    }
    fn environment(&self, name: &str) -> Option<OsString> {
        OsSystem.environment(name)
    }
    fn current_folder(&self) -> Option<PathBuf> {
        OsSystem.current_folder()
    }
    fn now(&self) -> jiff::Timestamp {
        OsSystem.now()
    }
}
