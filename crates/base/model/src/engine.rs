use std::any::Any;

use serde::{Deserialize, Serialize};

use crate::{Finding, Gap, GapKind, Inventory, Location, RejectedRule, RuleDescription, Stage};

/// What every engine does. An engine does no I/O of its own, keeps no state between files and may be called from
/// several threads at once; a panic inside it is caught by the scan and becomes a gap of the coverage.
pub trait Engine: Send + Sync {
    /// Who it is and what it runs.
    fn info(&self) -> EngineInfo;

    /// Whether it wants the content at `path`, asked before the content is read. Must not depend on anything else.
    fn interest(&self, path: &str) -> Interest;

    /// Whether it wants a content that is no text, told by its first bytes (up to 512 of them). Asked only for paths of
    /// which [`Engine::interest`] said [`Interest::Binary`].
    fn wants_binary(&self, _head: &[u8]) -> bool {
        false
    }

    /// Whether something is missed when a content that it asked for as `form` turns out to be no text.
    fn expects_text(&self, _form: Form) -> bool {
        true
    }

    /// Examines one content without knowing where it occurs, so that an unchanged content is examined once, however
    /// often it is renamed or committed. What it returns is cached under the content's digest, the engine's name and
    /// [`EngineInfo::digest`].
    fn examine(&self, content: &Content<'_>) -> Examined;

    /// The same answer as [`Engine::examine`], reached with less work when pieces of the content stand in another one
    /// that was examined before. `base` is what was kept of that one, and the pieces. Returns what to keep of this one
    /// when `keep` asks for it.
    fn examine_delta(
        &self,
        content: &Content<'_>,
        _base: Option<Base<'_>>,
        _keep: bool,
    ) -> (Examined, Option<Memory>) {
        (self.examine(content), None)
    }

    /// Facts that follow from a path alone; none for most paths.
    fn examine_path(&self, _path: &str) -> Option<Vec<u8>> {
        None
    }

    /// Whether a file with this name (the last component of its path) could make [`Engine::examine_path`] answer.
    /// Asked of a history's names, so that only the paths worth a look are put together.
    fn name_matters(&self, name: &str) -> bool {
        self.examine_path(name).is_some()
    }

    /// Does the work that needs more than one content, or needs to know where contents occur. `units` holds only what
    /// has facts, in a fixed order (by first path, then digest).
    fn combine(&self, units: &[Unit], snapshot: &dyn Snapshot) -> Outcome;

    /// Describes the rules named by the findings, or all of them.
    fn rules(&self) -> Vec<RuleDescription>;
}

/// Who an engine is.
#[derive(Clone, Debug)]
pub struct EngineInfo {
    /// Its name, as in `--engine NAME`.
    pub name: &'static str,
    /// The station its findings belong to.
    pub stage: Stage,
    /// Digest of everything but the content that its facts depend on: version, rules, settings.
    pub digest: [u8; 32],
    /// How many rules it runs.
    pub rules_loaded: u64,
    /// Rules that it could not load.
    pub rules_rejected: Vec<RejectedRule>,
    /// Where its rules came from.
    pub packs: Vec<String>,
    /// What it has to see of a target that is a change.
    pub view: View,
}

/// What an engine has to see of a target that is a change or a history.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum View {
    /// The contents that the commits bring, one by one.
    #[default]
    Contents,
    /// The whole tree on either side, because what one file means depends on others; of a history only HEAD.
    Tree,
}

/// Whether an engine wants a content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interest {
    /// Give it to me.
    Content,
    /// Give it to me and say that its path told me what it is.
    As(Form),
    /// Only if it is no text, and [`Engine::wants_binary`].
    Binary,
    /// A path that the rules allow; counted as skipped.
    Allowed,
    /// Not a file that I look at; not worth a word.
    None,
}

/// What an engine takes a content for, as it told from the path: a number of its own, part of what facts are cached by.
/// 0 is a text like any other.
pub type Form = u16;

/// The form of a content that is no text; its bytes come as they are.
pub const BINARY: Form = Form::MAX;

/// A decoded text, unless `form` says otherwise. UTF-16 and Latin-1 have been turned into UTF-8; stray bytes that are
/// not UTF-8 may remain.
#[derive(Clone, Copy, Debug)]
pub struct Content<'a> {
    /// The text.
    pub bytes: &'a [u8],
    /// What the engine itself took it for, by its path.
    pub form: Form,
}

impl<'a> Content<'a> {
    /// A text like any other.
    pub fn text(bytes: &'a [u8]) -> Self {
        Self { bytes, form: 0 }
    }
}

/// What an engine keeps of a content in order to examine its neighbours in history; known to the engine alone.
pub type Memory = Box<dyn Any + Send + Sync>;

/// A content that was examined before, and what of it stands in the present one.
#[derive(Clone, Copy)]
pub struct Base<'a> {
    /// What the same engine kept of it.
    pub memory: &'a Memory,
    /// Pieces of the present content that were copied, in order and without overlap.
    pub pieces: &'a [Piece],
}

/// `length` bytes that stand at `from` in the base and at `to` in the present content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Byte offset in the base.
    pub from: usize,
    /// Byte offset in the present content.
    pub to: usize,
    /// Bytes.
    pub length: usize,
}

/// What `examine` returns.
#[derive(Clone, Debug, Default)]
pub struct Examined {
    /// Serialised facts; empty when there is nothing to remember.
    pub facts: Vec<u8>,
    /// What could not be examined.
    pub diagnostics: Vec<Diagnostic>,
}

/// Something that an engine could not do with a content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Kind of gap.
    pub kind: GapKind,
    /// For people.
    pub detail: String,
}

/// A content that has facts, with every place where it occurs.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Unit {
    /// What `examine` or `examine_path` returned.
    pub facts: Vec<u8>,
    /// Where it occurs: never empty, oldest first for histories, otherwise by path.
    pub occurrences: Vec<Occurrence>,
}

/// A place where a content occurs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Occurrence {
    /// Path from the root, `/` between components; [`Occurrence::INSIDE`] between an archive and what is in it.
    pub path: String,
    /// Whether it is inside an archive.
    pub nested: bool,
    /// Where it was read.
    pub origin: Origin,
}

impl Occurrence {
    /// Stands between an archive's path and a path inside it.
    pub const INSIDE: &'static str = "!/";

    /// An ordinary file.
    pub fn in_tree(path: impl Into<String>) -> Self {
        Self { path: path.into(), nested: false, origin: Origin::Tree }
    }

    /// The place, without a region.
    pub fn location(&self) -> Location {
        let (commit, layer, at_head) = match &self.origin {
            Origin::Tree => (None, None, None),
            Origin::Layer { layer, visible } => (None, Some(layer.clone()), Some(*visible)),
            Origin::Commit { commit, at_head } => (Some(commit.clone()), None, Some(*at_head)),
        };
        let mut parts = self.path.split(Self::INSIDE).map(str::to_owned);
        let (path, nested) = match self.nested {
            true => (parts.next().unwrap_or_default(), parts.collect()),
            false => (self.path.clone(), Vec::new()),
        };
        Location { path, nested, commit, at_head, layer, region: None, snippet: None }
    }
}

/// Where an occurrence was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Origin {
    /// The file system, the index or standard input.
    Tree,
    /// A layer of a container image.
    Layer {
        /// Which.
        layer: crate::LayerRef,
        /// Whether the running container sees it; otherwise a later layer deletes or replaces it.
        visible: bool,
    },
    /// A commit that brought this content to this path.
    Commit {
        /// The commit.
        commit: crate::CommitRef,
        /// Whether HEAD still has it there.
        at_head: bool,
    },
}

/// What `combine` returns.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// The findings.
    pub findings: Vec<Finding>,
    /// What could not be done.
    pub diagnostics: Vec<Diagnostic>,
    /// What could not be done with certain files.
    pub gaps: Vec<Gap>,
    /// What the target is made of, from the engine that knows.
    pub inventory: Option<Inventory>,
}

/// What the scan looks at, as far as an engine may ask.
pub trait Snapshot {
    /// Reads a text file of the target by its path, for example a configuration file; `None` where there is none.
    fn read(&self, path: &str) -> Option<Vec<u8>>;
}
