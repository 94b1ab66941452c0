//! Points in time as the formats want them.

use jiff::Timestamp;

/// An RFC 3339 time as SPDX demands it: in UTC, without fractions of a second.
pub(crate) fn in_seconds(text: &str) -> Option<String> {
    let time: Timestamp = text.parse().ok()?;
    Some(time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
}

/// A time that can be compared; nothing when the text is none.
pub(crate) fn instant(text: &str) -> Option<Timestamp> {
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_brought_to_utc() {
        assert_eq!(in_seconds("2026-01-02T03:04:05.678+02:00").as_deref(), Some("2026-01-02T01:04:05Z"));
        assert_eq!(in_seconds("2026-01-02T03:04:05Z").as_deref(), Some("2026-01-02T03:04:05Z"));
        assert_eq!(in_seconds("yesterday"), None);
    }
}
