use std::io::{Cursor, Read, Write as _};

use andon_containers::{Budget, Entry, EntryKind, Limits, Outcome, Problem, Source, Visitor, Want, walk};
use flate2::Compression;
use flate2::write::GzEncoder;

/// Takes every content, and writes down what it sees.
#[derive(Default)]
pub(crate) struct Seen {
    /// `path=content`, with `!` between nested paths; other kinds than files as `path:kind`.
    pub(crate) files: Vec<String>,
    pub(crate) problems: Vec<Problem>,
    /// Contents longer than this are not wanted.
    pub(crate) limit: Option<u64>,
    /// Cancels after so many entries.
    pub(crate) patience: Option<u64>,
    pub(crate) asked: u64,
}

impl Visitor for Seen {
    fn wants(&mut self, entry: &Entry<'_>, head: &[u8]) -> Want {
        self.asked += 1;
        if entry.kind != EntryKind::Regular {
            assert!(head.is_empty());
            let arrow = if entry.target.is_empty() { String::new() } else { format!("->{}", entry.target) };
            self.files.push(format!(
                "{}{arrow}:{:?}{}",
                entry.location().join("!"),
                entry.kind,
                layer(entry)
            ));
        }
        Want::Content { limit: self.limit.unwrap_or(u64::MAX) }
    }

    fn file(&mut self, entry: &Entry<'_>, bytes: Vec<u8>) {
        let content = match bytes.len() {
            0..=64 => String::from_utf8_lossy(&bytes).into_owned(),
            length => format!("<{length}>"),
        };
        self.files.push(format!("{}={content}{}", entry.location().join("!"), layer(entry)));
    }

    fn problem(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    fn cancelled(&mut self) -> bool {
        self.patience.is_some_and(|patience| self.asked >= patience)
    }
}

impl Seen {
    /// The problems as `Kind path`, without repetition.
    pub(crate) fn kinds(&self) -> Vec<String> {
        let mut kinds: Vec<String> = self
            .problems
            .iter()
            .map(|problem| format!("{:?} {}", problem.kind, problem.nested.join("!")).trim_end().to_owned())
            .collect();
        kinds.dedup();
        kinds
    }
}

fn layer(entry: &Entry<'_>) -> String {
    let mark = |visible| if visible { '+' } else { '-' };
    entry.layer.map_or_else(String::new, |place| format!(" {}{}", place.layer, mark(place.visible)))
}

pub(crate) fn open(name: &str, bytes: &[u8], limits: Limits) -> (Seen, Outcome) {
    let mut seen = Seen::default();
    let outcome = walk(Source::Seekable(&mut Cursor::new(bytes)), name, &Budget::new(limits), &mut seen);
    (seen, outcome)
}

/// A pipe that hands over a few bytes at a time.
struct Dripping<'a>(&'a [u8]);

impl Read for Dripping<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let some = buffer.len().min(7);
        self.0.read(&mut buffer[..some])
    }
}

/// Walks an archive as a file and as a pipe; both must give these files and these problems.
pub(crate) fn check(name: &str, bytes: &[u8], files: &[&str], problems: &[&str]) {
    let (seen, outcome) = open(name, bytes, Limits::default());
    assert_eq!(seen.files, files, "{name}: {:?}", seen.problems);
    assert_eq!(seen.kinds(), problems, "{name}: {:?}", seen.problems);
    assert!(outcome.problems >= problems.len() as u64);
    let mut piped = Seen::default();
    let again = walk(Source::Stream(&mut Dripping(bytes)), name, &Budget::default(), &mut piped);
    assert_eq!((piped.files, piped.problems, again), (seen.files, seen.problems, outcome));
}

pub(crate) fn limits(change: impl FnOnce(&mut Limits)) -> Limits {
    let mut limits = Limits::default();
    change(&mut limits);
    limits
}

pub(crate) fn tar_of(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (path, content) in files {
        builder.append_data(&mut header(content.len() as u64), path, *content).unwrap();
    }
    builder.into_inner().unwrap()
}

pub(crate) fn header(size: u64) -> tar::Header {
    let mut header = tar::Header::new_gnu();
    header.set_mode(0o644);
    header.set_size(size);
    header.set_cksum();
    header
}

/// A header whose name is taken as it is, which the builder would not do.
pub(crate) fn raw_header(name: &[u8], flag: u8, size: u64) -> Vec<u8> {
    let mut header = header(size);
    let bytes = header.as_mut_bytes();
    bytes[..name.len()].copy_from_slice(name);
    bytes[156] = flag;
    header.set_cksum();
    header.as_bytes().to_vec()
}

pub(crate) fn padded(content: &[u8]) -> Vec<u8> {
    let mut bytes = content.to_vec();
    bytes.resize(content.len().next_multiple_of(512), 0);
    bytes
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub(crate) fn zstd_of(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 1).unwrap()
}

pub(crate) fn zip_with(method: zip::CompressionMethod, files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(method);
    for (path, content) in files {
        if path.ends_with('/') {
            writer.add_directory(*path, options).unwrap();
        } else {
            writer.start_file(*path, options).unwrap();
            writer.write_all(content).unwrap();
        }
    }
    writer.finish().unwrap().into_inner()
}

pub(crate) fn zip_of(files: &[(&str, &[u8])]) -> Vec<u8> {
    zip_with(zip::CompressionMethod::Deflated, files)
}
