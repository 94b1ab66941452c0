use andon_config::Config;
use andon_gate::Change;
use andon_gate::evidence::CommitSignature;
use andon_model::{Gap, ScanReport};
use andon_scan::config_source::ConfigSource;
use andon_scan::protected::{self, Head};
use andon_signatures::{AllowedSigners, Examined, Keyring, Person, Trust};
use anyhow::Context;
use gix::ObjectId;
use jiff::Timestamp;

use crate::problem::Problem;
use crate::terminal;

/// A change has at most so many commits.
const MOST_COMMITS: usize = 10_000;

/// The change under judgement: commits of a repository.
pub(crate) struct Commits<'a> {
    pub(crate) repository: &'a gix::Repository,
    /// The commit that is compared with.
    pub(crate) base: Option<&'a str>,
    pub(crate) head: ObjectId,
}

impl Commits<'_> {
    /// The commit that a revision names.
    ///
    /// # Errors
    /// When it names none.
    pub(crate) fn resolve(repository: &gix::Repository, revision: &str) -> anyhow::Result<ObjectId> {
        let id = repository.rev_parse_single(revision).map_err(|error| {
            Problem::new(format!("`{revision}` names no commit: {error}"))
                .hint("name a commit, branch or tag that exists here")
        })?;
        let commit = id.object()?.peel_to_kind(gix::object::Kind::Commit);
        Ok(commit.with_context(|| format!("`{revision}` names no commit"))?.id)
    }

    /// What gates have to know of it, and a gap when something is unknown.
    pub(crate) fn change(&self, report: &mut ScanReport) -> (Change, Option<Gap>) {
        let head = self.head.to_string();
        report.target.head = Some(head.clone());
        let mut change =
            Change { base: report.target.base.clone(), head: Some(head.clone()), ..Change::default() };
        let commit = self.repository.find_commit(self.head).ok();
        let author =
            commit.as_ref().and_then(|commit| commit.author().ok().map(|author| author.to_owned().ok()));
        change.author = author.flatten().map(|author| format!("{} <{}>", author.name, author.email));
        let Some(base) = self.base else { return (change, None) };
        match protected::changes(self.repository, base, Head::Revision(&head)) {
            Ok(changes) => report.protected_changes = changes,
            Err(gap) => report.coverage.gaps.push(gap),
        }
        change.protected_changes.clone_from(&report.protected_changes);
        match protected::touched(self.repository, base, Head::Revision(&head)) {
            Ok(paths) => change.touched_paths = paths,
            Err(gap) => return (change, Some(gap)),
        }
        (change, None)
    }

    /// Adds the commits and everybody who made a part of them; returns what is to be said about their signatures. Without
    /// a base, or in a clone that is cut off, nothing is known, and nothing is claimed.
    ///
    /// # Errors
    /// When the keys that may sign commits cannot be read.
    pub(crate) fn people(
        &self,
        change: &mut Change,
        config: &Config,
        source: &dyn ConfigSource,
        now: Timestamp,
    ) -> anyhow::Result<Vec<CommitSignature>> {
        let Some(base) = self.base else { return Ok(Vec::new()) };
        let ids = match self.ids(base) {
            Ok(ids) => ids,
            Err(error) => {
                terminal::note(&format!("the commits of the change are not known: {error:#}"));
                return Ok(Vec::new());
            }
        };
        let trust = trust(config, source)?;
        let mut signatures = Vec::new();
        let mut people: Vec<String> = Vec::new();
        for id in ids {
            let object = self.repository.find_object(id)?;
            let examined = andon_signatures::examine(&object.data, &trust, now);
            people.extend(makers(&examined));
            people.extend(helpers(&object.data));
            change.commits.push(id.to_string());
            signatures.push(signature(id, &examined));
        }
        people.sort();
        people.dedup();
        change.people = people;
        Ok(signatures)
    }

    fn ids(&self, base: &str) -> anyhow::Result<Vec<ObjectId>> {
        anyhow::ensure!(!self.repository.is_shallow()?, "the clone is cut off; fetch the whole history");
        let base = Self::resolve(self.repository, base)?;
        let walk = self.repository.rev_walk([self.head]).with_hidden([base]).all()?;
        let mut ids = Vec::new();
        for commit in walk {
            anyhow::ensure!(ids.len() < MOST_COMMITS, "there are more than {MOST_COMMITS}");
            ids.push(commit?.id);
        }
        Ok(ids)
    }
}

/// Whom the base lets sign commits.
fn trust(config: &Config, source: &dyn ConfigSource) -> anyhow::Result<Trust> {
    let mut trust = Trust::default();
    let Some(named) = &config.trust else { return Ok(trust) };
    let read = |path: &str| -> anyhow::Result<Vec<u8>> {
        let missing = || Problem::new(format!("`trust` names {path}, and there is no such file at the base"));
        Ok(source.read(path.trim_start_matches("./"))?.ok_or_else(missing)?)
    };
    if let Some(path) = &named.allowed_signers {
        trust.signers = AllowedSigners::parse(&read(path)?).with_context(|| format!("cannot use {path}"))?;
        let problems = trust.signers.problems().iter();
        problems.for_each(|problem| terminal::note(&format!("{path}:{}: {}", problem.at, problem.reason)));
    }
    if let Some(path) = &named.openpgp_keys {
        trust.keyring = Keyring::parse(&read(path)?).with_context(|| format!("cannot use {path}"))?;
        let problems = trust.keyring.problems().iter();
        problems.for_each(|problem| terminal::note(&format!("{path}:{}: {}", problem.at, problem.reason)));
    }
    Ok(trust)
}

fn makers(examined: &Examined) -> Vec<String> {
    let person = |person: &Person| format!("{} <{}>", person.name, person.email);
    let named = [&examined.author, &examined.committer].into_iter().flatten().map(person);
    // A key stands for patterns of addresses, in which a star would be nobody's name.
    let signers = examined.verdict.signer().into_iter().flat_map(|signer| &signer.identities);
    let signers = signers.flat_map(|identity| identity.split(',')).map(str::trim).map(str::to_owned);
    named.chain(signers.filter(|signer| !signer.contains(['*', '?', '!']))).collect()
}

/// Who is named as a further author at the end of the message.
fn helpers(commit: &[u8]) -> Vec<String> {
    const TRAILER: &str = "co-authored-by:";
    let text = String::from_utf8_lossy(commit);
    let trailers = text.lines().filter_map(|line| {
        let (key, person) = line.split_at_checked(TRAILER.len())?;
        key.eq_ignore_ascii_case(TRAILER).then(|| person.trim().to_owned())
    });
    trailers.filter(|person| !person.is_empty()).collect()
}

fn signature(id: ObjectId, examined: &Examined) -> CommitSignature {
    let signer = examined.verdict.signer().map(|signer| signer.identities.clone());
    CommitSignature {
        commit: id.to_string(),
        verdict: examined.verdict.word().to_owned(),
        signer: signer.unwrap_or_default(),
        reason: examined.verdict.reason().to_owned(),
    }
}
