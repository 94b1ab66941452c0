//! YAML and JSON documents as `serde_json` values that remember where each part was written.
//!
//! Everything read here comes from an attacker: depth, number of nodes and size are limited *after* aliases are
//! expanded, duplicate keys are errors, and nothing panics. The crate knows nothing of what the documents mean and
//! reads no files.
//!
//! ```
//! use andon_documents::{Limits, yaml_one};
//! let document = yaml_one("gates:\n  - name: main\n    stop: { high: 0 }\n", &Limits::default())?;
//! assert_eq!(document.value["gates"][0]["stop"]["high"], 0);
//! assert_eq!(document.locate_key("/gates/0/stop").unwrap().to_string(), "3:5");
//! # Ok::<(), andon_documents::Error>(())
//! ```

mod document;
mod error;
mod json;
mod scalar;
mod tree;
mod yaml;

pub use document::{Document, Position};
pub use error::{Error, Problem};
pub use json::json;
pub use tree::{Fault, Node, NodeKind, Tree};
pub use yaml::{yaml, yaml_one};

/// How much a document may ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Levels of nesting, the root being the first. Values over 128 count as 128.
    pub depth: usize,
    /// Nodes (scalars, sequences, mappings) of the whole stream, counted after aliases are expanded.
    pub nodes: usize,
    /// Bytes of scalars and keys of the whole stream, counted after aliases are expanded.
    pub bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { depth: 128, nodes: 1_000_000, bytes: 64 << 20 }
    }
}
