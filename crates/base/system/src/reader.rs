use std::io::{self, Read};
use std::path::Path;

use crate::{Capped, ReadError, ReadProblem};

/// Reads a stream (standard input, an inflated blob) to its end, at most `limit` bytes. `name` is what errors call it.
///
/// # Errors
/// When there are more than `limit` bytes, or the stream itself fails.
pub fn read_stream(stream: &mut dyn Read, name: &str, limit: u64) -> Result<Capped, ReadError> {
    let path = Path::new(name);
    let mut bytes = Vec::new();
    fill(stream, &mut bytes, limit)
        .map_err(|error| ReadError::io(path, error))?
        .then_some(Capped { bytes, stamp: None })
        .ok_or_else(|| ReadError::new(path, ReadProblem::TooLarge { size: limit.saturating_add(1), limit }))
}

/// Reads to the end; false when there are more than `limit` bytes.
pub(crate) fn fill(stream: &mut dyn Read, bytes: &mut Vec<u8>, limit: u64) -> io::Result<bool> {
    stream.take(limit.saturating_add(1)).read_to_end(bytes)?;
    Ok(u64::try_from(bytes.len()).is_ok_and(|length| length <= limit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_is_cut_at_the_limit() {
        let read = |limit| read_stream(&mut io::repeat(b'x').take(10), "-", limit);
        assert_eq!(read(10).map(|capped| capped.bytes.len()).ok(), Some(10));
        let error = read(9).unwrap_err();
        assert!(matches!(error.problem, ReadProblem::TooLarge { size: 10, limit: 9 }), "{error}");
        assert!(read_stream(&mut io::repeat(b'x'), "-", 1000).is_err(), "an endless stream ends");
    }
}
