use super::key::{Key, KeyProblem};
use super::options::Options;
use super::pattern::pattern_list;
use crate::armor;
use crate::error::{TrustError, TrustProblem};

/// Bytes of a file of allowed signers.
const MOST_BYTES: usize = 16 * 1024 * 1024;
/// Problems that are told.
const MOST_PROBLEMS: usize = 100;

/// The keys that may sign, from a file in the format of ssh-keygen(1), "ALLOWED SIGNERS".
#[derive(Debug, Clone, Default)]
pub struct AllowedSigners {
    lines: Vec<Line>,
    problems: Vec<TrustProblem>,
}

#[derive(Debug, Clone)]
struct Line {
    principals: String,
    options: Options,
    key: Key,
}

/// What the file says of a key.
pub(super) enum Standing {
    Valid(Vec<String>),
    /// It names the key, but not for this time.
    OutOfTime(Vec<String>, String),
    Unknown(String),
}

impl AllowedSigners {
    /// Reads a file. A line that cannot be read trusts nobody and is told in [`AllowedSigners::problems`].
    ///
    /// # Errors
    /// When it is larger than 16 MiB.
    pub fn parse(file: &[u8]) -> Result<Self, TrustError> {
        if file.len() > MOST_BYTES {
            return Err(TrustError::TooLarge { what: "file of allowed signers", limit: MOST_BYTES });
        }
        let mut signers = Self::default();
        for (index, line) in file.split(|&byte| byte == b'\n').enumerate() {
            match std::str::from_utf8(line).map_err(|_| "it is not UTF-8".to_owned()).and_then(Line::parse) {
                Ok(line) => signers.lines.extend(line),
                Err(_) if signers.problems.len() == MOST_PROBLEMS => {}
                Err(reason) => signers.problems.push(TrustProblem { at: index + 1, reason }),
            }
        }
        Ok(signers)
    }

    /// Lines that could not be read, at most 100.
    pub fn problems(&self) -> &[TrustProblem] {
        &self.problems
    }

    /// How many lines trust a key.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether nobody is trusted.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    pub(super) fn standing(&self, key: &Key, namespace: &str, at: i64) -> Standing {
        let mut valid = Vec::new();
        let mut ended = Vec::new();
        let mut in_time = None;
        let mut unknown = None;
        for line in &self.lines {
            match line.judge(key, namespace, at) {
                None => {}
                Some(Standing::Valid(identities)) => valid.extend(identities),
                Some(Standing::OutOfTime(identities, reason)) => {
                    ended.extend(identities);
                    in_time = in_time.or(Some(reason));
                }
                Some(Standing::Unknown(reason)) => unknown = unknown.or(Some(reason)),
            }
        }
        if !valid.is_empty() {
            return Standing::Valid(valid);
        }
        if let Some(reason) = in_time {
            return Standing::OutOfTime(ended, reason);
        }
        Standing::Unknown(unknown.unwrap_or_else(|| "the key is not among the allowed signers".to_owned()))
    }
}

impl Line {
    /// `None` for an empty line or a comment.
    fn parse(line: &str) -> Result<Option<Self>, String> {
        let line = line.trim_matches([' ', '\t', '\r', '\n']);
        if line.is_empty() || line.starts_with('#') {
            return Ok(None);
        }
        let (principals, rest) = principals(line)?;
        let rest = rest.trim_start_matches([' ', '\t']);
        let (options, key) = match read_key(rest) {
            Some(key) => (Options::default(), key),
            None => {
                let (options, rest) = options_and_rest(rest);
                let options = Options::parse(options)?;
                let key = read_key(rest.trim_start_matches([' ', '\t'])).ok_or("it has no public key")?;
                (options, key)
            }
        };
        let key = key.map_err(|problem| problem.words())?;
        if key.certificate.is_some() {
            return Err("it names a certificate; name the authority's key with cert-authority".to_owned());
        }
        Ok(Some(Self { principals: principals.to_owned(), options, key }))
    }

    /// What this line says of a key; `None` if it is about another.
    fn judge(&self, key: &Key, namespace: &str, at: i64) -> Option<Standing> {
        let identities = match (&key.certificate, self.options.authority) {
            (None, false) if self.key.same(key) => vec![self.principals.clone()],
            (Some(certificate), true) if self.key.same(&certificate.authority) => {
                let admitted = certificate.admitted(&self.principals);
                if let Some((in_time, reason)) = certificate.problem_at(at) {
                    return Some(if in_time {
                        Standing::OutOfTime(admitted, reason)
                    } else {
                        Standing::Unknown(reason)
                    });
                }
                if admitted.is_empty() {
                    return Some(Standing::Unknown(
                        "the certificate is for no principal that its authority may certify".to_owned(),
                    ));
                }
                admitted
            }
            _ => return None,
        };
        let namespaces = self.options.namespaces.as_deref();
        if namespaces.is_some_and(|namespaces| !pattern_list(namespace, namespaces)) {
            return Some(Standing::Unknown(format!("the key is not allowed for `{namespace}`")));
        }
        if self.options.valid_after.is_some_and(|after| at < after) {
            return Some(Standing::OutOfTime(identities, "the key is not valid yet".to_owned()));
        }
        if self.options.valid_before.is_some_and(|before| at > before) {
            return Some(Standing::OutOfTime(identities, "the key's time is over (valid-before)".to_owned()));
        }
        Some(Standing::Valid(identities))
    }
}

/// The first word or quoted text, and what follows.
fn principals(line: &str) -> Result<(&str, &str), String> {
    match line.strip_prefix('"') {
        Some(quoted) => quoted.split_once('"').ok_or_else(|| "a quote is not closed".to_owned()),
        None => line.split_once([' ', '\t']).ok_or_else(|| "it has no public key".to_owned()),
    }
}

/// The options, up to white space outside quotes, and what follows.
fn options_and_rest(text: &str) -> (&str, &str) {
    let mut inside = false;
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'\\' if !escaped => {
                escaped = true;
                continue;
            }
            b'"' if !escaped => inside = !inside,
            b' ' | b'\t' if !inside => return text.split_at(at),
            _ => {}
        }
        escaped = false;
    }
    (text, "")
}

/// A key as `ssh-ed25519 AAAA… comment`; `None` if the first word is no type of key.
pub(super) fn read_key(text: &str) -> Option<Result<Key, KeyProblem>> {
    let mut words = text.split_ascii_whitespace();
    let name = words.next()?;
    let known = ["ssh-", "ecdsa-", "sk-ssh-", "sk-ecdsa-"].iter().any(|start| name.starts_with(start));
    if !known {
        return None;
    }
    let blob = words.next().and_then(|word| armor::decode(word.as_bytes()));
    Some(match blob {
        None => Err(KeyProblem::Broken("the public key is not base64")),
        Some(blob) if super::wire::Wire(&blob).text() != Some(name) => {
            Err(KeyProblem::Broken("the public key is of another type than the line says"))
        }
        Some(blob) => Key::parse(&blob),
    })
}
