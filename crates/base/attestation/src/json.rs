//! JSON that is signed: read within bounds, and refused when a member occurs twice, since readers differ in which of
//! the two they believe.

use std::fmt;

use serde::Serialize;
use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// The largest document, in bytes: an SBOM of a large image in its envelope.
pub const MAX_BYTES: usize = 64 << 20;
/// How deep objects and arrays may be nested.
pub const MAX_DEPTH: usize = 64;
/// How many values a document may hold.
pub const MAX_VALUES: usize = 2_000_000;

/// Why a document was refused.
#[derive(Debug, thiserror::Error)]
pub enum JsonError {
    /// More than [`MAX_BYTES`].
    #[error("it has {0} bytes; at most {MAX_BYTES} are read")]
    TooLarge(usize),
    /// No JSON, too deep, too many values, or a member that occurs twice.
    #[error("{0}")]
    Malformed(#[from] serde_json::Error),
}

/// Reads a document.
///
/// # Errors
/// When it exceeds [`MAX_BYTES`], [`MAX_DEPTH`] or [`MAX_VALUES`], is no JSON, or has an object with two members of
/// the same name.
pub fn read(bytes: &[u8]) -> Result<Value, JsonError> {
    if bytes.len() > MAX_BYTES {
        return Err(JsonError::TooLarge(bytes.len()));
    }
    let mut left = MAX_VALUES;
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = Bounded { depth: MAX_DEPTH, left: &mut left }.deserialize(&mut reader)?;
    reader.end()?;
    Ok(value)
}

/// Reads a document into a type. Members that the type does not know are ignored.
///
/// # Errors
/// As [`read`], and when a member is missing or of another kind.
pub fn read_as<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, JsonError> {
    Ok(serde_json::from_value(read(bytes)?)?)
}

/// What we write: no white space, members in the order of their definition.
pub(crate) fn write(value: &impl Serialize) -> Vec<u8> {
    // Strings, numbers and maps with names of strings: there is nothing that JSON cannot say.
    serde_json::to_vec(value).unwrap_or_default()
}

/// A value at a depth, counted.
struct Bounded<'a> {
    depth: usize,
    left: &'a mut usize,
}

impl Bounded<'_> {
    fn inner<E: serde::de::Error>(&mut self) -> Result<Bounded<'_>, E> {
        let depth = self
            .depth
            .checked_sub(1)
            .ok_or_else(|| E::custom(format!("nested more than {MAX_DEPTH} deep")))?;
        Ok(Bounded { depth, left: self.left })
    }
}

impl<'de> DeserializeSeed<'de> for Bounded<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        *self.left = self
            .left
            .checked_sub(1)
            .ok_or_else(|| D::Error::custom(format!("more than {MAX_VALUES} values")))?;
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Bounded<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = items.next_element_seed(self.inner()?)? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            let value = members.next_value_seed(self.inner()?)?;
            if object.contains_key(&name) {
                return Err(A::Error::custom(format!("`{}` occurs twice", name.escape_debug())));
            }
            object.insert(name, value);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_documents_are_refused() {
        let check = |text: &str, expected: &str| match (read(text.as_bytes()), expected) {
            (Ok(_), "") => {}
            (read, _) => {
                let said = read.map(|value| value.to_string()).unwrap_or_else(|error| error.to_string());
                assert!(!expected.is_empty() && said.contains(expected), "{text}: {said}");
            }
        };
        check(r#"{"a": [1, -2, 3.5, "x", null, true, {"a": {}}]}"#, "");
        check(r#"{"a": 1, "a": 2}"#, "`a` occurs twice");
        check(r#"{"a": 1, "\u0061": 2}"#, "`a` occurs twice");
        check(r#"{"a": {"b": 1, "b": 1}}"#, "`b` occurs twice");
        check("{} {}", "trailing");
        check("", "EOF");
        check(&"[".repeat(65), "nested");
        check(&format!("{}{}", "[".repeat(64), "]".repeat(64)), "");
        check(&"[".repeat(100_000), "nested");
        check(&format!("[{}0]", "0,".repeat(MAX_VALUES)), "more than 2000000 values");
    }

    #[test]
    fn size_is_looked_at_first() {
        let error = read(&vec![b' '; MAX_BYTES + 1]).unwrap_err();
        assert!(matches!(error, JsonError::TooLarge(_)), "{error}");
    }
}
