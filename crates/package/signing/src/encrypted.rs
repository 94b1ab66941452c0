//! What cosign puts into an encrypted key file: JSON that names scrypt and NaCl's secretbox with their parameters
//! (secure-systems-lab/go-securesystemslib, `encrypted`).

use andon_attestation::{base64_decode, base64_encode, json};
use scrypt::Params;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::passphrase::Passphrase;
use crate::secretbox;

/// 56 bytes of randomness, for a salt and a nonce. Never to be used twice.
#[derive(Clone, Copy)]
pub struct Randomness(pub [u8; 56]);

/// Why an encrypted key could not be decrypted.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum EncryptedError {
    /// No JSON as it should be.
    #[error("the encrypted key is damaged: {0}")]
    Damaged(String),
    /// A derivation or cipher other than scrypt and secretbox.
    #[error(
        "the key is encrypted with `{0}`, which cosign does not use\nhint: make a key with `andon key generate`"
    )]
    Unknown(String),
    /// Parameters of scrypt that nobody writes, and that may cost any amount of time and memory.
    #[error(
        "the key asks for scrypt with N={n}, r={r}, p={p}; only N=32768, 65536 or 131072 with r=8, p=1 are used"
    )]
    Costly {
        /// Cost.
        n: u64,
        /// Block size.
        r: u64,
        /// Parallelism.
        p: u64,
    },
    /// The passphrase is another, or the file was altered.
    #[error("the passphrase does not fit the key, or the file was altered")]
    Wrong,
}

/// The base-2 logarithm of what we write for N; 64 MiB.
const LOG_N: u8 = 16;
/// The logarithms of N that are written in the wild.
const KNOWN_LOG_N: [u8; 3] = [15, 16, 17];
const R: u32 = 8;
const P: u32 = 1;

/// The JSON around a message.
pub(crate) fn encrypt(
    message: &[u8],
    passphrase: &Passphrase,
    random: &Randomness,
) -> Result<Vec<u8>, EncryptedError> {
    let (nonce, salt) = random.0.split_first_chunk::<{ secretbox::NONCE }>().ok_or(EncryptedError::Wrong)?;
    let key = derive(passphrase, salt, LOG_N)?;
    let file = File {
        kdf: Kdf {
            name: "scrypt".to_owned(),
            params: Costs { n: 1 << LOG_N, r: u64::from(R), p: u64::from(P) },
            salt: base64_encode(salt),
        },
        cipher: Cipher { name: "nacl/secretbox".to_owned(), nonce: base64_encode(nonce) },
        ciphertext: base64_encode(&secretbox::seal(message, &key, nonce)),
    };
    serde_json::to_vec(&file).map_err(|error| EncryptedError::Damaged(error.to_string()))
}

/// What is in an encrypted file, before its passphrase is asked for.
pub(crate) struct Encrypted {
    log_n: u8,
    salt: Vec<u8>,
    nonce: [u8; secretbox::NONCE],
    sealed: Vec<u8>,
}

/// Reads the JSON, without the passphrase.
pub(crate) fn parse(bytes: &[u8]) -> Result<Encrypted, EncryptedError> {
    let damaged = |what: &str| EncryptedError::Damaged(what.to_owned());
    let file: File = json::read_as(bytes).map_err(|error| damaged(&error.to_string()))?;
    for (name, known) in [(&file.kdf.name, "scrypt"), (&file.cipher.name, "nacl/secretbox")] {
        if name != known {
            return Err(EncryptedError::Unknown(name.chars().take(60).collect()));
        }
    }
    let Costs { n, r, p } = file.kdf.params;
    let known = KNOWN_LOG_N.into_iter().find(|log_n| n == 1 << log_n);
    let known = known.filter(|_| r == u64::from(R) && p == u64::from(P));
    let log_n = known.ok_or(EncryptedError::Costly { n, r, p })?;
    let decode = |what: &str, text: &str| {
        base64_decode(text.as_bytes()).ok_or_else(|| damaged(&format!("`{what}` is not base64")))
    };
    let nonce = decode("nonce", &file.cipher.nonce)?.try_into();
    Ok(Encrypted {
        log_n,
        salt: decode("salt", &file.kdf.salt)?,
        nonce: nonce.map_err(|_| damaged("`nonce` has not 24 bytes"))?,
        sealed: decode("ciphertext", &file.ciphertext)?,
    })
}

impl Encrypted {
    /// The message.
    pub(crate) fn decrypt(&self, passphrase: &Passphrase) -> Result<Zeroizing<Vec<u8>>, EncryptedError> {
        let key = derive(passphrase, &self.salt, self.log_n)?;
        secretbox::open(&self.sealed, &key, &self.nonce).ok_or(EncryptedError::Wrong)
    }
}

fn derive(
    passphrase: &Passphrase,
    salt: &[u8],
    log_n: u8,
) -> Result<Zeroizing<[u8; secretbox::KEY]>, EncryptedError> {
    let costly = || EncryptedError::Costly { n: 1 << log_n, r: u64::from(R), p: u64::from(P) };
    let params = Params::new(log_n, R, P).map_err(|_| costly())?;
    let mut key = Zeroizing::new([0; secretbox::KEY]);
    scrypt::scrypt(passphrase.as_bytes(), salt, &params, key.as_mut_slice()).map_err(|_| costly())?;
    Ok(key)
}

#[derive(Serialize, Deserialize)]
struct File {
    kdf: Kdf,
    cipher: Cipher,
    ciphertext: String,
}

#[derive(Serialize, Deserialize)]
struct Kdf {
    name: String,
    params: Costs,
    salt: String,
}

#[derive(Serialize, Deserialize)]
struct Costs {
    #[serde(rename = "N")]
    n: u64,
    r: u64,
    p: u64,
}

#[derive(Serialize, Deserialize)]
struct Cipher {
    name: String,
    nonce: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_checked_before_anything_costly_happens() {
        let good = encrypt(b"message", &Passphrase::from("p".to_owned()), &Randomness([7; 56])).unwrap();
        let good = String::from_utf8(good).unwrap();
        assert!(parse(good.as_bytes()).is_ok());
        let check = |from: &str, to: &str, expected: &str| {
            let text = good.replace(from, to);
            assert_ne!(text, good, "{from} is not there");
            let error = parse(text.as_bytes()).err().map(|error| error.to_string()).unwrap_or_default();
            assert!(error.contains(expected), "{from} -> {to}: `{error}`");
        };
        check("65536", "4294967296", "N=4294967296");
        check("65536", "65537", "N=65537");
        check("65536", "0", "N=0");
        check("65536", "-1", "damaged");
        check("\"r\":8", "\"r\":8000", "r=8000");
        check("\"p\":1", "\"p\":1000000", "p=1000000");
        check("\"p\":1", "\"p\":1,\"p\":1", "occurs twice");
        check("scrypt", "argon2id", "`argon2id`");
        check("nacl/secretbox", "aes", "`aes`");
        check("\"nonce\":\"BwcH", "\"nonce\":\"", "24 bytes");
        check("\"salt\":\"", "\"salt\":\"!", "`salt` is not base64");
        check("\"ciphertext\":\"", "\"ciphertext\":\"!", "`ciphertext` is not base64");
        check("\"kdf\"", "\"x\"", "kdf");
    }

    #[test]
    fn only_its_passphrase_opens_a_file() {
        let passphrase = Passphrase::from("correct horse".to_owned());
        let file = encrypt(b"message", &passphrase, &Randomness([7; 56])).unwrap();
        let parsed = parse(&file).unwrap();
        assert_eq!(parsed.decrypt(&passphrase).unwrap().as_slice(), b"message");
        assert_eq!(parsed.decrypt(&Passphrase::default()), Err(EncryptedError::Wrong));
        let mut altered = parse(&file).unwrap();
        altered.sealed.truncate(3);
        assert_eq!(altered.decrypt(&passphrase), Err(EncryptedError::Wrong));
        let cheaper = Encrypted { log_n: 15, ..parsed };
        assert_eq!(cheaper.decrypt(&passphrase), Err(EncryptedError::Wrong));
    }
}
