use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where something was found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Location {
    /// Path from the root of the target, with `/` between components. Bytes that are not UTF-8 are written as
    /// `%XX`. Standard input is `-`.
    pub path: String,
    /// Paths inside nested containers (an archive in an archive), outermost first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub nested: Vec<String>,
    /// The commit that introduced it, when the target is a history.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<CommitRef>,
    /// Whether this place still exists: at HEAD for histories, in the final file system for images. Absent otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_head: Option<bool>,
    /// The layer of the image that has it, when the target is an image.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub layer: Option<LayerRef>,
    /// The part of the file; absent when the finding is about the file itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<Region>,
    /// The lines of the region, with every secret in them redacted. At most a few lines, at most 400 characters each.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub snippet: Option<String>,
}

/// A part of a text. Lines and columns are 1-based; columns count characters (Unicode scalar values); the end is
/// exclusive for bytes and columns, inclusive for lines.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
pub struct Region {
    /// First byte, 0-based, in the decoded (UTF-8) text.
    pub start_byte: u64,
    /// One past the last byte.
    pub end_byte: u64,
    /// First line, 1-based.
    pub start_line: u32,
    /// First column, 1-based.
    pub start_column: u32,
    /// Last line, 1-based.
    pub end_line: u32,
    /// One past the last column, 1-based.
    pub end_column: u32,
}

impl Location {
    /// The path, with the paths inside containers after it.
    pub fn full_path(&self) -> String {
        std::iter::once(&self.path).chain(&self.nested).map(String::as_str).collect::<Vec<_>>().join("!/")
    }
}

/// A layer of a container image.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LayerRef {
    /// 0 for the lowest.
    pub index: u32,
    /// Digest of the layer as it is stored, `sha256:hex`.
    pub digest: String,
    /// The instruction that made it, as the image's history has it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub instruction: String,
}

/// A commit, as far as a reader needs it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CommitRef {
    /// Full object id in hexadecimal.
    pub id: String,
    /// Author's name.
    pub author: String,
    /// Author's e-mail address.
    pub email: String,
    /// Author's date, RFC 3339.
    pub date: String,
    /// First line of the message.
    pub summary: String,
}
