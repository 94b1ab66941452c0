use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use andon_system::files::{self, Appended, Scratch};
use andon_system::{WriteError, WriteProblem};
use sha2::{Digest, Sha256};

use crate::hash::hex;
use crate::{Failure, LogDigest};

/// A log file with a bound: its beginning and its end are kept, and what is left out between them is counted. Half of
/// the bound is for the beginning; what comes after goes into two files in turn, each a quarter of it.
pub(crate) struct Log {
    path: PathBuf,
    file: Hashed,
    limit: u64,
    tail: Option<Tail>,
    /// Why nothing can be written any more.
    failed: Option<String>,
}

/// The file and its digest.
struct Hashed {
    file: io::BufWriter<Appended>,
    hash: Sha256,
    bytes: u64,
}

/// What came last.
struct Tail {
    older: Option<Part>,
    newer: Part,
    turns: u32,
    /// Bytes and lines.
    dropped: (u64, u64),
}

struct Part {
    file: Scratch,
    bytes: u64,
    lines: u64,
}

impl Log {
    /// Makes the file.
    ///
    /// # Errors
    /// When it may not be written or there is something already.
    pub(crate) fn create(path: &Path, limit: u64) -> Result<Self, Failure> {
        let failed = |error: WriteError| Failure(format!("the log of the step: {error}"));
        let file = files::open_append(path).map_err(failed)?;
        if file.length() > 0 {
            return Err(Failure(format!(
                "the log of the step: {} exists already; remove it",
                path.display()
            )));
        }
        let file = Hashed { file: io::BufWriter::new(file), hash: Sha256::new(), bytes: 0 };
        Ok(Self { path: path.to_owned(), file, limit, tail: None, failed: None })
    }

    /// Takes a whole line, with its end.
    pub(crate) fn line(&mut self, line: &[u8]) {
        if self.failed.is_some() {
            return;
        }
        if let Err(problem) = self.put(line) {
            self.failed = Some(problem);
        }
    }

    fn put(&mut self, line: &[u8]) -> Result<(), String> {
        let length = u64::try_from(line.len()).unwrap_or(u64::MAX);
        if self.tail.is_none() && self.file.bytes.saturating_add(length) <= self.limit / 2 {
            return self.file.write(line).map_err(|error| words(&self.path, error));
        }
        if self.tail.is_none() {
            let newer = self.part("tail-0")?;
            self.tail = Some(Tail { older: None, newer, turns: 0, dropped: (0, 0) });
        }
        let full =
            self.tail.as_ref().is_some_and(|tail| tail.newer.bytes.saturating_add(length) > self.limit / 4);
        if full {
            self.turn()?;
        }
        let Some(tail) = &mut self.tail else { return Ok(()) };
        tail.newer.file.write_all(line).map_err(|error| words(&self.path, error))?;
        tail.newer.bytes = tail.newer.bytes.saturating_add(length);
        tail.newer.lines = tail.newer.lines.saturating_add(1);
        Ok(())
    }

    /// The older part is given up, and its file taken for what comes now.
    fn turn(&mut self) -> Result<(), String> {
        let Some(tail) = &mut self.tail else { return Ok(()) };
        if let Some(older) = tail.older.take() {
            tail.dropped.0 = tail.dropped.0.saturating_add(older.bytes);
            tail.dropped.1 = tail.dropped.1.saturating_add(older.lines);
            // Its file is removed, so that the disk and the name are free.
            drop(older);
        }
        tail.turns = tail.turns.wrapping_add(1);
        let name = if tail.turns % 2 == 0 { "tail-0" } else { "tail-1" };
        let fresh = self.part(name)?;
        if let Some(tail) = &mut self.tail {
            tail.older = Some(std::mem::replace(&mut tail.newer, fresh));
        }
        Ok(())
    }

    fn part(&self, name: &str) -> Result<Part, String> {
        let mut path = self.path.clone().into_os_string();
        path.push(".");
        path.push(name);
        let file = files::scratch(Path::new(&path)).map_err(|error| error.to_string())?;
        Ok(Part { file, bytes: 0, lines: 0 })
    }

    /// Lets readers of the file see what is there.
    pub(crate) fn flush(&mut self) {
        if self.failed.is_none()
            && let Err(error) = self.file.file.flush()
        {
            self.failed = Some(words(&self.path, error));
        }
    }

    /// Puts beginning and end together. Returns what became of it, and a remark where something is missing.
    pub(crate) fn finish(mut self) -> (LogDigest, Option<String>) {
        let mut note = None;
        let mut cut = false;
        if let Some(tail) = self.tail.take() {
            let (bytes, lines) = tail.dropped;
            if bytes > 0 {
                cut = true;
                note = Some(format!(
                    "its log leaves out {bytes} bytes in {lines} lines between its beginning and its end"
                ));
                let mark = format!("[andon: {bytes} bytes in {lines} lines are left out here]\n");
                self.line_of_file(mark.as_bytes());
            }
            for part in tail.older.into_iter().chain([tail.newer]) {
                self.append(part.file);
            }
        }
        self.flush();
        if let Some(problem) = self.failed {
            cut = true;
            note = Some(format!("its log is not complete: {problem}"));
        }
        let digest = LogDigest { sha256: hex(&self.file.hash.finalize()), bytes: self.file.bytes, cut };
        (digest, note)
    }

    fn line_of_file(&mut self, bytes: &[u8]) {
        if self.failed.is_none()
            && let Err(error) = self.file.write(bytes)
        {
            self.failed = Some(words(&self.path, error));
        }
    }

    fn append(&mut self, mut part: Scratch) {
        let mut buffer = vec![0; 64 << 10];
        let mut copy = || -> io::Result<()> {
            part.flush()?;
            part.seek(SeekFrom::Start(0))?;
            loop {
                match part.read(&mut buffer)? {
                    0 => return Ok(()),
                    length => self.file.write(buffer.get(..length).unwrap_or_default())?,
                }
            }
        };
        if let Err(error) = copy() {
            self.failed.get_or_insert(words(&self.path, error));
        }
    }
}

impl Hashed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)?;
        self.hash.update(bytes);
        self.bytes = self.bytes.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        Ok(())
    }
}

fn words(path: &Path, error: io::Error) -> String {
    match WriteError::of(path, error).problem {
        WriteProblem::Other(error) => error.to_string(),
        problem => problem.to_string(),
    }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "the tests look at the disk")]
mod tests {
    use super::*;

    fn check(limit: u64, lines: &[&str], expected: &str, dropped: Option<&str>) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("step.log");
        let mut log = Log::create(&path, limit).unwrap();
        for line in lines {
            log.line(line.as_bytes());
        }
        let (digest, note) = log.finish();
        let text = std::fs::read_to_string(&path).unwrap();
        assert_eq!(text, expected);
        assert_eq!(digest.bytes, text.len() as u64);
        assert_eq!(digest.sha256, hex(&Sha256::digest(text.as_bytes())));
        assert_eq!(digest.cut, dropped.is_some());
        assert!(
            dropped.is_none_or(|words| note.as_ref().is_some_and(|note| note.contains(words))),
            "{note:?}"
        );
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing else stays");
    }

    #[test]
    fn beginning_and_end_are_kept() {
        check(1000, &["one\n", "two\n"], "one\ntwo\n", None);
        check(16, &["1234567\n", "abc\n", "def\n"], "1234567\nabc\ndef\n", None);
        let many: Vec<String> = (0..100).map(|number| format!("{number:03}\n")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        let mark = "[andon: 320 bytes in 80 lines are left out here]\n";
        let head: String = many.iter().take(10).copied().collect();
        let expected = format!("{head}{mark}{}", many.iter().skip(90).copied().collect::<String>());
        check(80, &many, &expected, Some("320 bytes in 80 lines"));
    }

    #[test]
    fn a_log_that_is_there_is_not_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("step.log");
        std::fs::write(&path, "old").unwrap();
        assert!(Log::create(&path, 10).err().unwrap().0.contains("exists already"));
        assert!(
            Log::create(&folder.path().join("none/x"), 10).err().unwrap().0.contains("folder does not exist")
        );
    }
}
