//! Container images: every file of every layer, each layer streamed once.

use std::path::{Path, PathBuf};
use std::sync::Mutex;

use andon_containers::{Blob, Choice, Image, ImageError, Store, StoreError, TarStore};
use andon_model::{LayerRef, Occurrence};
use andon_system::{FileKind, System};

use super::contents::Contents;
use super::deep::{Deep, Found, Nested};
use super::examine::{Examination, NewStats};
use super::gather::Gathering;
use super::gathered::Gathered;
use super::source::{Item, Place as Where};
use super::{Phase, Scan};

/// The name under which what an image says of itself is examined.
const CONFIGURATION: &str = "image configuration";

/// An image, and where its parts are.
pub(crate) struct Opened<'a> {
    image: Image,
    store: Box<dyn Store + 'a>,
}

impl<'a> Opened<'a> {
    /// Reads the manifest and the configuration of the image at a scan's root: a folder in OCI layout, or a tar.
    pub(crate) fn new(scan: &Scan<'a>, choice: &Choice) -> Result<Self, ImageError> {
        let root = scan.request.root.clone();
        let is_file = scan.system.metadata(&root).is_ok_and(|found| found.kind == FileKind::File);
        let store: Box<dyn Store + 'a> = if is_file {
            let open =
                move || andon_system::files::open_read(&root).map(boxed).map_err(std::io::Error::other);
            let unreadable = |error: StoreError| ImageError::Unreadable {
                what: "the archive".to_owned(),
                reason: error.to_string(),
            };
            Box::new(TarStore::new(open).map_err(unreadable)?)
        } else {
            Box::new(Layout { system: scan.system, root })
        };
        Ok(Self { image: Image::open(store.as_ref(), choice)?, store })
    }

    /// Digest of the manifest, or of the configuration where there is none.
    pub(crate) fn digest(&self) -> &str {
        self.image.digest.as_deref().unwrap_or(&self.image.config_digest)
    }

    fn layers(&self) -> Vec<LayerRef> {
        let layer = |layer: &andon_containers::Layer| LayerRef {
            index: u32::try_from(layer.index).unwrap_or(u32::MAX),
            digest: layer.digest.clone().unwrap_or_else(|| layer.diff_id.clone()),
            instruction: layer.instruction.clone(),
        };
        self.image.layers.iter().map(layer).collect()
    }

    /// Environment, labels and history as a text: secrets stand in all of them.
    fn configuration(&self) -> Item {
        let run = &self.image.run;
        let mut text = String::new();
        for variable in &run.environment {
            text += &format!("ENV {variable}\n");
        }
        for (key, value) in &run.labels {
            text += &format!("LABEL {key}={value}\n");
        }
        for (what, arguments) in [("ENTRYPOINT", &run.entrypoint), ("CMD", &run.command)] {
            if !arguments.is_empty() {
                text += &format!("{what} {}\n", arguments.join(" "));
            }
        }
        for step in &self.image.history {
            text += &format!("{}\n", step.instruction);
        }
        // A NUL would make it all no text.
        let text = text.replace('\0', "\u{fffd}");
        Item { path: CONFIGURATION.to_owned(), size: None, place: Where::Memory(text.into_bytes()) }
    }
}

fn boxed(file: Box<dyn andon_system::files::ReadSeek>) -> Box<dyn andon_containers::ReadSeek + Send> {
    Box::new(file)
}

/// Whether a container image is at a path: a folder in OCI layout, or a tar that holds an image.
pub fn is_image(system: &dyn System, path: &Path) -> bool {
    match system.metadata(path).map(|found| found.kind) {
        Ok(FileKind::Folder) => {
            ["oci-layout", "index.json"].iter().all(|name| system.metadata(&path.join(name)).is_ok())
        }
        Ok(FileKind::File) => {
            let path = path.to_owned();
            let open =
                move || andon_system::files::open_read(&path).map(boxed).map_err(std::io::Error::other);
            let names = |store: &TarStore| {
                ["manifest.json", "index.json"].iter().any(|name| store.open(name).is_ok())
            };
            TarStore::new(open).is_ok_and(|store| names(&store))
        }
        _ => false,
    }
}

/// A folder in OCI layout.
struct Layout<'a> {
    system: &'a dyn System,
    root: PathBuf,
}

impl Store for Layout<'_> {
    fn open(&self, path: &str) -> Result<Blob, StoreError> {
        let plain = path.split('/').all(|part| !part.is_empty() && part != "." && part != "..");
        if !plain {
            return Err(StoreError::NotFound);
        }
        let path = self.root.join(path);
        if self.system.metadata(&path).is_err() {
            return Err(StoreError::NotFound);
        }
        let file = self.system.open_file(&path).map_err(|error| StoreError::Failed(error.to_string()))?;
        Ok(Box::new(file))
    }
}

impl Examination<'_> {
    /// Examines an image.
    pub(crate) fn run_image(&self, opened: &Opened<'_>) -> Result<Gathered, ImageError> {
        self.progress.phase(Phase::Examining, None);
        let contents = Contents::new(self.engines, self.cache);
        let configuration = opened.configuration();
        let visit = self.visit(&configuration, &contents, &NewStats::default());
        let found = Mutex::new(Found::default());
        let walked = rayon::in_place_scope(|scope| {
            let scope = (rayon::current_num_threads() > 1).then_some(scope);
            let (contents, found) = (&contents, &found);
            let mut layers = Deep { examination: self, contents, found, archive: None, scope, at_hand: None };
            opened.image.walk(opened.store.as_ref(), &self.archives, &mut layers)
        });
        let outcome = walked?;
        let slots = self.save(contents, Vec::new());
        let mut gathering = Gathering::new(self.engines).with_layers(opened.layers());
        gathering.add(&Occurrence::in_tree(CONFIGURATION), visit);
        let Found { mut nested, gaps } = Found::settle(&found, &outcome, ".");
        nested.sort_by(|a, b| (&a.path, layer(a)).cmp(&(&b.path, layer(b))));
        nested.into_iter().for_each(|nested| gathering.add_nested(nested));
        gaps.into_iter().for_each(|gap| gathering.gap(gap));
        Ok(gathering.finish(&slots))
    }
}

fn layer(nested: &Nested) -> Option<usize> {
    nested.layer.map(|place| place.layer)
}
