//! Archives and container images as streams of files. Nothing is unpacked to disk, and everything is bounded by one
//! [`Budget`]: depth, number, bytes and memory. This crate opens no file of its own: sources are readers, and a
//! [`Store`] gives the blobs of an image. It does not know what the files in an archive mean.
//!
//! ```
//! use andon_containers::{Budget, Entry, Problem, Source, Visitor, Want, walk};
//!
//! struct Names(Vec<String>);
//!
//! impl Visitor for Names {
//!     fn wants(&mut self, entry: &Entry<'_>, _head: &[u8]) -> Want {
//!         self.0.push(entry.location().join("!"));
//!         Want::Skip
//!     }
//!     fn file(&mut self, _entry: &Entry<'_>, _bytes: Vec<u8>) {}
//!     fn problem(&mut self, problem: Problem) {
//!         self.0.push(problem.detail);
//!     }
//! }
//!
//! let empty = [&b"PK\x05\x06"[..], &[0; 18]].concat();
//! let mut names = Names(Vec::new());
//! let source = &mut std::io::Cursor::new(empty);
//! let outcome = walk(Source::Seekable(source), "empty.zip", &Budget::default(), &mut names);
//! assert_eq!((outcome.archives, names.0.len()), (1, 0));
//! ```

mod entry;
mod image;
mod inflate;
mod kind;
mod limits;
mod path;
mod stream;
mod tar;
mod walk;
mod zip;

pub use entry::{Entry, EntryKind, Outcome, Place, Problem, ProblemKind, Visitor, Want};
pub use image::{
    Blob, Choice, HistoryStep, Image, ImageError, Layer, Platform, Run, Store, StoreError, TarStore,
};
pub use kind::{ArchiveKind, HEAD_BYTES, kind_of, name_matters};
pub use limits::{Budget, Limits};
pub use stream::ReadSeek;
pub use walk::{Source, walk};
