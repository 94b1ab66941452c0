use std::io;
use std::path::{Path, PathBuf};

use andon_config::Config;
use andon_model::{Gap, GapKind, ScanReport, TargetKind};
use andon_sbom::{Problem as SbomProblem, ProblemKind, SbomKind};
use andon_scan::intake::{STDIN_PATH, TreeOptions, read_stdin};
use andon_scan::{Baseline, ScanTarget, baseline, is_image};
use andon_system::{FileKind, System};

use crate::arguments::ScanArguments;
use crate::change::Sides;
use crate::engines::Listed;
use crate::problem::Problem;
use crate::project::Project;
use crate::terminal;

/// Bytes that tell whether a file is an SBOM.
const SBOM_START: u64 = 256 << 10;
/// A larger SBOM is refused, in bytes.
const LARGEST_SBOM: u64 = 1 << 30;

/// What the user asked for, put together with what is there.
pub(super) struct Wanted<'a> {
    pub(super) arguments: &'a ScanArguments,
    pub(super) project: Project,
    pub(super) is_image: bool,
    /// Fetched from a registry.
    is_pulled: bool,
    baseline: Option<Base<'a>>,
}

/// What `--baseline` means.
enum Base<'a> {
    File(PathBuf),
    Revision(&'a str),
}

impl<'a> Wanted<'a> {
    /// Opens the target; `pulled` is the folder of an image that is about to be fetched, to be judged by what the
    /// working folder says.
    ///
    /// # Errors
    /// When it is not there, or is not what the arguments need.
    pub(super) fn new(
        system: &dyn System,
        arguments: &'a ScanArguments,
        pulled: Option<&Path>,
    ) -> anyhow::Result<Self> {
        let is_stdin = arguments.target == Path::new(STDIN_PATH);
        let folder = if is_stdin { Path::new(".") } else { &arguments.target };
        let mut project = Project::open(system, folder)?;
        let commits = [
            (arguments.history, "--history"),
            (arguments.since.is_some(), "--since"),
            (arguments.staged, "--staged"),
        ];
        let commits = commits.into_iter().find_map(|(given, name)| given.then_some(name));
        if let (Some(name), true) = (commits, is_stdin) {
            let message =
                format!("{name} needs a git repository as target, and the target is standard input");
            return Err(Problem::new(message).hint("leave one of them out").into());
        }
        if let (Some(name), None) = (commits, &project.repository) {
            let message =
                format!("{name} needs a git repository, and {} is in none", arguments.target.display());
            return Err(Problem::new(message).hint("name a folder that is, or leave it out").into());
        }
        if is_stdin {
            project.root.clone_from(&project.top);
        }
        let baseline = arguments.baseline.as_deref().map(|name| {
            let is_file = system.canonical(Path::new(name)).is_ok() && !looks_like_revision(&project, name);
            if is_file { Base::File(name.into()) } else { Base::Revision(name) }
        });
        if let (Some(Base::Revision(name)), None) = (&baseline, &project.repository) {
            let message =
                format!("there is no file `{name}`, and without a git repository no revision either");
            return Err(Problem::new(message)
                .hint("make a baseline with `andon scan --format json --output FILE`")
                .into());
        }
        if let Some(folder) = pulled {
            project.root = folder.to_owned();
        }
        let is_image = pulled.is_some() || (!is_stdin && is_image(system, &project.root));
        if let (true, Some(Base::Revision(name))) = (is_image, &baseline) {
            let message =
                format!("an image has no revisions, and there is no file `{name}` to compare it with");
            return Err(Problem::new(message)
                .hint("make a baseline with `andon scan --format json --output FILE`")
                .into());
        }
        if let (Some(name), true) = (commits, is_image) {
            let message =
                format!("{name} needs a git repository, and {} is an image", arguments.target.display());
            return Err(Problem::new(message).hint("leave it out").into());
        }
        Ok(Self { arguments, project, is_image, is_pulled: pulled.is_some(), baseline })
    }

    /// The components of the target, when it is an SBOM. One of a kind that is not understood is a gap.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(super) fn listed(&self, system: &dyn System) -> anyhow::Result<Listed> {
        let root = &self.project.root;
        // Pipes and devices are refused by the scan itself.
        let is_file = system.metadata(root).is_ok_and(|found| found.kind == FileKind::File);
        if !is_file || self.is_image || self.arguments.target == Path::new(STDIN_PATH) {
            return Ok(Listed::default());
        }
        let start = system.read_start(root, SBOM_START)?;
        let is_list = |kind: &SbomKind| *kind != SbomKind::OpenVex;
        if andon_sbom::detect(&start).filter(is_list).is_none() {
            return Ok(Listed::default());
        }
        let bytes = system.read_named(root, LARGEST_SBOM)?.bytes;
        let sbom = match andon_sbom::read(&bytes) {
            Ok(sbom) => sbom,
            Err(error) => {
                let gap = Gap { kind: GapKind::Unparsable, subject: self.name(), detail: error.to_string() };
                return Ok(Listed { components: Vec::new(), gaps: vec![gap] });
            }
        };
        let (gaps, notes): (Vec<_>, Vec<_>) =
            sbom.problems.iter().map(|each| self.gap(each)).partition(Result::is_ok);
        self.say(&notes.into_iter().filter_map(Result::err).collect::<Vec<_>>());
        Ok(Listed { components: sbom.components, gaps: gaps.into_iter().flatten().collect() })
    }

    /// What a problem of an SBOM means for the coverage, or else a note about what was mended.
    fn gap(&self, problem: &SbomProblem) -> Result<Gap, String> {
        let kind = match problem.kind {
            ProblemKind::Damaged | ProblemKind::Incomplete => GapKind::Unparsable,
            ProblemKind::NotAuditable => GapKind::NotAudited,
            ProblemKind::Limit => GapKind::Limit,
            ProblemKind::OddPurl | ProblemKind::Dangling => return Err(problem.detail.clone()),
        };
        Ok(Gap { kind, subject: self.name(), detail: problem.detail.clone() })
    }

    /// The target as the user named it.
    pub(super) fn name(&self) -> String {
        let image = self.arguments.image.clone();
        image.unwrap_or_else(|| self.arguments.target.display().to_string())
    }

    /// The two sides of the change under judgement.
    pub(super) fn sides(&self) -> Sides<'_> {
        let arguments = self.arguments;
        match (&arguments.since, &self.baseline) {
            (Some(since), _) => Sides::Commits(since),
            _ if arguments.staged => Sides::Staged,
            (None, Some(Base::Revision(revision))) if !arguments.history && !self.project.is_bare => {
                Sides::WorkingTree(revision)
            }
            _ => Sides::Nothing,
        }
    }

    /// # Errors
    /// When standard input cannot be read, or is too large.
    pub(super) fn target(&self, config: &Config) -> anyhow::Result<ScanTarget> {
        let arguments = self.arguments;
        if arguments.target == Path::new(STDIN_PATH) {
            let limit = self.tree(config).max_file_size;
            return Ok(ScanTarget::Stdin(read_stdin(&mut io::stdin().lock(), limit)?.bytes));
        }
        Ok(if self.is_image {
            // What was pulled was chosen already.
            let platform = arguments.platform.clone().filter(|_| !self.is_pulled);
            ScanTarget::Image { reference: arguments.reference.clone(), platform }
        } else if arguments.history {
            ScanTarget::History { unreachable: arguments.unreachable }
        } else if let Some(since) = &arguments.since {
            ScanTarget::Range { since: since.clone() }
        } else if arguments.staged {
            ScanTarget::Staged
        } else if self.project.repository.is_some() && !self.project.is_file {
            ScanTarget::WorkingTree
        } else {
            ScanTarget::Directory
        })
    }

    pub(super) fn tree(&self, config: &Config) -> TreeOptions {
        let arguments = self.arguments;
        let untracked = arguments.untracked || (config.scan.untracked && !arguments.no_untracked);
        let anchored = |glob: &String| Some(format!("/{}", self.project.below_target(glob)?));
        TreeOptions {
            untracked,
            exclude: config.scan.exclude.iter().filter_map(anchored).collect(),
            max_file_size: arguments.max_file_size.unwrap_or(config.scan.max_file_size).0,
            ..TreeOptions::default()
        }
    }

    /// # Errors
    /// When a report cannot be read.
    pub(super) fn baseline(&self, system: &dyn System) -> anyhow::Result<Option<Baseline>> {
        Ok(match &self.baseline {
            None => None,
            Some(Base::File(path)) => Some(Baseline::Findings(baseline::read_report(system, path)?)),
            Some(Base::Revision(revision)) => Some(Baseline::Revision((*revision).to_owned())),
        })
    }

    /// The cache's folder, which is made if it is missing; `None` when there is no cache.
    pub(super) fn cache_folder(&self, system: &dyn System) -> Option<PathBuf> {
        let folder = system.cache_dir().filter(|_| !self.arguments.no_cache)?;
        match system.create_folder(&folder).map(|()| system.canonical(&folder)) {
            Ok(found) => found.ok(),
            Err(error) => {
                self.say(&[format!("no cache: {error}")]);
                None
            }
        }
    }

    /// What to say when a working tree has no file that git tracks: nothing found is then no answer.
    pub(super) fn blindness(&self, report: &ScanReport) -> Option<String> {
        let seen = report.coverage.engines.iter().any(|engine| engine.files > 0);
        let is_blind = report.target.kind == TargetKind::WorkingTree && !seen && !self.arguments.untracked;
        is_blind.then(|| {
            "no tracked file was examined; --untracked also scans files that git does not track".to_owned()
        })
    }

    /// Tells the user, unless that is not wanted.
    pub(super) fn say(&self, notes: &[String]) {
        if !self.arguments.quiet {
            notes.iter().for_each(|note| terminal::note(note));
        }
    }
}

/// A folder may have the name of a branch.
fn looks_like_revision(project: &Project, name: &str) -> bool {
    let Some(repository) = &project.repository else { return false };
    let repository = repository.to_thread_local();
    !Path::new(name).is_file() && repository.rev_parse_single(name).is_ok()
}
