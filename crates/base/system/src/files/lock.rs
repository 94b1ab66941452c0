use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::WriteError;

/// Holds a file against every other process until it is dropped or the process ends, however it ends.
#[derive(Debug)]
pub struct Lock {
    file: File,
    /// Whether the file says who has it.
    named: bool,
}

/// Why a lock is not to be had.
#[derive(Debug, Error)]
pub enum LockError {
    /// Another process has it.
    #[error("{} is held by {}", path.display(), if holder.is_empty() { "another process" } else { holder })]
    Held {
        /// The lock file.
        path: PathBuf,
        /// What the holder said about itself; empty when that cannot be read.
        holder: String,
    },
    /// The lock file cannot be made.
    #[error(transparent)]
    Write(#[from] WriteError),
}

/// Takes the advisory lock of a file without waiting, and writes into it who has it. The file stays when the lock is
/// given back, so that nobody locks a file that another has just removed.
///
/// # Errors
/// When another process has it, or the file cannot be made.
pub fn lock(path: &Path, holder: &str) -> Result<Lock, LockError> {
    let failed = |error| WriteError::io(path, error);
    let mut options = OpenOptions::new();
    let mut file = options.read(true).write(true).create(true).truncate(false).open(path).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            return Err(LockError::Held { path: path.to_owned(), holder: read_holder(&mut file) });
        }
        Err(TryLockError::Error(error)) => return Err(failed(error).into()),
    }
    file.set_len(0).and_then(|()| file.write_all(holder.as_bytes())).map_err(failed)?;
    Ok(Lock { file, named: true })
}

/// Takes the advisory lock of a file and waits for as long as another process or thread has it. For work of
/// milliseconds: whoever has it says nothing about itself.
///
/// # Errors
/// When the file cannot be made or locked.
pub fn lock_waiting(path: &Path) -> Result<Lock, WriteError> {
    let mut options = OpenOptions::new();
    let locked = options.read(true).write(true).create(true).truncate(false).open(path).and_then(|file| {
        file.lock()?;
        Ok(Lock { file, named: false })
    });
    locked.map_err(|error| WriteError::io(path, error))
}

impl Drop for Lock {
    fn drop(&mut self) {
        // The end of the process gives it back in any case.
        if self.named {
            let _ = self.file.set_len(0);
        }
        let _ = self.file.unlock();
    }
}

/// One line of plain text, whatever the file holds.
fn read_holder(file: &mut File) -> String {
    const LONGEST: u64 = 200;
    let mut bytes = Vec::new();
    let read = file.seek(SeekFrom::Start(0)).and_then(|_| file.take(LONGEST).read_to_end(&mut bytes));
    let text = if read.is_ok() { String::from_utf8_lossy(&bytes) } else { "".into() };
    text.lines().next().unwrap_or_default().chars().filter(|letter| !letter.is_control()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_is_told_who_has_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        let first = lock(&path, "process 17, since noon\nx").unwrap();
        let error = lock(&path, "process 18").unwrap_err();
        assert!(
            matches!(&error, LockError::Held { holder, .. } if holder == "process 17, since noon"),
            "{error}"
        );
        drop(first);
        lock(&path, "process 18").unwrap();
        assert!(matches!(lock(&folder.path().join("none/lock"), ""), Err(LockError::Write(_))));
    }

    #[test]
    fn one_at_a_time_gets_past_a_lock_that_is_waited_for() {
        use std::sync::atomic::{AtomicU32, Ordering};
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        let (inside, entered) = (AtomicU32::new(0), AtomicU32::new(0));
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..50 {
                        let held = lock_waiting(&path).unwrap();
                        assert_eq!(inside.fetch_add(1, Ordering::SeqCst), 0);
                        entered.fetch_add(1, Ordering::SeqCst);
                        inside.fetch_sub(1, Ordering::SeqCst);
                        drop(held);
                    }
                });
            }
        });
        assert_eq!(entered.into_inner(), 200);
        assert!(lock_waiting(&folder.path().join("none/lock")).is_err());
    }
}
