/// Why a configuration as a whole cannot be used. One rule that cannot run is no such error, it is rejected.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// It is not TOML.
    #[error("reading the secret rules of {file}, line {line}: {message}\nhint: correct the TOML there")]
    Syntax {
        /// As named by the caller.
        file: String,
        /// 1-based.
        line: usize,
        /// What the parser says.
        message: String,
    },
    /// It is TOML, but does not say what a configuration says.
    #[error("reading the secret rules of {file}, line {line}: {message}\nhint: {hint}")]
    Structure {
        /// As named by the caller.
        file: String,
        /// 1-based; 1 when it concerns the whole file.
        line: usize,
        /// What is wrong.
        message: String,
        /// What to do.
        hint: &'static str,
    },
    /// The file it extends cannot be read.
    #[error(
        "reading {path}, which the secret rules of {file} extend: {message}\nhint: correct `path` in [extend]"
    )]
    Extended {
        /// As named by the caller.
        file: String,
        /// As written in `[extend]`.
        path: String,
        /// What [`crate::config::Source::read`] says.
        message: String,
    },
}
