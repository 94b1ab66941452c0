use std::borrow::Cow;

use crate::report_error::ReportError;

/// Bytes of one report of tests or coverage.
pub const MAX_REPORT_BYTES: usize = 64 * 1024 * 1024;

/// The text of a report; bytes that are not UTF-8 are replaced.
pub(crate) fn text<'b>(bytes: &'b [u8], origin: &str) -> Result<Cow<'b, str>, ReportError> {
    if bytes.trim_ascii().is_empty() {
        return Err(ReportError::Empty { origin: origin.to_owned() });
    }
    if bytes.len() > MAX_REPORT_BYTES {
        return Err(ReportError::TooLarge { origin: origin.to_owned(), limit: MAX_REPORT_BYTES });
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    Ok(String::from_utf8_lossy(bytes))
}
