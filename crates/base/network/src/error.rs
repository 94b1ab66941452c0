use andon_system::{ReadError, WriteError};
use thiserror::Error;

/// Something that could not be fetched.
#[derive(Debug, Error)]
#[error("cannot fetch {url}: {problem}")]
pub struct NetworkError {
    /// What was to be fetched, as [`crate::shown`] gives it.
    pub url: String,
    /// Why it could not be.
    #[source]
    pub problem: Problem,
}

/// Why something could not be fetched.
#[derive(Debug, Error)]
pub enum Problem {
    /// The address cannot be used at all.
    #[error("not a usable address ({0})")]
    Address(String),
    /// The settings of the connection (proxy, certificates) cannot be used.
    #[error("{0}")]
    Settings(String),
    /// The name of the host or of the proxy has no address.
    #[error("the name of the host is not known ({proxy}); check the name and the network")]
    Dns {
        /// Which proxy applies, or that none is set.
        proxy: String,
    },
    /// No connection came about, or it broke before there was an answer.
    #[error("no connection: {detail} ({proxy})")]
    Connect {
        /// What the operating system or the proxy says.
        detail: String,
        /// Which proxy applies, or that none is set.
        proxy: String,
    },
    /// The other side could not prove who it is.
    #[error(
        "the secure connection failed: {0}; if a proxy of your company inspects connections, name its certificate \
         in SSL_CERT_FILE"
    )]
    Tls(String),
    /// 401, 403 or 407.
    #[error("access refused (status {status}); {hint}")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// What to do about it.
        hint: String,
        /// How the server wants to be convinced (RFC 9110, section 11.6.1); only for 401, and only when it is the
        /// server that was asked and not one it redirected to.
        challenge: Option<String>,
    },
    /// 404 or 410.
    #[error("it is not there (status {0}); check the address")]
    NotFound(u16),
    /// 429, after all attempts.
    #[error("too many requests (status 429){}", wait_hint(*.seconds))]
    TooMany {
        /// Seconds to wait, as the server says.
        seconds: Option<u64>,
    },
    /// Any other status that is no success, after all attempts where another attempt makes sense.
    #[error("the server answers status {0}; try again later, or tell those who run it")]
    Status(u16),
    /// Silence.
    #[error("the server stalled: nothing came for {0} s; try again later")]
    Stalled(u64),
    /// Content that comes, but hardly.
    #[error(
        "the transfer is too slow: {bytes} bytes in {seconds} s; try again later, or take a mirror that is nearer"
    )]
    Slow {
        /// Bytes that came lately.
        bytes: u64,
        /// Seconds that it took them.
        seconds: u64,
    },
    /// The whole takes longer than allowed.
    #[error("it was not done within {0} s; try again later, or take a mirror that is nearer")]
    Overdue(u64),
    /// The connection ended before the content did.
    #[error("the connection broke after {received} bytes{}; try again", of_total(*.expected))]
    Cut {
        /// Bytes that came.
        received: u64,
        /// Bytes announced.
        expected: Option<u64>,
    },
    /// More bytes than wanted.
    #[error("more than the limit of {0} bytes")]
    TooLarge(u64),
    /// A redirect that is not followed.
    #[error("{0}")]
    Redirect(String),
    /// The content is not what was asked for.
    #[error("the content is wrong: expected {expected}, got {found}; nothing of it is used")]
    Integrity {
        /// The digest or size that was expected.
        expected: String,
        /// What came.
        found: String,
    },
    /// It cannot be kept.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// What was fetched before cannot be read back.
    #[error(transparent)]
    Read(#[from] ReadError),
}

impl Problem {
    /// Whether the other side cannot be reached at all, so that a further address of it is not worth a try.
    pub fn is_unreachable(&self) -> bool {
        matches!(self, Self::Dns { .. } | Self::Connect { .. } | Self::Tls(_) | Self::Settings(_))
    }

    /// Whether the same request may succeed a little later.
    pub(crate) fn is_passing(&self) -> bool {
        match self {
            Self::Dns { .. } | Self::Connect { .. } | Self::Stalled(_) | Self::Cut { .. } => true,
            Self::Slow { .. } | Self::TooMany { .. } => true,
            Self::Status(status) => matches!(status, 408 | 425 | 500 | 502 | 503 | 504),
            _ => false,
        }
    }

    /// The problem that a status stands for; `None` for a success and for what is only asked for (304).
    pub(crate) fn of_status(status: u16, retry_after: Option<u64>) -> Option<Self> {
        Some(match status {
            200..=299 | 304 => return None,
            401 => refused(status, "give the right credentials"),
            403 => refused(status, "these credentials, or this machine, may not read it"),
            407 => refused(status, "the proxy wants credentials: write them into the proxy's address"),
            404 | 410 => Self::NotFound(status),
            429 => Self::TooMany { seconds: retry_after },
            _ => Self::Status(status),
        })
    }
}

fn refused(status: u16, hint: &str) -> Problem {
    Problem::Refused { status, hint: hint.to_owned(), challenge: None }
}

fn wait_hint(seconds: Option<u64>) -> String {
    match seconds {
        Some(seconds) => format!("; the server asks to wait {seconds} s"),
        None => "; try again later, or sign in".to_owned(),
    }
}

fn of_total(expected: Option<u64>) -> String {
    expected.map_or(String::new(), |expected| format!(" of {expected}"))
}
