use std::os::fd::{AsFd, OwnedFd};
use std::path::{Component, Path, PathBuf};

use nix::errno::Errno;
use nix::fcntl::{OFlag, open, openat};
use nix::sys::stat::{Mode, SFlag, fstat, mkdirat};

use super::stop::{Doing, Stop};
use super::wire::Spec;

/// What has been made ready for the seal while the host's files are still in sight.
pub(super) struct Prepared {
    /// The outputs, opened as places (O_PATH), so that nothing can be put in their stead.
    pub(super) outputs: Vec<Place>,
    /// What is weaker than it could be.
    pub(super) remarks: Vec<String>,
    /// Whether the command may make sockets of the family UNIX: not where it could reach those of the host with them.
    pub(super) unix_sockets: bool,
}

/// An output.
pub(super) struct Place {
    pub(super) file: OwnedFd,
    pub(super) path: PathBuf,
    pub(super) folder: bool,
}

/// Opens the outputs, and makes those that are missing, without following a symbolic link.
pub(super) fn prepare(spec: &Spec) -> Result<Prepared, Stop> {
    let mut outputs = Vec::with_capacity(spec.outputs.len());
    for (path, is_file) in &spec.outputs {
        let path: PathBuf = path.path().components().filter(|part| *part != Component::CurDir).collect();
        let file = walk(spec.workspace.path(), &path, *is_file)?;
        outputs.push(Place { file, path: spec.workspace.path().join(path), folder: !is_file });
    }
    // A mount of an inner folder would vanish below a later one of an outer folder.
    outputs.sort_by(|left, right| left.path.cmp(&right.path));
    Ok(Prepared { outputs, remarks: Vec::new(), unix_sockets: true })
}

fn walk(workspace: &Path, path: &Path, is_file: bool) -> Result<OwnedFd, Stop> {
    let mut here =
        open(workspace, FOLDER, Mode::empty()).doing(format!("cannot open {}", workspace.display()))?;
    let mut parts = path.components().peekable();
    while let Some(part) = parts.next() {
        let name = Path::new(part.as_os_str());
        here = match is_file && parts.peek().is_none() {
            true => file(&here, name, path)?,
            false => folder(&here, name, path)?,
        };
    }
    Ok(here)
}

const FOLDER: OFlag =
    OFlag::O_PATH.union(OFlag::O_DIRECTORY).union(OFlag::O_NOFOLLOW).union(OFlag::O_CLOEXEC);

fn folder(parent: impl AsFd, name: &Path, path: &Path) -> Result<OwnedFd, Stop> {
    match mkdirat(&parent, name, Mode::from_bits_truncate(0o755)) {
        Ok(()) | Err(Errno::EEXIST) => {}
        Err(error) => return Err(Stop::Wrong(format!("the output {path:?} cannot be made: {error}"))),
    }
    openat(&parent, name, FOLDER, Mode::empty()).map_err(|error| match error {
        Errno::ENOTDIR | Errno::ELOOP => Stop::Wrong(format!(
            "the output {path:?} leads through {name:?}, which is a symbolic link or no folder; remove it, or declare \
             where it really is"
        )),
        error => Stop::Wrong(format!("the output {path:?} cannot be opened: {error}")),
    })
}

fn file(parent: impl AsFd, name: &Path, path: &Path) -> Result<OwnedFd, Stop> {
    let new = OFlag::O_WRONLY | OFlag::O_CREAT | OFlag::O_EXCL | OFlag::O_NOFOLLOW | OFlag::O_CLOEXEC;
    match openat(&parent, name, new, Mode::from_bits_truncate(0o644)) {
        Ok(_) | Err(Errno::EEXIST) => {}
        Err(error) => return Err(Stop::Wrong(format!("the output {path:?} cannot be made: {error}"))),
    }
    let place = OFlag::O_PATH | OFlag::O_NOFOLLOW | OFlag::O_CLOEXEC;
    let file =
        openat(&parent, name, place, Mode::empty()).doing(format!("cannot open the output {path:?}"))?;
    let status = fstat(&file).doing(format!("cannot examine the output {path:?}"))?;
    if SFlag::from_bits_truncate(status.st_mode & SFlag::S_IFMT.bits()) != SFlag::S_IFREG {
        return Err(Stop::Wrong(format!(
            "the output {path:?} is declared as a file but is something else; remove it"
        )));
    }
    if status.st_nlink > 1 {
        return Err(Stop::Wrong(format!(
            "the output {path:?} is one of several hard links to a file, so that writing it would change the others; \
             remove it before the step"
        )));
    }
    Ok(file)
}
