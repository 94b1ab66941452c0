/// Why a report of tests or of their coverage could not be read. Every message names the source and says what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReportError {
    /// Nothing in it.
    #[error("reading {origin}: it is empty; check that the tests ran and wrote their report there")]
    Empty {
        /// The file, as the caller named it.
        origin: String,
    },
    /// More than [`crate::MAX_REPORT_BYTES`].
    #[error("reading {origin}: it holds more than {limit} bytes; split the report")]
    TooLarge {
        /// The file, as the caller named it.
        origin: String,
        /// The limit in bytes.
        limit: usize,
    },
    /// None of the formats that can be read.
    #[error("reading {origin}: {reason}; name the file that the test runner writes")]
    Unknown {
        /// The file, as the caller named it.
        origin: String,
        /// What was looked for in vain.
        reason: String,
    },
    /// Broken, or of another shape than its format has.
    #[error("reading {origin}: {reason}; let the tool write the report again")]
    Shape {
        /// The file, as the caller named it.
        origin: String,
        /// What is wrong.
        reason: String,
    },
}

impl ReportError {
    pub(crate) fn unknown(origin: &str, reason: &str) -> Self {
        Self::Unknown { origin: origin.to_owned(), reason: reason.to_owned() }
    }

    pub(crate) fn shape(origin: &str, reason: impl Into<String>) -> Self {
        Self::Shape { origin: origin.to_owned(), reason: reason.into() }
    }
}
