use std::fmt;

use reqwest::header::HeaderMap;

/// What is asked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Request<'a> {
    /// An `http` or `https` address.
    pub url: &'a str,
    /// The media types wanted, as the header `Accept` writes them; empty for any.
    pub accept: &'a str,
    /// The value of the header `Authorization`; sent to the host of `url` only, not to one it redirects to.
    pub authorization: Option<&'a Secret>,
    /// What is known already: unchanged content is not sent again (RFC 9110, section 13).
    pub known: Option<&'a Validators>,
    /// Ask for the content from this byte on, and only if it is still the one of `known`; 0 for the whole.
    pub from: u64,
}

impl<'a> Request<'a> {
    /// Asks for the whole content of an address.
    pub fn new(url: &'a str) -> Self {
        Self { url, ..Self::default() }
    }
}

/// What tells one state of a resource from the next (RFC 9110, section 8.8).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Validators {
    /// The header `ETag`, quotes and weakness included.
    pub etag: Option<String>,
    /// The header `Last-Modified`.
    pub last_modified: Option<String>,
}

impl Validators {
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let header = |name: &str| headers.get(name)?.to_str().ok().map(str::to_owned);
        Self { etag: header("etag"), last_modified: header("last-modified") }
    }

    /// What may stand in `If-Range`: only a strong validator (RFC 9110, section 13.1.5). A modification time is
    /// taken as strong, since whatever is resumed is checked by its length too.
    pub(crate) fn strong(&self) -> Option<&str> {
        let strong = self.etag.as_deref().filter(|etag| !etag.starts_with("W/"));
        strong.or(self.last_modified.as_deref())
    }
}

/// Content that was fetched into memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Page {
    /// It is as known.
    Unchanged,
    /// It is new.
    Content {
        /// All of it.
        bytes: Vec<u8>,
        /// What to know it by next time.
        validators: Validators,
    },
}

/// A password, a token, or a header made of one. It is never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Keeps a secret.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The header value `Bearer …` of a token.
    pub fn bearer(token: &str) -> Self {
        Self(format!("Bearer {token}"))
    }

    /// The header value `Basic …` of a user and a password (RFC 7617).
    pub fn basic(user: &str, password: &str) -> Self {
        use base64::Engine as _;
        let encoded = base64::engine::general_purpose::STANDARD.encode(format!("{user}:{password}"));
        Self(format!("Basic {encoded}"))
    }

    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(…)")
    }
}
