/// Why results of another tool could not be read. Every message names the source and says what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ResultsError {
    /// Nothing in it.
    #[error("reading results from {origin}: it is empty; check that the tool ran and wrote its report there")]
    Empty {
        /// The file, as the caller named it.
        origin: String,
    },
    /// More than [`crate::MAX_INPUT_BYTES`], before or after decompression.
    #[error(
        "reading results from {origin}: it holds more than {limit} bytes; let the tool report fewer results \
         or split the report"
    )]
    TooLarge {
        /// The file, as the caller named it.
        origin: String,
        /// The limit in bytes.
        limit: usize,
    },
    /// A damaged gzip stream.
    #[error(
        "reading results from {origin}: it begins like gzip but cannot be decompressed ({reason}); write it again"
    )]
    Gzip {
        /// The file, as the caller named it.
        origin: String,
        /// What the decompressor said.
        reason: String,
    },
    /// Not UTF-8, which JSON demands.
    #[error(
        "reading results from {origin}: it is not UTF-8 (byte {at} is wrong); convert it, for example with `iconv -t UTF-8`"
    )]
    NotUtf8 {
        /// The file, as the caller named it.
        origin: String,
        /// 0-based offset of the first wrong byte.
        at: usize,
    },
    /// Not JSON, or JSON of another shape than SARIF.
    #[error(
        "reading results from {origin}: line {line}, column {column}: {reason}; the file must be SARIF 2.1.0, the \
         format that tools write with an option such as `--format sarif`"
    )]
    Shape {
        /// The file, as the caller named it.
        origin: String,
        /// 1-based line of the JSON text.
        line: usize,
        /// 1-based column, in bytes.
        column: usize,
        /// What is wrong there.
        reason: String,
    },
    /// Another version of SARIF, or none.
    #[error(
        "reading results from {origin}: `version` is {found}, but only SARIF 2.1.0 can be read; let the tool write \
         version 2.1.0"
    )]
    Version {
        /// The file, as the caller named it.
        origin: String,
        /// What stands there.
        found: String,
    },
}
