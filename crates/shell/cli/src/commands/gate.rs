mod change;
pub(crate) mod decide;
pub(crate) mod ledger;
pub(crate) mod offered;
pub(crate) mod replay;
pub(crate) mod results;
mod tests_given;

use std::io::Read;
use std::path::Path;

use andon_attestation::hex;
use andon_gate::evidence::Asked;
use andon_model::Coverage;
use andon_report::RenderOptions;
use andon_scan::config_source::ConfigSource;
use andon_scan::exceptions::{self, Exceptions};
use andon_system::{System, files};
use sha2::{Digest, Sha256};

use crate::arguments::{GateArguments, SigningKey};
use crate::line::{LedgerPlace, Recorder};
use crate::problem::Problem;
use crate::project::{Configuration, Project, project_name};
use crate::{keys, terminal};

pub(crate) use change::Commits;
use decide::{Decided, Question};
use offered::Found;

/// Decides on the results of any tools as one, or makes a recorded decision again.
pub(crate) fn run(system: &dyn System, arguments: &GateArguments) -> anyhow::Result<u8> {
    if let Some(id) = &arguments.replay {
        return replay::run(system, id);
    }
    let project = Project::open(system, Path::new("."))?;
    if project.repository.is_none() && arguments.since.is_some() {
        return Err(Problem::new("--since needs a git repository, and this folder is in none").into());
    }
    if project.repository.is_none() && arguments.commit.is_some() {
        return Err(Problem::new("--commit needs a git repository, and this folder is in none").into());
    }
    let source = project.source(system, arguments.since.as_deref())?;
    let configuration = Configuration::read(system, source.as_ref(), arguments.config.as_deref())?;
    check_gate(&configuration, arguments.gate.as_deref())?;
    let exceptions = read_exceptions(source.as_ref())?;
    let repository = project.repository.as_ref().map(gix::ThreadSafeRepository::to_thread_local);
    let name = project_name(&project, &configuration.config);
    let question = Question {
        system,
        source: source.as_ref(),
        configuration: &configuration,
        exceptions: &exceptions,
        commits: None,
        artefacts: arguments.artifacts.iter().map(|named| artefact(named)).collect::<Result<_, _>>()?,
        is_named: arguments.config.is_some(),
        gate: arguments.gate.clone(),
        reports: results::read(system, arguments)?,
        evidence: arguments.evidence.clone(),
        found: &|asked| own_ledger(system, &name, asked),
        tests: tests_given::read(system, arguments)?,
    };
    let commits = match &repository {
        Some(repository)
            if arguments.since.is_some() || arguments.commit.is_some() || question.wants_evidence() =>
        {
            let head = Commits::resolve(repository, arguments.commit.as_deref().unwrap_or("HEAD"))?;
            Some(Commits { repository, base: arguments.since.as_deref(), head })
        }
        _ => None,
    };
    let decided = Question { commits, ..question }.decide()?;
    show(arguments, &decided)?;
    record(system, arguments, &decided, &name)?;
    Ok(decided.code)
}

fn show(arguments: &GateArguments, decided: &Decided) -> anyhow::Result<()> {
    arguments.look.color.apply();
    let text = terminal::text_options(arguments.look.color, arguments.verbose, false);
    let options = RenderOptions { text, ..RenderOptions::default() };
    let rendered = andon_report::render(&decided.report, arguments.format, &options);
    terminal::write_data(&rendered.bytes)?;
    rendered.notices.iter().for_each(|notice| terminal::note(notice));
    if decided.record.input.evidence.is_some() {
        terminal::note(&format!(
            "the decision is recorded; `andon gate --replay {}` makes it again",
            decided.id
        ));
    }
    Ok(())
}

/// What the ledger of this machine says, where there is one.
fn own_ledger(system: &dyn System, project: &str, asked: &Asked) -> anyhow::Result<Vec<Found>> {
    match LedgerPlace::of(system, project)?.read(system)? {
        Some(ledger) => ledger::of_ledger(&ledger, "ledger", asked),
        None => Ok(Vec::new()),
    }
}

/// Signs the decision, ours and SLSA's summary: into the ledger, or into a file with one envelope a line.
fn record(
    system: &dyn System,
    arguments: &GateArguments,
    decided: &Decided,
    name: &str,
) -> anyhow::Result<()> {
    let key = SigningKey { source: arguments.key.clone() };
    let Some(path) = &arguments.attest else {
        if key.source.is_some() {
            let indices = Recorder::open(system, name, &key)?.record(&decided.statements()?)?;
            let shown: Vec<String> = indices.iter().map(u64::to_string).collect();
            terminal::note(&format!("the decision is in the ledger, entries {}", shown.join(" and ")));
        }
        return Ok(());
    };
    let key = keys::signing(system, &key)?;
    let mut lines = Vec::new();
    for statement in decided.statements()? {
        lines.extend(statement.sign(&key).to_json());
        lines.push(b'\n');
    }
    Ok(system.write_atomic(path, &lines)?)
}

fn check_gate(configuration: &Configuration, named: Option<&str>) -> anyhow::Result<()> {
    let Some(named) = named else { return Ok(()) };
    let gates: Vec<&str> = configuration.config.gates.iter().map(|gate| gate.name.as_str()).collect();
    if gates.contains(&named) {
        return Ok(());
    }
    Err(Problem::new(format!("there is no gate `{named}`"))
        .hint(format!("there are {}", gates.join(", ")))
        .into())
}

/// The SHA-256 of an artefact that is named by it, or of a file.
///
/// # Errors
/// When it is no digest, or the file cannot be read.
fn artefact(named: &str) -> anyhow::Result<String> {
    if let Some(digest) = named.strip_prefix("sha256:") {
        let is_digest = digest.len() == 64 && digest.bytes().all(|byte| byte.is_ascii_hexdigit());
        if is_digest && !digest.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return Ok(digest.to_owned());
        }
        return Err(Problem::new(format!("`{named}` is no SHA-256"))
            .hint("write `sha256:` and 64 digits of lower-case hexadecimal")
            .into());
    }
    let mut file = files::open_read(Path::new(named))?;
    let (mut hash, mut piece) = (Sha256::new(), vec![0; 1 << 16]);
    loop {
        let length = file.read(&mut piece)?;
        if length == 0 {
            return Ok(hex(&hash.finalize()));
        }
        hash.update(piece.get(..length).unwrap_or_default());
    }
}

/// The exceptions of the project, or of the revision that judges.
///
/// # Errors
/// When the file is there and cannot be used.
pub(super) fn read_exceptions(source: &dyn ConfigSource) -> anyhow::Result<Exceptions> {
    match source.read(exceptions::PATH)? {
        Some(text) => Ok(exceptions::parse(exceptions::PATH, &text)?),
        None => Ok(Exceptions::default()),
    }
}

fn settle(coverage: &mut Coverage) {
    let was_complete = coverage.complete;
    coverage.settle();
    coverage.complete &= was_complete;
}
