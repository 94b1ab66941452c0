use andon_attestation::{Resource, Statement};
use andon_config::StatementKind;

use super::refusal::Refusal;
use super::types::{Asked, Subject};

/// Subjects named in a refusal.
const SHOWN: usize = 2;

/// Which of the things under judgement a statement is about. Only digests count, each under its own algorithm's name;
/// names, branches and tags never do.
pub(super) fn subject(statement: &Statement, kind: StatementKind, asked: &Asked) -> Result<Subject, Refusal> {
    if let Some(commit) = asked.commit.as_ref().filter(|commit| statement.is_about("gitCommit", commit)) {
        return Ok(Subject::Commit(commit.clone()));
    }
    if let Some(artefact) = asked.artefacts.iter().find(|digest| statement.is_about("sha256", digest)) {
        return Ok(Subject::Artefact(artefact.clone()));
    }
    let base = asked.base.as_ref().filter(|base| statement.is_about("gitCommit", base));
    if let (Some(base), StatementKind::Tests) = (base, kind) {
        return Ok(Subject::Base(base.clone()));
    }
    Err(Refusal::WrongSubject(described(&statement.subject, asked)))
}

/// Whether any digest of the statement, under whatever name, is one of those under judgement.
pub(super) fn mentions(statement: &Statement, asked: &Asked) -> bool {
    let wanted = |digest: &String| {
        asked.commit.as_ref() == Some(digest)
            || asked.base.as_ref() == Some(digest)
            || asked.artefacts.contains(digest)
    };
    statement.subject.iter().flat_map(|subject| subject.digest.values()).any(wanted)
}

fn described(subjects: &[Resource], asked: &Asked) -> String {
    let wanted = match (&asked.commit, asked.artefacts.first()) {
        (Some(commit), _) => format!("the commit {}", short(commit)),
        (None, Some(artefact)) => format!("the artefact sha256:{}", short(artefact)),
        (None, None) => "anything that is judged".to_owned(),
    };
    let digests = subjects.iter().flat_map(|subject| &subject.digest);
    let shown: Vec<String> =
        digests.take(SHOWN).map(|(name, digest)| format!("{name}:{}", short(digest))).collect();
    format!("{}, not about {wanted}", shown.join(" and "))
}

/// The first digits of a digest.
pub(crate) fn short(digest: &str) -> &str {
    digest.char_indices().nth(12).map_or(digest, |(end, _)| digest.get(..end).unwrap_or(digest))
}
