/// Formats that are recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ArchiveKind {
    /// Zip and everything that is one: jar, war, whl, nupkg, office documents.
    Zip,
    /// Tar without compression.
    Tar,
    /// Gzip: a tar or one file.
    Gzip,
    /// Zstandard: a tar or one file.
    Zstd,
    /// Bzip2; not opened.
    Bzip2,
    /// Xz; not opened.
    Xz,
    /// 7-Zip; not opened.
    SevenZip,
    /// RAR; not opened.
    Rar,
}

impl ArchiveKind {
    /// Its name, for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Zip => "zip",
            Self::Tar => "tar",
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
            Self::Bzip2 => "bzip2",
            Self::Xz => "xz",
            Self::SevenZip => "7z",
            Self::Rar => "rar",
        }
    }

    /// Whether [`crate::walk`] can open it; of the others it tells a problem.
    pub fn is_opened(self) -> bool {
        matches!(self, Self::Zip | Self::Tar | Self::Gzip | Self::Zstd)
    }
}

/// How many bytes of a file [`kind_of`] needs to see.
pub const HEAD_BYTES: usize = 512;

/// Recognises an archive by its first bytes ([`HEAD_BYTES`] of them, if it has that many); the name only matters for
/// tars from before 1988 and for zips with a program in front (`#!…` of an executable jar or a Python zip application).
pub fn kind_of(name: &str, head: &[u8]) -> Option<ArchiveKind> {
    match head {
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Some(ArchiveKind::Zip),
        // The third byte is the method, and there has never been another one than deflate.
        [0x1f, 0x8b, 8, ..] => Some(ArchiveKind::Gzip),
        [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Some(ArchiveKind::Zstd),
        [b'B', b'Z', b'h', b'1'..=b'9', 0x31, 0x41, 0x59, 0x26, ..] => Some(ArchiveKind::Bzip2),
        [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Some(ArchiveKind::Xz),
        [b'7', b'z', 0xbc, 0xaf, 0x27, 0x1c, ..] => Some(ArchiveKind::SevenZip),
        [b'R', b'a', b'r', b'!', 0x1a, 7, ..] => Some(ArchiveKind::Rar),
        _ if is_tar(name, head) => Some(ArchiveKind::Tar),
        [b'#', b'!', ..] if has_extension(name, PROGRAMS) => Some(ArchiveKind::Zip),
        _ => None,
    }
}

/// Names of zips that may have a program in front.
const PROGRAMS: &[&str] = &["jar", "war", "pyz", "pex"];
/// Names of tars that may have nothing to be known by.
const TARS: &[&str] = &["tar"];

/// Whether [`kind_of`] goes by the name too, so that the first bytes alone do not tell.
pub fn name_matters(name: &str) -> bool {
    has_extension(name, PROGRAMS) || has_extension(name, TARS)
}

fn is_tar(name: &str, head: &[u8]) -> bool {
    head.get(257..262) == Some(b"ustar")
        || (has_extension(name, TARS) && head.len() >= HEAD_BYTES && crate::tar::is_header(head))
}

fn has_extension(name: &str, extensions: &[&str]) -> bool {
    name.rsplit_once('.')
        .is_some_and(|(_, last)| extensions.iter().any(|extension| last.eq_ignore_ascii_case(extension)))
}

/// The name of what a compressed file holds.
pub(crate) fn decompressed_name(name: &str) -> String {
    let name = name.rsplit('/').next().unwrap_or(name);
    match name.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() => match extension.to_ascii_lowercase().as_str() {
            "gz" | "gzip" | "z" | "zst" | "zstd" => stem.to_owned(),
            "tgz" | "taz" | "tzst" => format!("{stem}.tar"),
            "svgz" => format!("{stem}.svg"),
            _ => name.to_owned(),
        },
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_inside_compressed_files() {
        for (name, inside) in [
            ("a/dump.sql.gz", "dump.sql"),
            ("x.tgz", "x.tar"),
            ("x.TAR.ZST", "x.TAR"),
            (".gz", ".gz"),
            ("plain", "plain"),
        ] {
            assert_eq!(decompressed_name(name), inside);
        }
    }

    #[test]
    fn kinds_by_content() {
        let mut ustar = vec![0; 512];
        ustar.splice(257..262, *b"ustar");
        for (name, head, kind) in [
            ("a.whl", &b"PK\x03\x04rest"[..], Some(ArchiveKind::Zip)),
            ("empty.zip", b"PK\x05\x06", Some(ArchiveKind::Zip)),
            ("run.jar", b"#!/bin/sh\n", Some(ArchiveKind::Zip)),
            ("run.sh", b"#!/bin/sh\n", None),
            ("x", b"\x1f\x8b\x08\0", Some(ArchiveKind::Gzip)),
            ("x", b"\x28\xb5\x2f\xfd", Some(ArchiveKind::Zstd)),
            ("x", b"BZh91AY&SY", Some(ArchiveKind::Bzip2)),
            ("x", b"\xfd7zXZ\0", Some(ArchiveKind::Xz)),
            ("x", &ustar, Some(ArchiveKind::Tar)),
            ("zeros.tar", &[0; 512], Some(ArchiveKind::Tar)),
            ("zeros.bin", &[0; 512], None),
            ("words.tar", &[b'a'; 512], None),
            ("empty.tar", b"", None),
            ("x", b"PK", None),
        ] {
            assert_eq!(kind_of(name, head), kind, "{name}");
        }
    }
}
