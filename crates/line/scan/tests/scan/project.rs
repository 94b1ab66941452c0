#![expect(clippy::disallowed_methods, reason = "tests write files and build repositories with git itself")]

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use andon_model::{Engine, ScanReport, State};
use andon_scan::cache::{CachePlace, OsDisk};
use andon_scan::{ScanError, ScanRequest, ScanTarget, Silent, run};
use andon_system::{Capped, DirEntry, Metadata, OsSystem, ReadError, System, WriteError, WriteProblem};

/// A folder with files, and a cache beside it.
pub(crate) struct Project {
    folder: tempfile::TempDir,
    pub(crate) system: Double,
    interrupted: AtomicBool,
}

impl Project {
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("root")).unwrap();
        fs::create_dir(folder.path().join("cache")).unwrap();
        let project = Self { folder, system: Double::default(), interrupted: AtomicBool::new(false) };
        for (path, text) in files {
            project.write(path, text);
        }
        project
    }

    pub(crate) fn repository(files: &[(&str, &str)]) -> Self {
        let project = Self::new(files);
        project.git(&["init", "-q", "-b", "main"]).commit();
        project
    }

    pub(crate) fn root(&self) -> PathBuf {
        self.folder.path().canonicalize().unwrap().join("root")
    }

    pub(crate) fn cache(&self) -> PathBuf {
        self.folder.path().join("cache")
    }

    pub(crate) fn write(&self, path: &str, text: impl AsRef<[u8]>) -> &Self {
        let path = self.root().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    pub(crate) fn remove(&self, path: &str) -> &Self {
        fs::remove_file(self.root().join(path)).unwrap();
        self
    }

    pub(crate) fn git(&self, arguments: &[&str]) -> &Self {
        let output = Command::new("git")
            .current_dir(self.root())
            .args(arguments)
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .envs([("GIT_AUTHOR_NAME", "A"), ("GIT_AUTHOR_EMAIL", "a@example.org")])
            .envs([("GIT_COMMITTER_NAME", "A"), ("GIT_COMMITTER_EMAIL", "a@example.org")])
            .output()
            .unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        self
    }

    pub(crate) fn commit(&self) -> &Self {
        self.git(&["add", "-A"]).git(&["commit", "-q", "--allow-empty", "-m", "m"])
    }

    pub(crate) fn request(&self, target: ScanTarget) -> ScanRequest<'_> {
        let mut request = ScanRequest::new(target, self.root(), &self.interrupted);
        request.name = "project".to_owned();
        request.repository =
            andon_scan::intake::open_repository(&self.root()).ok().map(gix::Repository::into_sync);
        request
    }

    pub(crate) fn interrupt(&self) {
        self.interrupted.store(true, Ordering::SeqCst);
    }

    pub(crate) fn run(
        &self,
        request: &ScanRequest<'_>,
        engines: &[Box<dyn Engine>],
    ) -> Result<ScanReport, ScanError> {
        self.system.reads.store(0, Ordering::SeqCst);
        run(request, engines, &self.system, &Silent)
    }

    /// Scans the folder as a plain one, without a cache.
    pub(crate) fn scan(&self, engines: &[Box<dyn Engine>]) -> ScanReport {
        self.run(&self.request(ScanTarget::Directory), engines).unwrap()
    }

    /// Scans the folder as a plain one, with its cache.
    pub(crate) fn scan_cached(&self, engines: &[Box<dyn Engine>]) -> ScanReport {
        let folder = self.cache();
        let mut request = self.request(ScanTarget::Directory);
        request.cache = Some(CachePlace { folder: &folder, disk: &OsDisk });
        self.run(&request, engines).unwrap()
    }

    /// Files of the target that the last scan read.
    pub(crate) fn reads(&self) -> u64 {
        self.system.reads.load(Ordering::SeqCst)
    }
}

/// What matters of a report, in words: state, title and path of each finding.
pub(crate) fn words(report: &ScanReport) -> Vec<String> {
    let state = |state: State| format!("{state:?}").to_lowercase();
    report
        .findings
        .iter()
        .map(|finding| format!("{} {} {}", state(finding.state), finding.title, finding.locations[0].path))
        .collect()
}

/// A report as JSON, without what may differ between two equal answers.
pub(crate) fn answer(mut report: ScanReport) -> String {
    for engine in &mut report.coverage.engines {
        engine.cached = 0;
    }
    report.started.clear();
    report.duration_ms = 0;
    serde_json::to_string_pretty(&report).unwrap()
}

/// The real disk with a clock that stands in 2040, so that files seem to be old, and with troubles on demand.
#[derive(Default)]
pub(crate) struct Double {
    pub(crate) reads: AtomicU64,
    pub(crate) full: AtomicBool,
    pub(crate) real_clock: AtomicBool,
    /// Files that are gone when they are read.
    pub(crate) vanishing: Mutex<BTreeSet<PathBuf>>,
}

impl System for Double {
    fn read_capped(&self, path: &Path, limit: u64) -> Result<Capped, ReadError> {
        let is_target = path.components().any(|part| part.as_os_str() == "root");
        if is_target && OsSystem.metadata(path).is_ok() {
            self.reads.fetch_add(1, Ordering::SeqCst);
        }
        if self.vanishing.lock().unwrap().remove(path) {
            fs::remove_file(path).unwrap();
        }
        OsSystem.read_capped(path, limit)
    }

    fn read_start(&self, path: &Path, most: u64) -> Result<Vec<u8>, ReadError> {
        OsSystem.read_start(path, most)
    }

    fn open_file(&self, path: &Path) -> Result<Box<dyn andon_system::files::ReadSeek>, ReadError> {
        OsSystem.open_file(path)
    }

    fn read_named(&self, path: &Path, limit: u64) -> Result<Capped, ReadError> {
        OsSystem.read_named(path, limit)
    }

    fn metadata(&self, path: &Path) -> Result<Metadata, ReadError> {
        OsSystem.metadata(path)
    }

    fn canonical(&self, path: &Path) -> Result<PathBuf, ReadError> {
        OsSystem.canonical(path)
    }

    fn list(&self, folder: &Path) -> Result<Vec<DirEntry>, ReadError> {
        OsSystem.list(folder)
    }

    fn write_atomic(&self, path: &Path, bytes: &[u8]) -> Result<(), WriteError> {
        if self.full.load(Ordering::SeqCst) {
            return Err(WriteError { path: path.to_owned(), problem: WriteProblem::Full });
        }
        OsSystem.write_atomic(path, bytes)
    }

    fn create_folder(&self, path: &Path) -> Result<(), WriteError> {
        OsSystem.create_folder(path)
    }

    fn remove_file(&self, path: &Path) -> Result<(), WriteError> {
        OsSystem.remove_file(path)
    }

    fn environment(&self, _name: &str) -> Option<OsString> {
        None
    }

    fn current_folder(&self) -> Option<PathBuf> {
        None
    }

    fn now(&self) -> jiff::Timestamp {
        if self.real_clock.load(Ordering::SeqCst) {
            return OsSystem.now();
        }
        "2040-01-01T00:00:00Z".parse().unwrap()
    }
}
