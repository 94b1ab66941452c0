/// A zip of stored entries.
pub(crate) fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut file, mut directory) = (Vec::new(), Vec::new());
    for (name, bytes) in entries {
        let at = u32::try_from(file.len()).unwrap().to_le_bytes();
        let size = u32::try_from(bytes.len()).unwrap().to_le_bytes();
        let name_length = u16::try_from(name.len()).unwrap().to_le_bytes();
        let versions_to_time = [20, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        let common = [&versions_to_time[..], &crc(bytes), &size, &size, &name_length, &[0, 0]].concat();
        file.extend([b"PK\x03\x04", &common[..], name.as_bytes(), bytes].concat());
        directory.extend([b"PK\x01\x02\x14\0", &common[..], &[0; 10], &at, name.as_bytes()].concat());
    }
    let (start, size) = (file.len(), directory.len());
    let count = u16::try_from(entries.len()).unwrap().to_le_bytes();
    file.extend(directory);
    file.extend([&b"PK\x05\x06\0\0\0\0"[..], &count, &count].concat());
    file.extend([size, start].iter().flat_map(|number| u32::try_from(*number).unwrap().to_le_bytes()));
    file.extend([0, 0]);
    file
}

/// CRC-32 (ISO 3309).
fn crc(bytes: &[u8]) -> [u8; 4] {
    let step = |crc: u32, _| (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg());
    let crc = bytes.iter().fold(u32::MAX, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), step));
    (!crc).to_le_bytes()
}
