//! Container images: which one a store holds, what it is made of, and what is in its layers.

mod choose;
mod digest;
mod document;
mod error;
mod instruction;
mod layer;
mod open;
mod store;
mod tar_store;
mod visibility;
mod walk;

use std::collections::BTreeMap;

use serde::Deserialize;

pub use error::ImageError;
pub use store::{Blob, Store, StoreError};
pub use tar_store::TarStore;

/// Operating system and processor, as Go names them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Platform {
    /// `linux`, `windows`, …
    #[serde(default)]
    pub os: String,
    /// `amd64`, `arm64`, …
    #[serde(default)]
    pub architecture: String,
    /// `v7`, `v8`, …; empty when there is none.
    #[serde(default)]
    pub variant: String,
}

/// Which image is wanted, where there are several.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// A tag, a name with a tag, or a manifest's digest; needed only when there are several images.
    pub reference: Option<String>,
    /// The platform. Without one: the only one there is, otherwise Linux on this machine's processor, otherwise
    /// linux/amd64.
    pub platform: Option<Platform>,
}

/// An image whose manifest and configuration were read and verified.
#[derive(Clone, Debug)]
pub struct Image {
    /// Digest of the manifest; a docker-archive has none.
    pub digest: Option<String>,
    /// Digest of the configuration, which names the image's content whatever it was fetched with.
    pub config_digest: String,
    /// Its names, as far as the store knows them.
    pub names: Vec<String>,
    /// What it runs on.
    pub platform: Platform,
    /// When it was made, as written there.
    pub created: String,
    /// How it is run.
    pub run: Run,
    /// How it was made, oldest first, steps without a layer included.
    pub history: Vec<HistoryStep>,
    /// Its layers, the lowest first.
    pub layers: Vec<Layer>,
}

/// How an image is run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Run {
    /// User, and group after a colon; empty for root.
    pub user: String,
    /// Environment, `NAME=value`.
    pub environment: Vec<String>,
    /// Program and arguments.
    pub entrypoint: Vec<String>,
    /// Arguments to the entry point, or program and arguments when there is none.
    pub command: Vec<String>,
    /// Where it starts.
    pub working_folder: String,
    /// Labels.
    pub labels: BTreeMap<String, String>,
}

/// A step of an image's history.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HistoryStep {
    /// The instruction, without what builders put around it.
    pub instruction: String,
    /// When, as written there.
    pub created: String,
    /// What the builder says about it.
    pub comment: String,
    /// The layer it made, as an index.
    pub layer: Option<usize>,
}

/// A layer of an image.
#[derive(Clone, Debug)]
pub struct Layer {
    /// 0 at the bottom.
    pub index: usize,
    /// Digest of the blob as it is stored; a docker-archive has none.
    pub digest: Option<String>,
    /// Digest of the decompressed tar.
    pub diff_id: String,
    /// Media type; empty in a docker-archive.
    pub media_type: String,
    /// Bytes of the blob, where they are stated.
    pub size: Option<u64>,
    /// The instruction that made it; empty where the history does not say.
    pub instruction: String,
    path: String,
}
