use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A length of time, written in seconds or with units: `90`, `30s`, `10m`, `1h 30m`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timespan(pub Duration);

/// A year is longer than any step may take.
const LONGEST: u64 = 365 * 24 * 3600 * 1000;
const UNITS: [(&str, u64); 5] =
    [("ms", 1), ("d", 24 * 3600 * 1000), ("h", 3600 * 1000), ("m", 60 * 1000), ("s", 1000)];

impl Timespan {
    /// So many minutes.
    pub const fn minutes(minutes: u64) -> Self {
        Self(Duration::from_secs(minutes.saturating_mul(60)))
    }

    /// So many seconds.
    pub const fn seconds(seconds: u64) -> Self {
        Self(Duration::from_secs(seconds))
    }
}

impl FromStr for Timespan {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let bad =
            || format!("`{text}` is no length of time; write seconds, or numbers with units, as in `1h 30m`");
        let mut milliseconds = 0u64;
        let mut rest = text.trim();
        if rest.is_empty() {
            return Err(bad());
        }
        while !rest.is_empty() {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            let (number, after) = rest.split_at_checked(digits).ok_or_else(bad)?;
            let after = after.trim_start();
            let (unit, factor) = if after.is_empty() && number.len() == text.trim().len() {
                ("", 1000)
            } else {
                *UNITS.iter().find(|(unit, _)| after.starts_with(unit)).ok_or_else(bad)?
            };
            let number: u64 = number.parse().map_err(|_| bad())?;
            let part = number.checked_mul(factor).ok_or_else(bad)?;
            milliseconds = milliseconds.checked_add(part).ok_or_else(bad)?;
            rest = after.get(unit.len()..).unwrap_or_default().trim_start();
        }
        if milliseconds > LONGEST {
            return Err(format!("`{text}` is longer than a year"));
        }
        Ok(Self(Duration::from_millis(milliseconds)))
    }
}

impl fmt::Display for Timespan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = u64::try_from(self.0.as_millis()).unwrap_or(u64::MAX);
        let mut first = true;
        for (unit, factor) in [("h", 3600 * 1000), ("m", 60 * 1000), ("s", 1000), ("ms", 1)] {
            let (number, after) = (rest / factor, rest % factor);
            if number > 0 || (first && unit == "ms") {
                write!(f, "{}{number}{unit}", if first { "" } else { " " })?;
                first = false;
                rest = after;
            }
        }
        Ok(())
    }
}

impl Serialize for Timespan {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timespan {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Length)
    }
}

struct Length;

impl de::Visitor<'_> for Length {
    type Value = Timespan;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a length of time such as `10m`")
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Timespan, E> {
        value.to_string().parse().map_err(E::custom)
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Timespan, E> {
        value.parse().map_err(E::custom)
    }
}

impl JsonSchema for Timespan {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Timespan".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "Seconds, or numbers with units: `1h 30m`.",
            "anyOf": [
                { "type": "integer", "minimum": 0 },
                { "type": "string", "pattern": "^ *([0-9]+|([0-9]+ *(ms|[dhms]) *)+) *$" },
            ],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time() {
        let check = |text: &str, expected: Option<u64>| {
            let found = text.parse::<Timespan>().ok().map(|span| span.0);
            assert_eq!(found, expected.map(Duration::from_millis), "{text}");
        };
        check("90", Some(90_000));
        check("1h30m", Some(5_400_000));
        check(" 1h 30 m ", Some(5_400_000));
        check("250ms", Some(250));
        check("1m 5", None);
        check("0s", Some(0));
        for text in ["", "m", "1.5h", "-1s", "5 apples", "400d", "99999999999999999999s", "1h é"] {
            check(text, None);
        }
        for (span, text) in
            [(Timespan::minutes(90), "1h 30m"), (Timespan(Duration::from_millis(1_250)), "1s 250ms")]
        {
            assert_eq!(span.to_string(), text);
            assert_eq!(text.parse(), Ok(span));
        }
        assert_eq!(Timespan::seconds(0).to_string(), "0ms");
    }
}
