use std::ffi::OsString;
use std::fmt::Display;
use std::fs;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};

use nix::fcntl::{OFlag, OpenHow, ResolveFlag, open, openat2};
use nix::sys::stat::Mode;

use super::obstacle;
use super::outputs::Place;
use super::stop::{Doing, Stop};
use super::system;

/// No text, for mount(2).
pub(super) const NONE: Option<&str> = None;
/// Opens a place in the tree rather than its content.
pub(super) const PLACE: OFlag = OFlag::O_PATH.union(OFlag::O_CLOEXEC);
/// Attributes of a mount that nothing can change or gain rights through.
pub(super) const READ_ONLY: u64 = libc::MOUNT_ATTR_RDONLY | libc::MOUNT_ATTR_NOSUID;

/// A part of the host's tree, detached from it, and where it is to be seen.
pub(super) struct Tree {
    pub(super) mount: OwnedFd,
    pub(super) path: PathBuf,
    folder: bool,
}

impl Tree {
    /// What the host has at this path, with these attributes.
    pub(super) fn copy(path: &Path, attributes: u64) -> Result<Self, Stop> {
        let file = open(path, PLACE, Mode::empty()).doing(format!("cannot open {}", path.display()))?;
        Self::open(path, &file, attributes)
    }

    /// What has been opened, with these attributes.
    pub(super) fn open(path: &Path, file: &OwnedFd, attributes: u64) -> Result<Self, Stop> {
        let mount = mounted(&path.display(), system::open_tree_at(file.as_fd()))?;
        mounted(&path.display(), system::restrict_mount(mount.as_fd(), attributes, true))?;
        Ok(Self { mount, path: path.to_owned(), folder: path.is_dir() })
    }

    /// An output.
    pub(super) fn of(place: &Place) -> Result<Self, Stop> {
        let attributes = libc::MOUNT_ATTR_NOSUID | libc::MOUNT_ATTR_NODEV;
        let tree = Self::open(&place.path, &place.file, attributes)?;
        Ok(Self { folder: place.folder, ..tree })
    }

    /// Mounts it at its path below the working folder, which is the new root.
    pub(super) fn attach(&self) -> Result<(), Stop> {
        let target = ground(&self.path, self.folder)?;
        mounted(&self.path.display(), system::attach(self.mount.as_fd(), target.as_fd()))
    }
}

/// The place of an absolute path below the working folder, which is the new root, with the folders above it made.
pub(super) fn foothold(path: &Path) -> Result<PathBuf, Stop> {
    let place = path.strip_prefix("/").unwrap_or(path).to_owned();
    if let Some(above) = place.parent().filter(|above| !above.as_os_str().is_empty() && !above.exists()) {
        fs::create_dir_all(above).doing(format!("cannot make a place for {}", path.display()))?;
    }
    Ok(place)
}

/// What to mount upon at an absolute path below the working folder, made where it is missing.
pub(super) fn ground(path: &Path, folder: bool) -> Result<OwnedFd, Stop> {
    let place = foothold(path)?;
    if fs::symlink_metadata(&place).is_err() {
        let made = if folder { fs::create_dir(&place) } else { fs::File::create_new(&place).map(drop) };
        made.doing(format!("cannot make a place for {}", path.display()))?;
    }
    point(&place)
}

/// Opens a place below the working folder without following a symbolic link.
pub(super) fn point(place: &Path) -> Result<OwnedFd, Stop> {
    let how =
        OpenHow::new().flags(PLACE).resolve(ResolveFlag::RESOLVE_NO_SYMLINKS | ResolveFlag::RESOLVE_BENEATH);
    let here = nix::fcntl::AT_FDCWD;
    openat2(here, place, how).doing(format!("cannot open the place of {}", place.display()))
}

/// What mountinfo wrote, with its octal escapes undone (proc_pid_mountinfo(5)).
pub(super) fn unescape(text: &[u8]) -> PathBuf {
    let mut plain = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((first, after)) = rest.split_first() {
        let digits = after
            .get(..3)
            .filter(|digits| *first == b'\\' && digits.iter().all(|digit| (b'0'..b'8').contains(digit)));
        let byte =
            digits.map(|digits| digits.iter().fold(0_u8, |sum, digit| sum.wrapping_mul(8) | (digit - b'0')));
        plain.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { after.get(3..).unwrap_or_default() } else { after };
    }
    OsString::from_vec(plain).into()
}

/// A mount that fails means that the level is not possible here.
pub(super) fn mounted<T, E: Display>(
    what: &(impl Display + ?Sized),
    outcome: Result<T, E>,
) -> Result<T, Stop> {
    outcome.map_err(|error| Stop::Impossible(obstacle::mounting(&what.to_string(), &error)))
}
