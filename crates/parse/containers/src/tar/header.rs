use super::TarError;

/// Everything in a tar is a multiple of this many bytes.
pub(super) const BLOCK: usize = 512;

/// The fields of a header that matter here.
#[derive(Debug)]
pub(super) struct Header {
    pub(super) path: Vec<u8>,
    pub(super) target: Vec<u8>,
    pub(super) size: u64,
    pub(super) mode: u32,
    pub(super) flag: u8,
    /// For sparse files of the old GNU kind: the map of holes goes on in further blocks.
    pub(super) extended: bool,
}

impl Header {
    pub(super) fn parse(block: &[u8; BLOCK]) -> Result<Self, TarError> {
        if !checksum_holds(block) {
            return Err(TarError::Checksum);
        }
        let mut path = text(field(block, 0, 100)).to_vec();
        // GNU tar has other fields where POSIX has the prefix; its magic ends in a space.
        let prefix = text(field(block, 345, 155));
        if field(block, 257, 6) == b"ustar\0" && !prefix.is_empty() {
            path = [prefix, b"/", &path].concat();
        }
        let size = number(field(block, 124, 12)).filter(|size| i64::try_from(*size).is_ok());
        Ok(Self {
            path,
            target: text(field(block, 157, 100)).to_vec(),
            size: size.ok_or(TarError::Number)?,
            mode: number(field(block, 100, 8))
                .and_then(|mode| u32::try_from(mode & 0o7777).ok())
                .unwrap_or(0),
            flag: field(block, 156, 1).first().copied().unwrap_or(0),
            extended: field(block, 482, 1) != [0],
        })
    }
}

/// Whether the block can start a tar: a header, or the end of an empty one.
pub(crate) fn is_header(head: &[u8]) -> bool {
    let Some(block) = head.first_chunk::<BLOCK>() else { return false };
    block.iter().all(|byte| *byte == 0) || checksum_holds(block)
}

fn field(block: &[u8; BLOCK], start: usize, length: usize) -> &[u8] {
    block.get(start..start + length).unwrap_or_default()
}

fn text(field: &[u8]) -> &[u8] {
    field.split(|byte| *byte == 0).next().unwrap_or_default()
}

/// Octal digits, or a big-endian number after a byte of 0x80 where they do not suffice.
fn number(field: &[u8]) -> Option<u64> {
    if let [first, rest @ ..] = field
        && first & 0x80 != 0
    {
        return rest.iter().try_fold(u64::from(first & 0x7f), |number, byte| {
            number.checked_mul(256)?.checked_add(u64::from(*byte))
        });
    }
    let digits = text(field).trim_ascii();
    digits.iter().try_fold(0_u64, |number, byte| match byte {
        b'0'..=b'7' => number.checked_mul(8)?.checked_add(u64::from(byte - b'0')),
        _ => None,
    })
}

/// The sum of the bytes, its own field taken as spaces. Some old writers summed signed bytes.
fn checksum_holds(block: &[u8; BLOCK]) -> bool {
    let Some(stated) = number(field(block, 148, 8)).and_then(|sum| i64::try_from(sum).ok()) else {
        return false;
    };
    let (mut unsigned, mut signed) = (0_i64, 0_i64);
    for (index, byte) in block.iter().enumerate() {
        let byte = if (148..156).contains(&index) { b' ' } else { *byte };
        unsigned += i64::from(byte);
        signed += i64::from(byte.cast_signed());
    }
    stated == unsigned || stated == signed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        for (field, value) in [
            (&b"0000644\0"[..], Some(0o644)),
            (b"     644", Some(0o644)),
            (b"12 \0", Some(0o12)),
            (b"\0\0\0", Some(0)),
            (b"\x80\0\0\x01\0", Some(256)),
            (b"0x12", None),
            (b"-1", None),
            (b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", None),
        ] {
            assert_eq!(number(field), value, "{field:?}");
        }
    }
}
