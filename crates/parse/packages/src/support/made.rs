/// A little-endian program for Linux with one loaded segment at an address, and sections with names.
pub(crate) fn elf(address: u64, segment: &[u8], sections: &[(&str, &[u8])]) -> Vec<u8> {
    const HEADER: usize = 64;
    const PROGRAM: usize = 56;
    let mut data = segment.to_vec();
    let mut names = vec![0];
    let mut table = vec![section(0, 0, 0, 0)];
    for (name, bytes) in sections {
        let offset = HEADER + PROGRAM + data.len();
        table.push(section(names.len(), 1, offset, bytes.len()));
        names.extend_from_slice(name.as_bytes());
        names.push(0);
        data.extend_from_slice(bytes);
    }
    let named = names.len();
    names.extend_from_slice(b".shstrtab\0");
    table.push(section(named, 3, HEADER + PROGRAM + data.len(), names.len()));
    data.extend_from_slice(&names);
    let has_sections = !sections.is_empty();
    let mut file = b"\x7FELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x02\0\x3E\0\x01\0\0\0".to_vec();
    let sections_at = if has_sections { HEADER + PROGRAM + data.len() } else { 0 };
    for word in [address, HEADER as u64, sections_at as u64] {
        file.extend_from_slice(&word.to_le_bytes());
    }
    file.extend_from_slice(&[0; 4]);
    let count = if has_sections { table.len() } else { 0 };
    for half in [HEADER, PROGRAM, 1, 64, count, count.saturating_sub(1)] {
        file.extend_from_slice(&u16::try_from(half).unwrap().to_le_bytes());
    }
    file.extend_from_slice(&[1, 0, 0, 0, 6, 0, 0, 0]);
    let size = segment.len() as u64;
    for word in [(HEADER + PROGRAM) as u64, address, address, size, size, 16] {
        file.extend_from_slice(&word.to_le_bytes());
    }
    file.extend_from_slice(&data);
    if has_sections {
        file.extend(table.concat());
    }
    file
}

fn section(name: usize, kind: u32, offset: usize, size: usize) -> Vec<u8> {
    let mut section = u32::try_from(name).unwrap().to_le_bytes().to_vec();
    section.extend_from_slice(&kind.to_le_bytes());
    for word in [0, 0, offset as u64, size as u64] {
        section.extend_from_slice(&word.to_le_bytes());
    }
    section.extend_from_slice(&[0; 8]);
    for word in [1_u64, 0] {
        section.extend_from_slice(&word.to_le_bytes());
    }
    section
}
