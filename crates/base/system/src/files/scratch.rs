use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::WriteError;

/// A file for what does not fit into memory. It is removed when it is dropped; one that a killed process left is
/// emptied by the next that uses its name.
#[derive(Debug)]
pub struct Scratch {
    file: BufWriter<File>,
    path: PathBuf,
}

/// Makes an empty file to write and then read back. Nobody else may use its name at the same time.
///
/// # Errors
/// When the folder is missing or may not be written to.
pub fn scratch(path: &Path) -> Result<Scratch, WriteError> {
    const BUFFER: usize = 1 << 20;
    let open = || OpenOptions::new().read(true).write(true).create(true).truncate(true).open(path);
    let file = open().map_err(|error| WriteError::io(path, error))?;
    Ok(Scratch { file: BufWriter::with_capacity(BUFFER, file), path: path.to_owned() })
}

impl Write for Scratch {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Read for Scratch {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.file.flush()?;
        self.file.get_mut().read(buffer)
    }
}

impl Seek for Scratch {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // The next that uses the name empties it.
        let _ = fs::remove_file(&self.path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_can_be_read_and_is_gone_afterwards() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("spool");
        let mut file = scratch(&path).unwrap();
        file.write_all(b"one two").unwrap();
        file.seek(SeekFrom::Start(4)).unwrap();
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        assert_eq!(text, "two");
        drop(file);
        assert!(!path.exists());
        assert!(scratch(&folder.path().join("none/x")).is_err());
    }
}
