//! Signed notes (C2SP signed-note): a text, an empty line, and lines with signatures of named keys.

use andon_attestation::{PublicKey, Signer};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use thiserror::Error;

use crate::Hash;

/// Bytes of a note that are read at most. A note may bear 16 signatures, each of which may be nearly 5 kB.
pub const LARGEST_NOTE: usize = 128 << 10;

/// What a line with a signature begins with: an em dash and a space.
const MARK: &str = "\u{2014} ";
/// What the encoding of an Ed25519 key begins with (RFC 8410, section 4); its 32 bytes follow.
const ED25519_PREFIX: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

/// A key with the name and the number under which it signs notes.
#[derive(Clone, Debug)]
pub struct NoteKey {
    name: String,
    id: [u8; 4],
    kind: Kind,
    key: PublicKey,
}

/// Types of signatures and their identifying byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Ed25519 = 1,
    Ecdsa = 2,
}

/// Why a note is not believed.
#[derive(Debug, Error)]
pub enum NoteError {
    /// It is not a note.
    #[error("this is not a signed note: {0}")]
    Malformed(&'static str),
    /// None of the accepted keys signed it.
    #[error("none of the accepted keys signed this note; it bears signatures of {found}")]
    UnknownKey {
        /// Names and numbers of the keys that it says it is signed with.
        found: String,
    },
    /// A signature of an accepted key is wrong.
    #[error("the signature of {name} is wrong: the note was altered, or another key signed it")]
    BadSignature {
        /// The name of the key.
        name: String,
    },
    /// The name cannot be one of a key.
    #[error(
        "{name:?} cannot be the name of a key; it must not be empty nor hold spaces, control characters or `+`"
    )]
    BadName {
        /// The name.
        name: String,
    },
    /// The key is of a kind that cannot sign notes.
    #[error("this is not a key that can sign notes; take an Ed25519 or ECDSA P-256 key")]
    BadKey,
}

impl NoteKey {
    /// Names a key. A log's key has the log's origin as its name (C2SP tlog-checkpoint).
    ///
    /// # Errors
    /// When the name is empty or has spaces, control characters or `+`.
    pub fn new(name: &str, key: &PublicKey) -> Result<Self, NoteError> {
        let bad = |letter: char| letter.is_whitespace() || letter.is_control() || letter == '+';
        if name.is_empty() || name.contains(bad) {
            return Err(NoteError::BadName { name: name.to_owned() });
        }
        let der = key.to_der();
        let raw = der.strip_prefix(&ED25519_PREFIX).filter(|raw| raw.len() == 32);
        let (kind, hash) = match raw {
            Some(raw) => {
                let named = [name.as_bytes(), &[b'\n', Kind::Ed25519 as u8], raw].concat();
                (Kind::Ed25519, Hash::of(&named))
            }
            None => (Kind::Ecdsa, Hash::of(der)),
        };
        let id = hash.bytes().first_chunk().copied().unwrap_or_default();
        Ok(Self { name: name.to_owned(), id, kind, key: key.clone() })
    }

    /// Reads a verifier key, `name+number+key` (C2SP signed-note, "Verifier keys").
    ///
    /// # Errors
    /// When it is none, its number is not that of its key, or the key is neither Ed25519 nor ECDSA P-256.
    pub fn from_verifier_key(text: &str) -> Result<Self, NoteError> {
        let malformed = || NoteError::Malformed("a verifier key is written name+number+key");
        let (name, rest) = text.split_once('+').ok_or_else(malformed)?;
        let (_, encoded) = rest.split_once('+').ok_or_else(malformed)?;
        let bytes = STANDARD.decode(encoded).map_err(|_| malformed())?;
        let der = match bytes.split_first() {
            Some((1, raw)) if raw.len() == 32 => [&ED25519_PREFIX, raw].concat(),
            Some((2, der)) => der.to_vec(),
            _ => return Err(NoteError::BadKey),
        };
        let key = PublicKey::from_der(&der).map_err(|_| NoteError::BadKey)?;
        let key = Self::new(name, &key)?;
        // Comparing what it would be written like catches another number and another type.
        if key.to_verifier_key() == text { Ok(key) } else { Err(malformed()) }
    }

    /// As [`NoteKey::from_verifier_key`] reads it.
    pub fn to_verifier_key(&self) -> String {
        let der = self.key.to_der();
        let key = match self.kind {
            Kind::Ed25519 => der.strip_prefix(&ED25519_PREFIX).unwrap_or_default(),
            Kind::Ecdsa => der,
        };
        let encoded = STANDARD.encode([&[self.kind as u8], key].concat());
        format!("{}+{:08x}+{encoded}", self.name, u32::from_be_bytes(self.id))
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The key.
    pub fn key(&self) -> &PublicKey {
        &self.key
    }
}

/// Signs a text, which ends in a newline, with a key under a name.
///
/// # Errors
/// When the text cannot be that of a note, or the name not that of a key.
pub fn sign(text: &str, name: &str, signer: &dyn Signer) -> Result<String, NoteError> {
    if !text.ends_with('\n') || has_control(text) {
        return Err(NoteError::Malformed("its text has control characters or does not end in a newline"));
    }
    let key = NoteKey::new(name, signer.public())?;
    let signature = [key.id.as_slice(), &signer.sign(text.as_bytes())].concat();
    Ok(format!("{text}\n{MARK}{name} {}\n", STANDARD.encode(signature)))
}

/// The text of a note that at least one of the keys signed.
///
/// # Errors
/// When it is no note, no key of `keys` signed it, or a signature of one of them is wrong. Signatures of other keys
/// are left out of account.
pub fn open<'a>(note: &'a [u8], keys: &[NoteKey]) -> Result<&'a str, NoteError> {
    let (text, signatures) = split(note)?;
    let (mut verified, mut others) = (false, Vec::new());
    for line in signatures.lines() {
        let (name, id, signature) = signature(line)?;
        let Some(key) = keys.iter().find(|key| key.name == name && key.id == id) else {
            others.push(format!("{name}+{:08x}", u32::from_be_bytes(id)));
            continue;
        };
        if key.key.verify(text.as_bytes(), &signature).is_err() {
            return Err(NoteError::BadSignature { name: name.to_owned() });
        }
        verified = true;
    }
    if verified { Ok(text) } else { Err(NoteError::UnknownKey { found: others.join(", ") }) }
}

/// The text and the lines of signatures, as written.
fn split(note: &[u8]) -> Result<(&str, &str), NoteError> {
    if note.len() > LARGEST_NOTE {
        return Err(NoteError::Malformed("it is too large"));
    }
    let note = std::str::from_utf8(note).map_err(|_| NoteError::Malformed("it is not UTF-8"))?;
    if has_control(note) {
        return Err(NoteError::Malformed("it has control characters"));
    }
    let at = note.rfind("\n\n").ok_or(NoteError::Malformed("no empty line before its signatures"))?;
    let (text, signatures) = note.split_at(at + 1);
    let signatures = signatures.strip_prefix('\n').unwrap_or(signatures);
    if !signatures.ends_with('\n') {
        return Err(NoteError::Malformed("it does not end in a line with a signature"));
    }
    Ok((text, signatures))
}

/// The name, the number and the signature of a line.
fn signature(line: &str) -> Result<(&str, [u8; 4], Vec<u8>), NoteError> {
    let malformed = || NoteError::Malformed("a line of a signature is not `— name signature`");
    let (name, encoded) =
        line.strip_prefix(MARK).and_then(|rest| rest.split_once(' ')).ok_or_else(malformed)?;
    let bytes = STANDARD.decode(encoded).map_err(|_| malformed())?;
    let (id, signature) = bytes.split_first_chunk().ok_or_else(malformed)?;
    if name.is_empty() || name.contains(|letter: char| letter.is_whitespace() || letter == '+') {
        return Err(malformed());
    }
    if signature.is_empty() { Err(malformed()) } else { Ok((name, *id, signature.to_vec())) }
}

fn has_control(text: &str) -> bool {
    text.bytes().any(|byte| byte < b' ' && byte != b'\n')
}
