use object::read::macho::FatArch;

use crate::{Format, go, rust};

/// More than any universal program holds.
const MAX_SLICES: usize = 16;

/// Which list of packages a program carries, if it is one and carries one.
pub(crate) fn format(bytes: &[u8]) -> Option<Format> {
    slices(bytes).into_iter().filter_map(|slice| object::File::parse(slice).ok()).find_map(|file| {
        if go::has_build_info(&file) {
            Some(Format::GoBinary)
        } else {
            rust::is_auditable(&file).then_some(Format::RustBinary)
        }
    })
}

/// The programs in a file: the file itself, or each architecture's part of a universal Mach-O file.
pub(crate) fn slices(bytes: &[u8]) -> Vec<&[u8]> {
    let parts = match bytes {
        [0xCA, 0xFE, 0xBA, 0xBE, ..] => fat32(bytes),
        [0xCA, 0xFE, 0xBA, 0xBF, ..] => fat64(bytes),
        _ if is_program(bytes) => return vec![bytes],
        _ => return Vec::new(),
    };
    parts.unwrap_or_default()
}

fn fat32(bytes: &[u8]) -> Option<Vec<&[u8]>> {
    let fat = object::read::macho::MachOFatFile32::parse(bytes).ok()?;
    Some(fat.arches().iter().take(MAX_SLICES).filter_map(|arch| arch.data(bytes).ok()).collect())
}

fn fat64(bytes: &[u8]) -> Option<Vec<&[u8]>> {
    let fat = object::read::macho::MachOFatFile64::parse(bytes).ok()?;
    Some(fat.arches().iter().take(MAX_SLICES).filter_map(|arch| arch.data(bytes).ok()).collect())
}

/// Whether a file begins as a program of Linux, Windows or macOS for one architecture does.
fn is_program(bytes: &[u8]) -> bool {
    matches!(
        bytes,
        [0x7F, b'E', b'L', b'F', ..]
            | [b'M', b'Z', ..]
            | [0xFE, 0xED, 0xFA, 0xCE | 0xCF, ..]
            | [0xCE | 0xCF, 0xFA, 0xED, 0xFE, ..]
    )
}
