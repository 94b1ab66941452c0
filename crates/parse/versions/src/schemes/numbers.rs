//! Numbers and nothing else: R's `package_version`, Cabal's `Version`. Of two that begin alike the longer is greater.

use crate::key::{END, Key, is_number};

const NUMBER: u8 = 0x01;

pub(crate) fn write(text: &str, separators: &[char], key: &mut Key) -> Result<(), &'static str> {
    for part in text.split(separators) {
        if !is_number(part) {
            return Err("it has parts that are no numbers");
        }
        key.tag(NUMBER);
        key.number(part);
    }
    key.tag(END);
    Ok(())
}
