//! Git's delta format (gitformat-pack, "Deltified representation"): a target is made of pieces copied from a base
//! and pieces inserted.

use andon_model::Piece;

/// Makes the target of a delta into `target`, which is emptied first, and the pieces copied from the base into
/// `pieces`. `limit` bounds the target's size in bytes.
///
/// # Errors
/// When the delta is damaged, was made for another base, or promises more than `limit`.
pub(super) fn apply(
    base: &[u8],
    delta: &[u8],
    limit: usize,
    target: &mut Vec<u8>,
    pieces: &mut Vec<Piece>,
) -> Result<(), DeltaError> {
    let mut input = Input { bytes: delta };
    let base_size = input.size()?;
    let target_size = input.size()?;
    if base_size != base.len() {
        return Err(DeltaError::OtherBase);
    }
    if target_size > limit {
        return Err(DeltaError::TooLarge);
    }
    target.clear();
    pieces.clear();
    target.reserve_exact(target_size);
    while let Some(command) = input.next() {
        let piece = match command {
            0 => return Err(DeltaError::Damaged),
            insert if insert & 0x80 == 0 => input.take(usize::from(insert))?,
            copy => {
                let (start, length) = input.copy(copy)?;
                let end = start.checked_add(length).ok_or(DeltaError::Damaged)?;
                push(pieces, Piece { from: start, to: target.len(), length });
                base.get(start..end).ok_or(DeltaError::Damaged)?
            }
        };
        if target.len() + piece.len() > target_size {
            return Err(DeltaError::Damaged);
        }
        target.extend_from_slice(piece);
    }
    if target.len() == target_size { Ok(()) } else { Err(DeltaError::Damaged) }
}

/// Git copies at most 64 KiB at a time; pieces that continue each other are one.
fn push(pieces: &mut Vec<Piece>, piece: Piece) {
    match pieces.last_mut() {
        Some(last) if last.from + last.length == piece.from && last.to + last.length == piece.to => {
            last.length += piece.length;
        }
        _ => pieces.push(piece),
    }
}

/// The size of the target that a delta promises, in bytes.
pub(super) fn target_size(delta: &[u8]) -> Result<usize, DeltaError> {
    let mut input = Input { bytes: delta };
    input.size()?;
    input.size()
}

/// What can be wrong with a delta.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum DeltaError {
    /// An instruction is cut off or reaches outside.
    #[error("its delta is damaged")]
    Damaged,
    /// The base has another size than the delta was made for.
    #[error("its delta was made for another base")]
    OtherBase,
    /// Over the limit.
    #[error("it is over the size limit")]
    TooLarge,
}

struct Input<'a> {
    bytes: &'a [u8],
}

impl<'a> Input<'a> {
    fn next(&mut self) -> Option<u8> {
        let (first, rest) = self.bytes.split_first()?;
        self.bytes = rest;
        Some(*first)
    }

    fn byte(&mut self) -> Result<u8, DeltaError> {
        self.next().ok_or(DeltaError::Damaged)
    }

    fn take(&mut self, count: usize) -> Result<&'a [u8], DeltaError> {
        let (taken, rest) = self.bytes.split_at_checked(count).ok_or(DeltaError::Damaged)?;
        self.bytes = rest;
        Ok(taken)
    }

    /// Seven bits a byte, lowest first; the top bit says that another byte follows.
    fn size(&mut self) -> Result<usize, DeltaError> {
        let mut size = 0_u64;
        for shift in (0..63).step_by(7) {
            let byte = self.byte()?;
            size |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return usize::try_from(size).map_err(|_| DeltaError::Damaged);
            }
        }
        Err(DeltaError::Damaged)
    }

    /// Offset (4 bits of presence, low) and length (3 bits of presence, high); a length of 0 stands for 64 KiB.
    fn copy(&mut self, command: u8) -> Result<(usize, usize), DeltaError> {
        let mut part = |bits: std::ops::Range<u32>| -> Result<usize, DeltaError> {
            let mut value = 0;
            for (index, bit) in bits.enumerate() {
                if command >> bit & 1 == 1 {
                    value |= usize::from(self.byte()?) << (8 * index);
                }
            }
            Ok(value)
        };
        let start = part(0..4)?;
        let length = part(4..7)?;
        Ok((start, if length == 0 { 0x1_0000 } else { length }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(base: &[u8], delta: &[u8], expected: Result<&[u8], DeltaError>) {
        let mut target = Vec::new();
        let mut pieces = Vec::new();
        let result = apply(base, delta, 1000, &mut target, &mut pieces);
        for piece in pieces.iter().filter(|_| result.is_ok()) {
            assert_eq!(base[piece.from..][..piece.length], target[piece.to..][..piece.length]);
        }
        assert_eq!(result.map(|()| target.as_slice()), expected, "{delta:?}");
    }

    #[test]
    fn copies_and_inserts() {
        check(b"hello world", &[11, 9, 0x90, 5, 4, b',', b' ', b'y', b'o'], Ok(b"hello, yo"));
        check(b"hello world", &[11, 5, 0x91, 6, 5], Ok(b"world"));
        check(b"", &[0, 0], Ok(b""));
    }

    #[test]
    fn damage_is_an_error() {
        for delta in
            [&[][..], &[11], &[11, 3, 0], &[11, 3, 3, b'a'], &[11, 3, 0x91, 250, 3], &[11, 1, 2, b'a', b'b']]
        {
            check(b"hello world", delta, Err(DeltaError::Damaged));
        }
        check(b"hello", &[11, 1, 1, b'a'], Err(DeltaError::OtherBase));
        check(b"hello", &[5, 0xff, 0x7f, 1, b'a'], Err(DeltaError::TooLarge));
        check(b"hello", &[0xff; 20], Err(DeltaError::Damaged));
    }
}
