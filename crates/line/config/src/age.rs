use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// How old something may be, in seconds; written with a unit: `90s`, `30m`, `24h`, `7d`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Age(pub u64);

const UNITS: [(char, u64); 4] = [('d', 86_400), ('h', 3_600), ('m', 60), ('s', 1)];

impl FromStr for Age {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = UNITS.iter().find_map(|(unit, seconds)| {
            let number = text.trim().strip_suffix(*unit)?;
            number.bytes().all(|byte| byte.is_ascii_digit()).then_some(())?;
            number.parse::<u64>().ok()?.checked_mul(*seconds).filter(|seconds| *seconds > 0)
        });
        found.map(Self).ok_or_else(|| {
            format!("`{text}` is no age; write a whole number with a unit, as in `90s`, `30m`, `24h` or `7d`")
        })
    }
}

impl fmt::Display for Age {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fits = UNITS.iter().find(|(_, seconds)| self.0.is_multiple_of(*seconds));
        let (unit, seconds) = fits.copied().unwrap_or(('s', 1));
        write!(f, "{}{unit}", self.0 / seconds)
    }
}

impl Serialize for Age {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Age {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

impl JsonSchema for Age {
    fn schema_name() -> Cow<'static, str> {
        "Age".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A whole number with a unit: `90s`, `30m`, `24h`, `7d`.",
            "type": "string",
            "pattern": "^ *[0-9]+[smhd] *$",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Age;

    #[test]
    fn ages() {
        for (text, seconds, shown) in
            [("90s", 90, "90s"), ("30m", 1_800, "30m"), ("24h", 86_400, "1d"), (" 7d ", 604_800, "7d")]
        {
            let age: Age = text.parse().unwrap();
            assert_eq!((age.0, age.to_string().as_str()), (seconds, shown), "{text}");
        }
        for text in ["", "24", "h", "0h", "-1h", "1.5h", "1w", "99999999999999999999d", "9999999999999999999d"] {
            assert!(text.parse::<Age>().is_err(), "{text}");
        }
    }
}
