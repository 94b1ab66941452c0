use super::allowed::read_key;
use super::key::{Key, KeyProblem};
use crate::error::TrustError;

/// How OpenSSH's binary revocation lists begin.
const BINARY: &[u8] = b"SSHKRL\n\0";
const MOST_BYTES: usize = 16 * 1024 * 1024;

/// SSH keys that are not believed any more, from the file that git's `gpg.ssh.revocationFile` names: public keys, one a
/// line. A revoked authority revokes all that it certified.
#[derive(Debug, Clone, Default)]
pub struct RevokedKeys {
    keys: Vec<Key>,
}

impl RevokedKeys {
    /// Reads a file.
    ///
    /// # Errors
    /// For OpenSSH's binary format, for a file over 16 MiB and for a line that cannot be read: what it revokes would
    /// stay trusted.
    pub fn parse(file: &[u8]) -> Result<Self, TrustError> {
        if file.starts_with(BINARY) {
            return Err(TrustError::BinaryRevocations);
        }
        if file.len() > MOST_BYTES {
            return Err(TrustError::TooLarge { what: "SSH revocation file", limit: MOST_BYTES });
        }
        let mut keys = Vec::new();
        for (index, line) in file.split(|&byte| byte == b'\n').enumerate() {
            let wrong = |reason: String| TrustError::Revocation { line: index + 1, reason };
            let line = std::str::from_utf8(line).map_err(|_| wrong("it is not UTF-8".to_owned()))?.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let key = read_key(line).ok_or_else(|| wrong("it has no public key".to_owned()))?;
            match key {
                Ok(key) => keys.push(key),
                // Signatures of such a key are never believed.
                Err(KeyProblem::Unsupported(_)) => {}
                Err(problem) => return Err(wrong(problem.words())),
            }
        }
        Ok(Self { keys })
    }

    /// How many keys are revoked.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether no key is revoked.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Why a key is revoked.
    pub(super) fn revokes(&self, key: &Key) -> Option<String> {
        let authority = key.certificate.as_ref().map(|certificate| &certificate.authority);
        self.keys.iter().find_map(|revoked| {
            if revoked.same(key) {
                Some(format!("the key {} is in the revocation file", key.fingerprint))
            } else if authority.is_some_and(|authority| revoked.same(authority)) {
                Some(format!("the authority {} is in the revocation file", revoked.fingerprint))
            } else {
                None
            }
        })
    }
}
