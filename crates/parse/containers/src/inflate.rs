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

/// Reads gzip, of one member or several, and compares its checksums. Unlike the reader of `flate2` it gives all that precedes a damage.
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

/// As [`Gunzip`] for what is hashed anyway: compares the lengths of the members but not their checksums, which would
/// tell nothing more.
pub(crate) struct Unchecked<R> {
    source: R,
    state: Decompress,
    next: Next,
}

/// What the source stands before.
enum Next {
    Header,
    Content,
    Trailer,
}

impl<R: BufRead> Unchecked<R> {
    pub(crate) fn new(source: R) -> Self {
        Self { source, state: Decompress::new(false), next: Next::Header }
    }
}

impl<R: BufRead> Read for Unchecked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while !buffer.is_empty() {
            let input = self.source.fill_buf()?;
            match self.next {
                Next::Header if input.is_empty() => return Ok(0),
                Next::Header => {
                    pass_header(&mut self.source)?;
                    self.state.reset(false);
                    self.next = Next::Content;
                }
                Next::Content => {
                    let step = Step::take(&mut self.state, input, buffer);
                    self.source.consume(step.consumed);
                    if step.done {
                        self.next = Next::Trailer;
                    }
                    if let Some(result) = step.result() {
                        return result;
                    }
                }
                Next::Trailer => {
                    let [.., a, b, c, d] = take::<8>(&mut self.source)?;
                    if u64::from(u32::from_le_bytes([a, b, c, d])) != self.state.total_out() & 0xffff_ffff {
                        return Err(damaged("the length of a member is wrong"));
                    }
                    self.next = Next::Header;
                }
            }
        }
        Ok(0)
    }
}

/// Reads the header of a member, as RFC 1952, section 2.3, has it.
fn pass_header(source: &mut impl BufRead) -> io::Result<()> {
    const CHECKSUM: u8 = 2;
    const EXTRA: u8 = 4;
    const NAME: u8 = 8;
    const COMMENT: u8 = 16;
    let [0x1f, 0x8b, 8, flags, ..] = take::<10>(source)? else { return Err(damaged("no gzip header")) };
    if flags & EXTRA != 0 {
        for _ in 0..u16::from_le_bytes(take(source)?) {
            take::<1>(source)?;
        }
    }
    for _ in [NAME, COMMENT].iter().filter(|text| flags & **text != 0) {
        while take::<1>(source)? != [0] {}
    }
    if flags & CHECKSUM != 0 {
        take::<2>(source)?;
    }
    Ok(())
}

fn take<const N: usize>(source: &mut impl BufRead) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    source.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn damaged(how: &str) -> io::Error {
    Refusal::Corrupt(format!("damaged: {how}")).into()
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::{Compression, GzBuilder};

    use super::*;

    fn gzip(content: &[u8], builder: GzBuilder) -> Vec<u8> {
        let mut writer = builder.write(Vec::new(), Compression::fast());
        writer.write_all(content).unwrap();
        writer.finish().unwrap()
    }

    fn check(packed: &[u8], expected: Result<&[u8], ()>) {
        let mut unpacked = Vec::new();
        let read = Unchecked::new(packed).read_to_end(&mut unpacked);
        assert_eq!(read.map(|_| unpacked.as_slice()).map_err(|_| ()), expected);
    }

    #[test]
    fn what_gzip_may_hold_beside_the_content_is_passed() {
        let full = || GzBuilder::new().extra(vec![7; 300]).filename("a name").comment("a comment");
        let (plain, full) = (gzip(b"one", GzBuilder::new()), gzip(b"two", full()));
        check(&plain, Ok(b"one"));
        check(&full, Ok(b"two"));
        check(&[plain.as_slice(), &full, &plain].concat(), Ok(b"onetwoone"));
        let mut sealed = gzip(b"one", GzBuilder::new());
        sealed[3] |= 2;
        sealed.splice(10..10, [0xab, 0xcd]);
        check(&sealed, Ok(b"one"));
    }

    #[test]
    fn what_is_cut_off_or_has_another_length_is_refused() {
        let packed = gzip(&b"content".repeat(99), GzBuilder::new().filename("x"));
        for end in 1..packed.len() {
            check(&packed[..end], Err(()));
        }
        let mut longer = packed.clone();
        *longer.iter_mut().nth_back(3).unwrap() ^= 1;
        check(&longer, Err(()));
        check(&[packed.as_slice(), b"rest"].concat(), Err(()));
    }
}
