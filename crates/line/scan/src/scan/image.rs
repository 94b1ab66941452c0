//! Container images: every file of every layer, each layer streamed once.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use andon_containers::{
    ArchiveKind, Blob, Choice, Entry, Image, ImageError, Place, Problem, Store, StoreError, TarStore,
    Visitor, Want,
};
use andon_model::{Gap, GapKind, LayerRef, Occurrence};
use andon_system::{FileKind, System};
use rayon::Scope;

use super::contents::Contents;
use super::deep::{Nested, ask, examine, only_path_facts, opens, untold};
use super::engines::Wanted;
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
            let (examination, contents, found) = (self, &contents, &found);
            let mut layers = Layers { examination, contents, found, scope, at_hand: None };
            opened.image.walk(opened.store.as_ref(), &self.archives, &mut layers)
        });
        let outcome = walked?;
        let slots = self.save(contents, Vec::new());
        let mut gathering = Gathering::new(self.engines).with_layers(opened.layers());
        gathering.add(&Occurrence::in_tree(CONFIGURATION), visit);
        let Found { mut nested, gaps } = found.into_inner().unwrap_or_else(PoisonError::into_inner);
        nested.sort_by(|a, b| (&a.path, layer(a)).cmp(&(&b.path, layer(b))));
        nested.into_iter().for_each(|nested| gathering.add_nested(nested));
        untold(&outcome, gaps.len(), ".").into_iter().chain(gaps).for_each(|gap| gathering.gap(gap));
        if outcome.cancelled {
            let detail = "stopped before all layers were examined; scan again".to_owned();
            gathering.gap(Gap { kind: GapKind::Interrupted, subject: ".".to_owned(), detail });
        }
        Ok(gathering.finish(&slots))
    }
}

fn layer(nested: &Nested) -> Option<usize> {
    nested.layer.map(|place| place.layer)
}

#[derive(Default)]
struct Found {
    nested: Vec<Nested>,
    gaps: Vec<Gap>,
}

/// Hands the files of the layers to other threads, while this one goes on decompressing.
struct Layers<'v, 's, 'e> {
    examination: &'v Examination<'e>,
    contents: &'v Contents<'e>,
    found: &'v Mutex<Found>,
    scope: &'s Scope<'v>,
    /// What engines want of the entry at hand.
    at_hand: Option<(String, Wanted)>,
}

impl Layers<'_, '_, '_> {
    fn keep(&self, nested: Nested) {
        self.found.lock().unwrap_or_else(PoisonError::into_inner).nested.push(nested);
    }
}

impl Visitor for Layers<'_, '_, '_> {
    fn wants(&mut self, entry: &Entry<'_>, head: &[u8]) -> Want {
        let path = entry.location().join(Occurrence::INSIDE);
        let asked = ask(self.examination, entry, head, &path);
        if asked.want == Want::Skip {
            if let Some(visit) = asked.visit {
                self.keep(Nested { path, inside: !entry.nested.is_empty(), layer: entry.layer, visit });
            }
        } else {
            self.at_hand = Some((path, asked.wanted));
        }
        asked.want
    }

    fn opens(&mut self, entry: &Entry<'_>, kind: ArchiveKind) -> bool {
        if !opens(self.examination, kind) {
            return false;
        }
        let path = entry.location().join(Occurrence::INSIDE);
        let facts = self.examination.engines.wanted(&path, self.examination.among).path_facts;
        if let Some(visit) = only_path_facts(facts) {
            self.keep(Nested { path, inside: !entry.nested.is_empty(), layer: entry.layer, visit });
        }
        true
    }

    fn file(&mut self, entry: &Entry<'_>, bytes: Vec<u8>) {
        let Some((path, wanted)) = self.at_hand.take() else { return };
        let (inside, layer): (bool, Option<Place>) = (!entry.nested.is_empty(), entry.layer);
        let (examination, contents, found) = (self.examination, self.contents, self.found);
        let size = bytes.len() as u64;
        let work = move || {
            let visit = examine(examination, contents, &path, wanted, &bytes);
            examination.progress.advance(1, bytes.len() as u64);
            let nested = Nested { path, inside, layer, visit };
            found.lock().unwrap_or_else(PoisonError::into_inner).nested.push(nested);
        };
        if rayon::current_num_threads() < 2 {
            return work();
        }
        let share = examination.budget.acquire(size);
        self.scope.spawn(move |_| {
            let _share = share;
            work();
        });
    }

    fn problem(&mut self, problem: Problem) {
        let path = problem.nested.join(Occurrence::INSIDE);
        let layer = problem.layer.map(|layer| format!("layer {layer}")).unwrap_or_default();
        let subject = if path.is_empty() { layer } else { path };
        let gap = Gap { kind: problem.kind.gap(), subject, detail: problem.detail };
        self.found.lock().unwrap_or_else(PoisonError::into_inner).gaps.push(gap);
    }

    fn cancelled(&mut self) -> bool {
        self.examination.interrupted.load(std::sync::atomic::Ordering::Relaxed)
    }
}
