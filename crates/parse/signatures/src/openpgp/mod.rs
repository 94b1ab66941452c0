//! OpenPGP signatures (RFC 9580, and RFC 4880 before it) and the keys that may make them.

mod certificate;
mod dearmor;
mod key;
mod keyring;
mod packet;
mod signature;
mod subpackets;
mod validity;

use jiff::Timestamp;

pub use keyring::Keyring;

use self::keyring::Found;
use self::packet::{Packets, SIGNATURE};
use self::signature::{Problem, Signature};
use self::validity::Validity;
use crate::verdict::{SignatureKind, Signer, Verdict};

/// How any armored OpenPGP data begins, a signature or what git takes for one.
pub(crate) const BEGIN: &[u8] = b"-----BEGIN PGP ";
/// Bytes of an armored signature.
const MOST_BYTES: usize = 256 * 1024;
/// A signature over bytes as they are.
const BINARY: u8 = 0x00;

/// Judges an armored signature over a payload.
pub(crate) fn verify(payload: &[u8], armored: &[u8], keyring: &Keyring, at: Timestamp) -> Verdict {
    let signature = match read(armored) {
        Ok(signature) => signature,
        Err(problem) => return refuse(problem),
    };
    let named = signature.issuer_name();
    let unknown = |reason: &str| Verdict::UnknownKey {
        kind: SignatureKind::Openpgp,
        key: named.clone(),
        reason: reason.to_owned(),
    };
    let found = keyring.find(&signature);
    if found.is_empty() {
        return unknown("the key is not in the keyring");
    }
    let mut problem = None;
    for each in found {
        match signature.holds(each.key(), &[payload]) {
            Ok(true) => return judge(&signature, &each, at).unwrap_or_else(|reason| unknown(&reason)),
            Ok(false) => {}
            Err(why) => problem = problem.or(Some(why)),
        }
    }
    problem.map_or_else(|| bad("the signature does not hold for this content"), refuse)
}

fn read(armored: &[u8]) -> Result<Signature, Problem> {
    let unsupported = |what: &str| Problem::Unsupported(what.to_owned());
    if armored.len() > MOST_BYTES {
        return Err(Problem::Broken("the OpenPGP signature is far too long"));
    }
    if !armored.starts_with(b"-----BEGIN PGP SIGNATURE-----") {
        return Err(unsupported("this is an OpenPGP message, not a detached signature"));
    }
    let bytes = dearmor::one(armored, "SIGNATURE").map_err(Problem::Broken)?;
    let mut packets = Packets::new(&bytes);
    let first = packets.next().ok_or(Problem::Broken("the OpenPGP signature is empty"))?;
    let (tag, body) = first.map_err(Problem::Broken)?;
    if packets.next().is_some() {
        return Err(Problem::Broken("there is more than one signature"));
    }
    if tag != SIGNATURE {
        return Err(Problem::Broken("this is no OpenPGP signature inside its armor"));
    }
    let signature = Signature::parse(body)?;
    match signature.kind {
        BINARY => Ok(signature),
        0x01 => Err(unsupported("signatures over text with other line ends (--textmode) are not checked")),
        _ => Err(Problem::Broken("the signature is not one over a document")),
    }
}

/// The verdict on a signature that holds; an error where the key may not sign at all.
fn judge(signature: &Signature, found: &Found<'_>, at: Timestamp) -> Result<Verdict, String> {
    let now = at.as_second();
    let key = found.key();
    let primary = &found.certificate.primary;
    let made = signature.sub.created;
    let signer = Signer {
        kind: SignatureKind::Openpgp,
        identities: found.certificate.identities(now),
        key: key.fingerprint_text(),
        authority: found.subkey.map(|_| primary.fingerprint_text()),
        made: Timestamp::from_second(made).ok(),
    };
    if made < key.created {
        return Ok(bad("the signature says that it is older than its key"));
    }
    if signature.sub.expires_at().is_some_and(|end| end <= now) {
        return Ok(Verdict::Expired { signer, reason: "the signature has expired".to_owned() });
    }
    let validity = match found.subkey {
        None => found.certificate.primary_validity(now, true),
        Some(subkey) => found.certificate.subkey_validity(subkey, now),
    };
    Ok(match validity {
        Validity::Valid => Verdict::Good(signer),
        Validity::Expired(reason) => Verdict::Expired { signer, reason },
        Validity::Revoked(reason) => Verdict::Revoked { signer, reason },
        Validity::Unusable(reason) => return Err(reason),
    })
}

fn refuse(problem: Problem) -> Verdict {
    match problem {
        Problem::Broken(what) => bad(what),
        Problem::Unsupported(reason) => Verdict::Unsupported { reason },
    }
}

fn bad(what: &str) -> Verdict {
    Verdict::Bad { reason: what.to_owned() }
}
