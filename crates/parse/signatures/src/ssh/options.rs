//! The options of a line of allowed signers.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// What a line says about its key besides the principals.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Options {
    pub(super) authority: bool,
    pub(super) namespaces: Option<String>,
    /// Seconds since 1970.
    pub(super) valid_after: Option<i64>,
    pub(super) valid_before: Option<i64>,
}

impl Options {
    /// Reads `cert-authority,namespaces="git"`; the names are the same in capitals.
    pub(super) fn parse(mut text: &str) -> Result<Self, &'static str> {
        let mut options = Self::default();
        loop {
            text = options.one(text)?;
            if text.is_empty() {
                break;
            }
            text = text.strip_prefix(',').ok_or("an option is not known")?;
            if text.is_empty() {
                return Err("the options end with a comma");
            }
        }
        match (options.valid_after, options.valid_before) {
            (Some(after), Some(before)) if before <= after => Err("valid-before is not behind valid-after"),
            _ => Ok(options),
        }
    }

    /// Reads one option and returns what follows.
    fn one<'t>(&mut self, text: &'t str) -> Result<&'t str, &'static str> {
        if let Some(rest) = strip(text, "cert-authority") {
            self.authority = true;
            return Ok(rest);
        }
        if let Some(rest) = strip(text, "namespaces=") {
            let (value, rest) = quoted(rest)?;
            return fill(&mut self.namespaces, value, "namespaces stands twice").map(|()| rest);
        }
        if let Some(rest) = strip(text, "valid-after=") {
            let (value, rest) = quoted(rest)?;
            let time = time(&value).ok_or("valid-after is not a time such as 20260131 or 20260131120000Z")?;
            return fill(&mut self.valid_after, time, "valid-after stands twice").map(|()| rest);
        }
        if let Some(rest) = strip(text, "valid-before=") {
            let (value, rest) = quoted(rest)?;
            let time =
                time(&value).ok_or("valid-before is not a time such as 20260131 or 20260131120000Z")?;
            return fill(&mut self.valid_before, time, "valid-before stands twice").map(|()| rest);
        }
        Err("an option is not known, or the key is missing or broken")
    }
}

fn fill<T>(place: &mut Option<T>, value: T, twice: &'static str) -> Result<(), &'static str> {
    if place.is_some() {
        return Err(twice);
    }
    *place = Some(value);
    Ok(())
}

fn strip<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    let (head, rest) = text.split_at_checked(name.len())?;
    head.eq_ignore_ascii_case(name).then_some(rest)
}

/// A text in quotes, `\"` standing for a quote, and what follows.
fn quoted(text: &str) -> Result<(String, &str), &'static str> {
    let inside = text.strip_prefix('"').ok_or("an option's value is not in quotes")?;
    let mut value = String::new();
    let mut rest = inside;
    loop {
        let mut characters = rest.chars();
        match characters.next().ok_or("a quote is not closed")? {
            '"' => return Ok((value, characters.as_str())),
            '\\' if characters.as_str().starts_with('"') => {
                value.push('"');
                characters.next();
            }
            other => value.push(other),
        }
        rest = characters.as_str();
    }
}

/// `YYYYMMDD`, `YYYYMMDDHHMM` or `YYYYMMDDHHMMSS`, perhaps with `Z` or `UTC`, in seconds since 1970. OpenSSH reads a time
/// without those in the zone of the machine; here it is UTC, so that the answer is the same everywhere.
pub(super) fn time(text: &str) -> Option<i64> {
    let digits = text
        .strip_suffix(['Z', 'z'])
        .or_else(|| {
            text.split_at_checked(text.len().checked_sub(3)?)
                .filter(|(_, end)| end.eq_ignore_ascii_case("utc"))
                .map(|(digits, _)| digits)
        })
        .unwrap_or(text);
    if !matches!(digits.len(), 8 | 12 | 14) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number =
        |from: usize, to: usize| digits.get(from..to).map_or(Some(0), |part| part.parse::<i8>().ok());
    let year = digits.get(..4)?.parse::<i16>().ok()?;
    let second = number(12, 14)?.min(59);
    let local =
        DateTime::new(year, number(4, 6)?, number(6, 8)?, number(8, 10)?, number(10, 12)?, second, 0).ok()?;
    let seconds = local.to_zoned(TimeZone::UTC).ok()?.timestamp().as_second();
    (seconds != 0).then_some(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times() {
        let rows = [
            ("20260131", Some(1_769_817_600)),
            ("20260131Z", Some(1_769_817_600)),
            ("202601311200", Some(1_769_860_800)),
            ("20260131120001utc", Some(1_769_860_801)),
            ("20260231", None),
            ("2026013", None),
            ("2026-01-31", None),
            ("20260131120000+1", None),
            ("19700101Z", None),
            ("", None),
        ];
        for (text, expected) in rows {
            assert_eq!(time(text), expected, "{text}");
        }
    }

    #[test]
    fn lists() {
        let good = Options::parse("CERT-authority,namespaces=\"git,f\\\"x\",valid-after=\"20260101\"");
        assert_eq!(
            good,
            Ok(Options {
                authority: true,
                namespaces: Some("git,f\"x".to_owned()),
                valid_after: Some(1_767_225_600),
                valid_before: None,
            })
        );
        let wrong = [
            "nonsense",
            "cert-authorityx",
            "cert-authority,",
            "namespaces=git",
            "namespaces=\"git",
            "namespaces=\"git\",namespaces=\"x\"",
            "valid-after=\"soon\"",
            "valid-after=\"20260102\",valid-before=\"20260102\"",
        ];
        for text in wrong {
            assert!(Options::parse(text).is_err(), "{text}");
        }
    }
}
