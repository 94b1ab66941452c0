use jiff::Timestamp;

use super::allowed::{AllowedSigners, Standing};
use super::key::{Key, KeyProblem};
use super::revoked::RevokedKeys;
use super::wire::{Wire, push};
use crate::armor;
use crate::primitive::Hash;
use crate::verdict::{SignatureKind, Signer, Verdict};

pub(crate) const BEGIN: &[u8] = b"-----BEGIN SSH SIGNATURE-----";
const END: &[u8] = b"-----END SSH SIGNATURE-----";
const MAGIC: &[u8] = b"SSHSIG";
/// What git's signatures are made for; one made for another purpose does not count.
const NAMESPACE: &str = "git";
/// Bytes of an armored signature; with a large certificate it has some ten thousand.
const MOST_BYTES: usize = 256 * 1024;

/// Judges an armored signature over a payload.
pub(crate) fn verify(
    payload: &[u8],
    armored: &[u8],
    signers: &AllowedSigners,
    revoked: &RevokedKeys,
    at: Timestamp,
) -> Verdict {
    let signature = match Signature::read(armored) {
        Ok(signature) => signature,
        Err(problem) => return refuse(&problem),
    };
    match signature.holds(payload) {
        Ok(true) => {}
        Ok(false) => return bad("the signature does not hold for this content"),
        Err(problem) => return refuse(&problem),
    }
    let key = signature.key;
    let mut signer = Signer {
        kind: SignatureKind::Ssh,
        identities: Vec::new(),
        key: key.fingerprint.clone(),
        authority: key.certificate.as_ref().map(|each| each.authority.fingerprint.clone()),
        made: None,
    };
    let standing = signers.standing(&key, NAMESPACE, at.as_second());
    if let Some(reason) = revoked.revokes(&key) {
        if let Standing::Valid(identities) = standing {
            signer.identities = identities;
        }
        return Verdict::Revoked { signer, reason };
    }
    match standing {
        Standing::Valid(identities) => {
            signer.identities = identities;
            Verdict::Good(signer)
        }
        Standing::OutOfTime(identities, reason) => {
            signer.identities = identities;
            Verdict::Expired { signer, reason }
        }
        Standing::Unknown(reason) => {
            Verdict::UnknownKey { kind: SignatureKind::Ssh, key: key.fingerprint, reason }
        }
    }
}

struct Signature {
    key: Key,
    hash: Hash,
    hash_name: &'static str,
    value: Vec<u8>,
}

impl Signature {
    fn read(armored: &[u8]) -> Result<Self, KeyProblem> {
        const BROKEN: KeyProblem = KeyProblem::Broken("the SSH signature breaks off");
        if armored.len() > MOST_BYTES {
            return Err(KeyProblem::Broken("the SSH signature is far too long"));
        }
        let (body, rest) = armor::between(armored, BEGIN, END)
            .ok_or(KeyProblem::Broken("the SSH signature has no beginning or no end line"))?;
        if !rest.trim_ascii().is_empty() {
            return Err(KeyProblem::Broken("something follows the SSH signature"));
        }
        let blob = armor::decode(body).ok_or(KeyProblem::Broken("the SSH signature is not base64"))?;
        let mut wire = Wire(&blob);
        if wire.take(MAGIC.len()) != Some(MAGIC) {
            return Err(KeyProblem::Broken("this is not an SSH signature inside its armor"));
        }
        if wire.u32().ok_or(BROKEN)? != 1 {
            return Err(KeyProblem::Unsupported("this version of SSH signatures is not known".to_owned()));
        }
        let key = wire.string().ok_or(BROKEN)?;
        let namespace = wire.string().ok_or(BROKEN)?;
        wire.string().ok_or(BROKEN)?;
        let hash = wire.string().ok_or(BROKEN)?;
        let value = wire.string().ok_or(BROKEN)?.to_vec();
        if !wire.at_end() {
            return Err(KeyProblem::Broken("something follows the signature inside its armor"));
        }
        if namespace != NAMESPACE.as_bytes() {
            return Err(KeyProblem::Broken("the signature was made for another purpose than git"));
        }
        let (hash, hash_name) = match hash {
            b"sha256" => (Hash::Sha256, "sha256"),
            b"sha512" => (Hash::Sha512, "sha512"),
            _ => {
                return Err(KeyProblem::Unsupported(
                    "the signature's hash is neither sha256 nor sha512".to_owned(),
                ));
            }
        };
        Ok(Self { key: Key::parse(key)?, hash, hash_name, value })
    }

    fn holds(&self, payload: &[u8]) -> Result<bool, KeyProblem> {
        let mut message = MAGIC.to_vec();
        push(&mut message, NAMESPACE.as_bytes());
        push(&mut message, b"");
        push(&mut message, self.hash_name.as_bytes());
        push(&mut message, &self.hash.digest(&[payload]));
        self.key.verify(&message, &self.value)
    }
}

fn refuse(problem: &KeyProblem) -> Verdict {
    match problem {
        KeyProblem::Broken(what) => bad(what),
        KeyProblem::Unsupported(what) => Verdict::Unsupported { reason: what.clone() },
    }
}

fn bad(what: &str) -> Verdict {
    Verdict::Bad { reason: what.to_owned() }
}
