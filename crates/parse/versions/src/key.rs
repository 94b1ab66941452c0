//! Keys of bytes that compare as versions do.

/// Tags and the ends of texts are below every byte that a version may contain.
pub(crate) const END: u8 = 0x00;

/// A key that is being written. Texts that come in must not contain bytes below 0x20; [`crate::Version`] sees to it.
#[derive(Default)]
pub(crate) struct Key(Vec<u8>);

impl Key {
    /// A key behind what `bytes` hold already.
    pub(crate) fn behind(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// One byte that orders what follows among its alternatives.
    pub(crate) fn tag(&mut self, tag: u8) {
        self.0.push(tag);
    }

    /// Decimal digits, ordered by value: how many there are without leading zeros, then those. None are zero.
    pub(crate) fn number(&mut self, digits: &str) {
        let digits = digits.trim_start_matches('0');
        self.length(digits.len());
        self.0.extend_from_slice(digits.as_bytes());
    }

    /// A length, ordered by value.
    pub(crate) fn length(&mut self, length: usize) {
        match u8::try_from(length) {
            Ok(short) if short < u8::MAX => self.0.push(short),
            _ => {
                self.0.push(u8::MAX);
                self.0.extend_from_slice(&(length as u64).to_be_bytes());
            }
        }
    }

    /// A text in the order of its bytes, one that begins another before it.
    pub(crate) fn text(&mut self, text: &str) {
        self.0.extend_from_slice(text.as_bytes());
        self.0.push(END);
    }

    /// Bytes as they are, without an end.
    pub(crate) fn bytes(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    pub(crate) fn finish(self) -> Vec<u8> {
        self.0
    }
}

/// Splits off the digits that a text begins with.
pub(crate) fn split_digits(text: &str) -> (&str, &str) {
    split_while(text, |byte| byte.is_ascii_digit())
}

/// Splits off the bytes that a text begins with and that belong to a class.
///
/// The class must hold either all bytes of a character or none, as one made of ASCII and one made of all but ASCII do.
pub(crate) fn split_while(text: &str, class: impl Fn(u8) -> bool) -> (&str, &str) {
    let end = text.bytes().position(|byte| !class(byte)).unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, ""))
}

/// Splits a text at the first of an ASCII character. Versions are so short that looking at each byte is fastest.
pub(crate) fn split_at(text: &str, separator: u8) -> Option<(&str, &str)> {
    let at = text.bytes().position(|byte| byte == separator)?;
    Some((text.get(..at)?, text.get(at + 1..)?))
}

/// Whether a text is digits and nothing else.
pub(crate) fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}
