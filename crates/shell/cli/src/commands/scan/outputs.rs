use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use andon_model::{Engine, ScanReport};
use andon_report::{RenderError, RenderOptions};
use andon_sbom::WriteError;
use andon_system::{FileKind, System};

use crate::arguments::{ReportWanted, ScanArguments};
use crate::problem::Problem;
use crate::terminal;

/// Bytes of a report that are written at a time.
const PIECE: usize = 64 << 10;

/// Where the reports go.
pub(super) struct Outputs<'a> {
    arguments: &'a ScanArguments,
    /// Files with absolute paths.
    reports: Vec<ReportWanted>,
}

impl<'a> Outputs<'a> {
    /// Checks that there is a place for every report, before a scan is done in vain.
    ///
    /// # Errors
    /// When a folder is missing, or there is one where the file should be.
    pub(super) fn new(
        system: &dyn System,
        arguments: &'a ScanArguments,
        reports: &[ReportWanted],
    ) -> anyhow::Result<Self> {
        let mut checked = Vec::new();
        for report in reports {
            let file = report.file.as_deref().map(|file| place(system, file)).transpose()?;
            checked.push(ReportWanted { format: report.format, file });
        }
        Ok(Self { arguments, reports: checked })
    }

    /// Refuses a list of components from a scan whose engines make none.
    ///
    /// # Errors
    /// When some format needs components.
    pub(super) fn check_engines(&self, engines: &[Box<dyn Engine>]) -> anyhow::Result<()> {
        let has_components = engines.iter().any(|engine| engine.info().name == andon_dependencies::NAME);
        match self.reports.iter().find(|report| report.format.needs_inventory() && !has_components) {
            Some(report) => {
                let message =
                    format!("--format {} lists components, and no engine that runs finds any", report.format);
                Err(Problem::new(message).hint("add --engine dependencies").into())
            }
            None => Ok(()),
        }
    }

    /// The folders that are written to.
    pub(super) fn folders(&self) -> impl Iterator<Item = PathBuf> {
        let files = self.reports.iter().filter_map(|report| report.file.as_deref());
        files.filter_map(Path::parent).map(Path::to_owned)
    }

    /// Writes the files first, so that they are there when the text ends.
    ///
    /// # Errors
    /// When one cannot be written.
    pub(super) fn write(&self, system: &dyn System, report: &ScanReport) -> anyhow::Result<()> {
        let (files, stdout): (Vec<_>, Vec<_>) = self.reports.iter().partition(|report| report.file.is_some());
        for wanted in files.into_iter().chain(stdout) {
            let text = terminal::text_options(
                self.arguments.look.color,
                self.arguments.verbose,
                wanted.file.is_some(),
            );
            let options = RenderOptions { text, ..RenderOptions::default() };
            let write = |out: &mut dyn Write| andon_report::write(report, wanted.format, &options, out);
            let notices = match &wanted.file {
                Some(file) => {
                    let mut bytes = Vec::new();
                    let notices = write(&mut bytes)?;
                    system.write_atomic(file, &bytes)?;
                    notices
                }
                None => {
                    let mut out = BufWriter::with_capacity(PIECE, terminal::Data::default());
                    let notices = write(&mut out).map_err(refused)?;
                    out.flush().map_err(|error| terminal::unwritable(&error))?;
                    notices
                }
            };
            if !self.arguments.quiet {
                notices.iter().for_each(|notice| terminal::note(notice));
            }
        }
        Ok(())
    }
}

/// Why a report did not get to standard output.
fn refused(error: RenderError) -> anyhow::Error {
    match error {
        RenderError::Io(error) | RenderError::Components(WriteError::Io(error)) => {
            terminal::unwritable(&error).into()
        }
        error => error.into(),
    }
}

/// The file with its folder's absolute path.
fn place(system: &dyn System, file: &Path) -> anyhow::Result<PathBuf> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let cannot = |why: &str| Problem::new(format!("cannot write {}: {why}", file.display()));
    let folder = system
        .canonical(folder)
        .map_err(|_| cannot("its folder does not exist").hint("create the folder first"))?;
    let name = file.file_name().ok_or_else(|| cannot("that is no file name"))?;
    let path = folder.join(name);
    // A link leads to where the file really is.
    let path = system.canonical(&path).unwrap_or(path);
    if system.metadata(&path).is_ok_and(|found| found.kind == FileKind::Folder) {
        return Err(cannot("it is a folder").hint("name a file in it").into());
    }
    Ok(path)
}
