use std::collections::HashMap;

use andon_attestation::{Envelope, PublicKey, Statement};
use jiff::Timestamp;

use super::accept::{Candidate, accept};
use super::latest::latest;
use super::refusal::Refusal;
use super::subject;
use super::types::{Asked, Evidence, OfferedStatement, Refused};
use crate::canonical::sha256;
use crate::trust::Trust;

/// Refusals that are kept; the others are counted.
const MOST_REFUSED: usize = 200;

/// A statement in its envelope, as it was found.
#[derive(Clone, Copy, Debug)]
pub struct Offered<'a> {
    /// Where: a file, or an entry of the ledger. Reasons name it so.
    pub origin: &'a str,
    /// Its place in the ledger, for one that was there.
    pub index: Option<u64>,
    /// The JSON form of a DSSE envelope.
    pub bytes: &'a [u8],
}

/// Whether a statement may be about what is asked for, as far as it says itself. Of a long ledger only such entries need
/// be offered; what cannot be read concerns nobody there.
pub fn concerns(bytes: &[u8], asked: &Asked) -> bool {
    let statement =
        Envelope::from_json(bytes).ok().and_then(|envelope| Statement::unverified(&envelope).ok());
    statement.is_some_and(|statement| subject::mentions(&statement, asked))
}

/// Sorts what counts from what does not. Reads nothing but its arguments: the same statements, keys and question give
/// the same evidence, byte for byte. Signatures of commits and reports at hand are for the caller to add.
pub fn collect(offered: &[Offered<'_>], trust: &Trust, asked: &Asked) -> Evidence {
    let mut evidence = Evidence { asked: asked.clone(), ..Evidence::default() };
    let keys: Vec<PublicKey> = trust.keys().iter().map(|key| key.key().clone()).collect();
    let now: Result<Timestamp, _> = asked.now.parse();
    let mut candidates: Vec<Candidate> = Vec::new();
    let mut refused: Vec<Refused> = Vec::new();
    let mut seen: HashMap<String, String> = HashMap::new();
    for one in offered {
        let id = sha256(one.bytes);
        evidence.offered.push(OfferedStatement {
            id: id.clone(),
            origin: one.origin.to_owned(),
            index: one.index,
        });
        let refusal = |kind, refusal: Refusal| Refused {
            id: id.clone(),
            origin: one.origin.to_owned(),
            kind,
            why: refusal.to_string(),
        };
        let Ok(now) = now else {
            refused.push(refusal(None, Refusal::BadTime(asked.now.clone())));
            continue;
        };
        match accept(one, &id, &keys, trust, asked, now) {
            Ok(candidate) => {
                let same = format!("{} {:?}", payload_id(one.bytes), candidate.accepted.keys);
                match seen.get(&same) {
                    Some(earlier) => {
                        let why = Refusal::Duplicate(earlier.clone());
                        refused.push(refusal(Some(candidate.accepted.kind), why));
                    }
                    None => {
                        seen.insert(same, one.origin.to_owned());
                        candidates.push(candidate);
                    }
                }
            }
            Err((kind, why)) => refused.push(refusal(kind, why)),
        }
    }
    let (mut kept, replaced) = latest(candidates);
    kept.sort_by(|a, b| (a.at, a.index, &a.accepted.id).cmp(&(b.at, b.index, &b.accepted.id)));
    evidence.accepted = kept.into_iter().map(|candidate| candidate.accepted).collect();
    refused.extend(replaced.into_iter().map(|(candidate, why)| Refused {
        id: candidate.accepted.id,
        origin: candidate.accepted.origin,
        kind: Some(candidate.accepted.kind),
        why: why.to_string(),
    }));
    evidence.refused_more = refused.len().saturating_sub(MOST_REFUSED) as u64;
    refused.truncate(MOST_REFUSED);
    evidence.refused = refused;
    evidence
}

/// What is signed, so that one statement in two envelopes of one signer counts once.
fn payload_id(bytes: &[u8]) -> String {
    Envelope::from_json(bytes).map(|envelope| sha256(&envelope.signed_bytes())).unwrap_or_default()
}
