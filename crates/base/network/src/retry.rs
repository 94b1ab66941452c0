use std::time::{Duration, Instant};

use reqwest::header::HeaderMap;

use crate::Settings;

/// How long to wait before the next attempt: doubled each time, a random part of it taken so that many machines do
/// not come back together, never less than the server asks for. It also keeps the time that the whole may take.
pub(crate) struct Backoff<'a> {
    settings: &'a Settings,
    failed: u32,
    begun: Instant,
}

impl<'a> Backoff<'a> {
    pub(crate) fn new(settings: &'a Settings) -> Self {
        Self { settings, failed: 0, begun: Instant::now() }
    }

    /// How much of the time for the whole is left.
    pub(crate) fn left(&self) -> Duration {
        self.settings.longest.saturating_sub(self.begun.elapsed())
    }

    /// After progress, failures before it no longer count.
    pub(crate) fn reset(&mut self) {
        self.failed = 0;
    }

    /// The wait before the next attempt; `None` when it is time to give up, because of the number of attempts or
    /// because the server wants to be left alone for too long.
    pub(crate) fn next(&mut self, retry_after: Option<u64>) -> Option<Duration> {
        self.failed = self.failed.saturating_add(1);
        if self.failed >= self.settings.attempts {
            return None;
        }
        let asked = Duration::from_secs(retry_after.unwrap_or(0));
        if asked > self.settings.longest_retry_after {
            return None;
        }
        let doubled = 1_u32.checked_shl(self.failed.saturating_sub(1)).unwrap_or(u32::MAX);
        let full = self.settings.first_wait.saturating_mul(doubled).min(self.settings.longest_wait);
        Some((full / 2 + jitter(full / 2)).max(asked))
    }
}

/// A random part of a duration; all of it when the system has no randomness.
fn jitter(whole: Duration) -> Duration {
    getrandom::u32().map_or(whole, |random| whole.mul_f64(f64::from(random) / f64::from(u32::MAX)))
}

/// The header `Retry-After` in seconds: a number, or a date that is compared with the server's own `Date`
/// (RFC 9110, section 10.2.3).
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<u64> {
    let text = |name: &str| headers.get(name)?.to_str().ok();
    let value = text("retry-after")?.trim();
    if let Ok(seconds) = value.parse() {
        return Some(seconds);
    }
    let date = |text: &str| jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text).ok();
    let seconds = date(value)?.duration_since(date(text("date")?)?).as_secs();
    Some(u64::try_from(seconds).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_up_to_their_limit_and_end() {
        let settings = Settings {
            attempts: 6,
            first_wait: Duration::from_secs(1),
            longest_wait: Duration::from_secs(4),
            longest_retry_after: Duration::from_secs(60),
            ..Settings::default()
        };
        let mut backoff = Backoff::new(&settings);
        for full in [1, 2, 4, 4, 4] {
            let full = Duration::from_secs(full);
            let wait = backoff.next(None).unwrap();
            assert!(wait >= full / 2 && wait <= full, "{wait:?} of {full:?}");
        }
        assert_eq!(backoff.next(None), None);
        backoff.reset();
        assert_eq!(backoff.next(Some(60)), Some(Duration::from_secs(60)));
        assert_eq!(backoff.next(Some(61)), None, "not before the server allows it");
    }

    #[test]
    fn retry_after_is_a_number_or_a_date() {
        let check = |value: &str, date: &str, expected: Option<u64>| {
            let mut headers = HeaderMap::new();
            headers.insert("retry-after", value.parse().unwrap());
            headers.insert("date", date.parse().unwrap());
            assert_eq!(retry_after(&headers), expected, "{value}");
        };
        let now = "Sun, 06 Nov 1994 08:49:37 GMT";
        check(" 7 ", now, Some(7));
        check("Sun, 06 Nov 1994 08:50:37 GMT", now, Some(60));
        check("Sun, 06 Nov 1994 08:00:00 GMT", now, Some(0));
        check("soon", now, None);
        check("-1", now, None);
        check("Sun, 06 Nov 1994 08:50:37 GMT", "yesterday", None);
    }
}
