use std::io::Read;

use crate::ResultsError;

/// The most that is read, in bytes of JSON text.
pub const MAX_INPUT_BYTES: usize = 256 << 20;

/// The JSON text: decompressed if it is gzip, checked to be UTF-8, without a byte order mark.
pub(super) fn text(bytes: &[u8], origin: &str) -> Result<String, ResultsError> {
    let bytes = match bytes {
        [0x1f, 0x8b, ..] => gunzip(bytes, origin)?,
        _ if bytes.len() > MAX_INPUT_BYTES => return Err(too_large(origin)),
        _ => bytes.to_vec(),
    };
    let text = String::from_utf8(bytes).map_err(|error| ResultsError::NotUtf8 {
        origin: origin.to_owned(),
        at: error.utf8_error().valid_up_to(),
    })?;
    let text = match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned(),
        None => text,
    };
    if text.trim().is_empty() {
        return Err(ResultsError::Empty { origin: origin.to_owned() });
    }
    Ok(text)
}

fn gunzip(bytes: &[u8], origin: &str) -> Result<Vec<u8>, ResultsError> {
    let mut out = Vec::new();
    let cap = u64::try_from(MAX_INPUT_BYTES).unwrap_or(u64::MAX).saturating_add(1);
    flate2::bufread::MultiGzDecoder::new(bytes)
        .take(cap)
        .read_to_end(&mut out)
        .map_err(|error| ResultsError::Gzip { origin: origin.to_owned(), reason: error.to_string() })?;
    if out.len() > MAX_INPUT_BYTES { Err(too_large(origin)) } else { Ok(out) }
}

fn too_large(origin: &str) -> ResultsError {
    ResultsError::TooLarge { origin: origin.to_owned(), limit: MAX_INPUT_BYTES }
}
