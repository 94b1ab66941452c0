//! Semantic Versioning 2.0.0, clauses 9 to 11, read loosely; NuGet's and pub's variants.

use std::borrow::Cow;

use crate::key::{END, Key, is_number, split_at, split_digits};

/// What distinguishes the ecosystems.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flavour {
    /// As the specification says.
    Plain,
    /// Without regard to case.
    Nuget,
    /// A version with a build is after the same without; builds are ordered like pre-releases.
    Pub,
}

const NUMBER: u8 = 0x01;
const TEXT: u8 = 0x02;

/// What stands at the place of the pre-release.
const PRE_RELEASE: u8 = 0x01;
const RELEASE: u8 = 0x02;

pub(crate) fn write(text: &str, key: &mut Key, flavour: Flavour) -> Result<(), &'static str> {
    let text =
        if flavour == Flavour::Nuget { Cow::Owned(text.to_ascii_lowercase()) } else { Cow::Borrowed(text) };
    let rest = text.trim_start_matches('=').trim_start();
    let rest = rest.strip_prefix(['v', 'V']).or_else(|| rest.strip_prefix("go")).unwrap_or(rest);
    if !rest.starts_with(|c: char| c.is_ascii_digit()) {
        return Err("it does not begin with a number");
    }
    let rest = write_numbers(rest, key);
    let (pre_release, build) = split_at(rest, b'+').unwrap_or((rest, ""));
    let pre_release = pre_release.strip_prefix('-').unwrap_or(pre_release);
    if pre_release.is_empty() {
        key.tag(RELEASE);
    } else {
        key.tag(PRE_RELEASE);
        write_identifiers(pre_release, key);
    }
    if flavour == Flavour::Pub && !build.is_empty() {
        write_identifiers(build, key);
    }
    Ok(())
}

/// The numbers up to the first that is no zero from behind, since missing ones are zeros. Returns what follows them.
fn write_numbers<'a>(text: &'a str, key: &mut Key) -> &'a str {
    let mut rest = text;
    let mut zeros = 0_usize;
    loop {
        let (digits, after) = split_digits(rest);
        if digits.bytes().all(|digit| digit == b'0') {
            zeros += 1;
        } else {
            for _ in 0..std::mem::take(&mut zeros) {
                key.tag(NUMBER);
                key.number("");
            }
            key.tag(NUMBER);
            key.number(digits);
        }
        rest = after;
        match after.strip_prefix('.') {
            Some(next) if next.starts_with(|c: char| c.is_ascii_digit()) => rest = next,
            _ => break,
        }
    }
    key.tag(END);
    rest
}

/// Numeric identifiers by value, before those with letters; of two lists that begin alike the longer is greater.
fn write_identifiers(text: &str, key: &mut Key) {
    for identifier in text.split('.') {
        if is_number(identifier) {
            key.tag(NUMBER);
            key.number(identifier);
        } else {
            key.tag(TEXT);
            key.text(identifier);
        }
    }
    key.tag(END);
}
