use std::io::{self, BufRead, Read};

use flate2::{Decompress, FlushDecompress, Status};

use crate::stream::Refusal;

/// The largest window that deflate has, as a power of two.
const WINDOW_BITS: u8 = 15;

/// What one step of inflating came to. Bytes that were given count even when it failed after them.
pub(crate) struct Step {
    pub(crate) consumed: usize,
    pub(crate) given: usize,
    pub(crate) done: bool,
    error: Option<io::Error>,
}

impl Step {
    /// Inflates from `input`, which is empty only at the end of the source, into `buffer`.
    pub(crate) fn take(state: &mut Decompress, input: &[u8], buffer: &mut [u8]) -> Self {
        let (before_in, before_out) = (state.total_in(), state.total_out());
        let flush = if input.is_empty() { FlushDecompress::Finish } else { FlushDecompress::None };
        let status = state.decompress(input, buffer, flush);
        let consumed = usize::try_from(state.total_in() - before_in).unwrap_or(0);
        let given = usize::try_from(state.total_out() - before_out).unwrap_or(0);
        let error = match &status {
            Ok(Status::StreamEnd) => None,
            Ok(_) if given == 0 && consumed == 0 => Some(io::ErrorKind::UnexpectedEof.into()),
            Ok(_) => None,
            Err(error) => Some(Refusal::Corrupt(format!("damaged: {error}")).into()),
        };
        Self { consumed, given, done: matches!(status, Ok(Status::StreamEnd)), error }
    }

    /// What to give to the reader: bytes, or else the error, which the next step meets again after bytes. `None` when
    /// there is neither.
    pub(crate) fn result(self) -> Option<io::Result<usize>> {
        match self.error {
            _ if self.given > 0 => Some(Ok(self.given)),
            Some(error) => Some(Err(error)),
            None => None,
        }
    }
}

/// Reads gzip, of one member or several. Unlike the reader of `flate2` it gives all that precedes a damage.
pub(crate) struct Gunzip<R> {
    source: R,
    state: Decompress,
    between: bool,
}

impl<R: BufRead> Gunzip<R> {
    pub(crate) fn new(source: R) -> Self {
        Self { source, state: Decompress::new_gzip(WINDOW_BITS), between: false }
    }
}

impl<R: BufRead> Read for Gunzip<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while !buffer.is_empty() {
            let input = self.source.fill_buf()?;
            if self.between {
                if input.is_empty() {
                    return Ok(0);
                }
                self.state.reset(true);
            }
            let step = Step::take(&mut self.state, input, buffer);
            self.source.consume(step.consumed);
            self.between = step.done;
            if let Some(result) = step.result() {
                return result;
            }
        }
        Ok(0)
    }
}
