use std::path::Path;

use andon_system::{System, WriteError};

use super::CachePlace;

/// What a cache asks of the disk beyond what [`System`] does.
pub trait Disk: Sync {
    /// Takes the rights of everybody but the owner from a file or folder, as far as possible.
    fn make_private(&self, path: &Path);
}

/// The real disk.
#[derive(Clone, Copy, Debug, Default)]
pub struct OsDisk;

impl Disk for OsDisk {
    #[cfg(unix)]
    fn make_private(&self, path: &Path) {
        use std::os::unix::fs::PermissionsExt;
        let Ok(found) = std::fs::symlink_metadata(path) else { return };
        let mode = if found.is_dir() { 0o700 } else { 0o600 };
        if found.permissions().mode() & 0o777 != mode && !found.is_symlink() {
            // A file system without rights has nothing to take away.
            let _ = std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode));
        }
    }

    #[cfg(not(unix))]
    fn make_private(&self, _path: &Path) {}
}

/// Writes a file in the folder `folder` of the cache. The folder is made private before anything is in it.
pub(super) fn write_private(
    system: &dyn System,
    place: CachePlace<'_>,
    folder: &str,
    path: &Path,
    bytes: &[u8],
) -> Result<(), WriteError> {
    let top = place.folder.join(folder);
    system.create_folder(path.parent().unwrap_or(&top))?;
    place.disk.make_private(&top);
    system.write_atomic(path, bytes)?;
    place.disk.make_private(path);
    Ok(())
}
