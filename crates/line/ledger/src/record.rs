//! What is hashed into the tree for an entry: a small record with the digest of its content. So a bundle of 256
//! entries stays small, a content may be as large as it likes, and a proof of an entry needs the content only.

use crate::Hash;

/// The first line of every record. It keeps what is hashed here apart from all else.
const FIRST_LINE: &str = "andon.dev/ledger-entry/v1";
/// Bytes of a record that are read at most; ours have about 130.
const LONGEST: usize = 512;

/// An entry of the log: the digest and the length of its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record {
    /// The SHA-256 of the content.
    pub digest: Hash,
    /// Bytes of the content.
    pub length: u64,
}

impl Record {
    /// The record of a content.
    pub fn of(content: &[u8]) -> Self {
        Self { digest: Hash::of(content), length: u64::try_from(content.len()).unwrap_or(u64::MAX) }
    }

    /// Its bytes in the log: three lines, the digest as `sha256:` and hexadecimal digits, the length in decimal.
    pub fn encode(&self) -> String {
        format!("{FIRST_LINE}\nsha256:{}\n{}\n", self.digest, self.length)
    }

    /// Reads what [`Record::encode`] wrote; `None` for anything else.
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(bytes).ok().filter(|text| text.len() <= LONGEST)?;
        let mut lines = text.strip_prefix(FIRST_LINE)?.strip_prefix("\nsha256:")?.split('\n');
        let digest = Hash::from_hex(lines.next()?)?;
        let length = lines.next()?.parse().ok()?;
        Some(Self { digest, length }).filter(|record| record.encode().as_bytes() == bytes)
    }

    /// Its hash in the tree.
    pub fn leaf(&self) -> Hash {
        Hash::leaf(self.encode().as_bytes())
    }
}

/// Appends a record to a bundle: two bytes of length, most significant first, then the record (C2SP tlog-tiles).
pub(crate) fn bundle(records: &[u8], bundle: &mut Vec<u8>) {
    let length = u16::try_from(records.len()).unwrap_or(u16::MAX);
    bundle.extend_from_slice(&length.to_be_bytes());
    bundle.extend_from_slice(records);
}

/// The records of a bundle, in order; `None` where it is cut off or holds anything else.
pub fn unbundle(bytes: &[u8]) -> Option<Vec<Record>> {
    let (records, length) = first_of(bytes, usize::MAX)?;
    (length == bytes.len()).then_some(records)
}

/// The first `count` records of a bundle, fewer where it ends, and the bytes that they take.
pub(crate) fn first_of(bytes: &[u8], count: usize) -> Option<(Vec<Record>, usize)> {
    let (mut records, mut rest) = (Vec::new(), bytes);
    while records.len() < count {
        let Some((length, behind)) = rest.split_first_chunk() else { break };
        let (record, behind) = behind.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
        records.push(Record::decode(record)?);
        rest = behind;
    }
    Some((records, bytes.len() - rest.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_and_bundles_read_what_they_write() {
        let records = [Record::of(b"one"), Record::of(b"two"), Record::of(&[])];
        let mut bytes = Vec::new();
        records.iter().for_each(|record| bundle(record.encode().as_bytes(), &mut bytes));
        assert_eq!(unbundle(&bytes).as_deref(), Some(records.as_slice()));
        assert_eq!(unbundle(&bytes[..bytes.len() - 1]), None);
        assert_eq!(unbundle(&[bytes.as_slice(), &[0]].concat()), None);
        assert_eq!(unbundle(&[]), Some(Vec::new()));
    }

    #[test]
    fn a_record_is_written_in_one_way_only() {
        let text = Record::of(b"x").encode();
        assert_eq!(
            text,
            "andon.dev/ledger-entry/v1\n\
             sha256:2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881\n1\n"
        );
        for wrong in [
            text.trim_end().to_owned(),
            format!("{text}\n"),
            text.replace("\n1\n", "\n01\n"),
            text.replace("\n1\n", "\n+1\n"),
            text.replace("v1", "v2"),
            text.replace("2d71", "2D71"),
            text.replace("sha256:", "sha256: "),
        ] {
            assert_eq!(Record::decode(wrong.as_bytes()), None, "{wrong:?}");
        }
    }
}
