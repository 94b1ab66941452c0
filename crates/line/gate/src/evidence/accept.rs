use andon_attestation::{Envelope, PublicKey, Statement};
use andon_config::StatementKind;
use andon_model::same_person;
use jiff::{SignedDuration, Timestamp};

use super::collect::Offered;
use super::read::{self, Content};
use super::refusal::Refusal;
use super::subject;
use super::types::{Accepted, Asked, Says, Subject};
use crate::trust::{AcceptedKey, Trust};

/// Clocks may differ by this much.
const SKEW: SignedDuration = SignedDuration::from_mins(5);

/// What was said so far about a statement that is refused later.
pub(super) type Known = Option<StatementKind>;

/// An accepted statement with what its place among others needs.
pub(super) struct Candidate {
    pub(super) accepted: Accepted,
    pub(super) at: Timestamp,
    pub(super) index: Option<u64>,
}

/// Accepts one envelope, or says why not.
pub(super) fn accept(
    offered: &Offered<'_>,
    id: &str,
    keys: &[PublicKey],
    trust: &Trust,
    asked: &Asked,
    now: Timestamp,
) -> Result<Candidate, (Known, Refusal)> {
    let unreadable = |problem: String| (None, Refusal::Unreadable(problem));
    let envelope = Envelope::from_json(offered.bytes).map_err(|error| unreadable(error.to_string()))?;
    let signers = match envelope.verify(keys) {
        Ok(signers) => signers,
        Err(_) => return Err((claimed(&envelope), Refusal::NotVerified(hint(&envelope)))),
    };
    let statement = Statement::unverified(&envelope).map_err(|error| unreadable(error.to_string()))?;
    let kind = read::kind_of(&statement.predicate_type)
        .ok_or_else(|| (None, Refusal::UnknownType(shortened(&statement.predicate_type))))?;
    let signers: Vec<&AcceptedKey> =
        trust.keys().iter().filter(|key| signers.iter().any(|signer| *signer == key.key())).collect();
    let told = |refusal| (Some(kind), refusal);
    let signers = allowed(signers, kind).map_err(told)?;
    let about = subject::subject(&statement, kind, asked).map_err(told)?;
    let content = read::read(&statement, asked).map_err(told)?;
    let at = time(&content, now).map_err(told)?;
    let signers = valid(signers, at, now).map_err(told)?;
    let (says, signers) = settle(content, &about, signers, asked, now).map_err(told)?;
    let accepted = Accepted {
        id: id.to_owned(),
        origin: offered.origin.to_owned(),
        kind,
        about,
        keys: signers.iter().map(|key| key.name().to_owned()).collect(),
        time: says.1,
        says: says.0,
    };
    Ok(Candidate { accepted, at, index: offered.index })
}

/// The kind that an envelope nobody vouches for says to be; only for words.
fn claimed(envelope: &Envelope) -> Known {
    let statement = Statement::unverified(envelope).ok()?;
    read::kind_of(&statement.predicate_type)
}

fn hint(envelope: &Envelope) -> String {
    match envelope.signatures.iter().map(|signature| signature.key_id.as_str()).find(|id| !id.is_empty()) {
        Some(id) => format!("signed with another key ({})", shortened(id)),
        None if envelope.signatures.is_empty() => "it was never signed".to_owned(),
        None => "signed with another key".to_owned(),
    }
}

fn shortened(text: &str) -> String {
    text.chars().take(100).flat_map(char::escape_debug).collect()
}

fn allowed(signers: Vec<&AcceptedKey>, kind: StatementKind) -> Result<Vec<&AcceptedKey>, Refusal> {
    let first = signers.first().map(|key| key.name().to_owned()).unwrap_or_default();
    let allowed: Vec<_> = signers.into_iter().filter(|key| key.may(kind)).collect();
    if allowed.is_empty() { Err(Refusal::NotAllowed { key: first, kind }) } else { Ok(allowed) }
}

/// The time that a statement claims, which must not be in the future; now for those that know none.
fn time(content: &Content, now: Timestamp) -> Result<Timestamp, Refusal> {
    let Some(text) = &content.time else { return Ok(now) };
    if text.trim().is_empty() {
        return Err(Refusal::NoTime);
    }
    let at: Timestamp = text.parse().map_err(|_| Refusal::BadTime(shortened(text)))?;
    let latest = now.checked_add(SKEW).unwrap_or(Timestamp::MAX);
    if at > latest { Err(Refusal::Future(shortened(text))) } else { Ok(at) }
}

/// A key counts when it is valid now and was when the statement says to have been signed.
fn valid(signers: Vec<&AcceptedKey>, at: Timestamp, now: Timestamp) -> Result<Vec<&AcceptedKey>, Refusal> {
    let mut why = None;
    let mut valid = Vec::new();
    for key in signers {
        match key.invalid_at(now).or_else(|| key.invalid_at(at)) {
            None => valid.push(key),
            Some(problem) => {
                why.get_or_insert(Refusal::KeyInvalid { key: key.name().to_owned(), why: problem });
            }
        }
    }
    match why {
        Some(refusal) if valid.is_empty() => Err(refusal),
        _ => Ok(valid),
    }
}

type Settled<'k> = ((Says, Option<String>), Vec<&'k AcceptedKey>);

/// What concerns approvals only: who may approve what, in which role.
fn settle<'k>(
    content: Content,
    about: &Subject,
    signers: Vec<&'k AcceptedKey>,
    asked: &Asked,
    now: Timestamp,
) -> Result<Settled<'k>, Refusal> {
    let (Says::Approval(mut says), Some(approval)) = (content.says.clone(), &content.approval) else {
        return Ok(((content.says, content.time), signers));
    };
    debug_assert!(!matches!(about, Subject::Base(_)));
    if let Some(project) = approval.project.as_ref().filter(|project| asked.project.as_ref() != Some(project))
    {
        return Err(Refusal::OtherProject(shortened(project)));
    }
    if let Some(until) = &approval.until {
        let end: Timestamp = until.parse().map_err(|_| Refusal::BadTime(shortened(until)))?;
        if now > end {
            return Err(Refusal::Ended(shortened(until)));
        }
    }
    let mut refusal = None;
    let mut approvers = Vec::new();
    for key in signers {
        match may_approve(key, approval, asked) {
            Ok(()) => approvers.push(key),
            Err(problem) => {
                refusal.get_or_insert(problem);
            }
        }
    }
    // One envelope is one approval, whoever else signed it.
    let Some(approver) = approvers.first().copied() else {
        return Err(refusal.unwrap_or(Refusal::NobodyKnown));
    };
    says.by = approver.identity().to_vec();
    Ok(((Says::Approval(says), content.time), vec![approver]))
}

fn may_approve(
    key: &AcceptedKey,
    approval: &andon_attestation::predicate::Approval,
    asked: &Asked,
) -> Result<(), Refusal> {
    let name = || key.name().to_owned();
    if !key.entry.roles.contains(&approval.role) {
        return Err(Refusal::NoRole { key: name(), role: shortened(&approval.role) });
    }
    let named = approval.approver.trim();
    let holds = |person: &str| key.identity().iter().any(|own| same_person(own, person));
    if !named.is_empty() && named != key.name() && !holds(named) {
        return Err(Refusal::OtherPerson { named: shortened(named), key: name() });
    }
    if asked.people.iter().all(|person| person.trim().is_empty()) {
        return Err(Refusal::NobodyKnown);
    }
    if asked.people.iter().any(|person| holds(person)) {
        return Err(Refusal::OwnChange(name()));
    }
    Ok(())
}
