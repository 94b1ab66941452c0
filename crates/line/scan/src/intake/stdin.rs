use std::io::Read;

use andon_system::{Capped, ReadError, read_stream};

/// The report path of standard input.
pub const STDIN_PATH: &str = "-";

/// Reads standard input (or any stream) to its end.
///
/// # Errors
/// When there are more than `limit` bytes, or the stream fails.
pub fn read_stdin(stream: &mut dyn Read, limit: u64) -> Result<Capped, ReadError> {
    read_stream(stream, "standard input", limit)
}
