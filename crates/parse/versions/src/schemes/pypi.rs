//! PEP 440, and for what it does not know the order that setuptools had before.

use crate::key::{END, Key, is_number, split_at, split_digits, split_while};

const LEGACY: u8 = 0x00;
const STANDARD: u8 = 0x01;

const NUMBER: u8 = 0x02;
const TEXT: u8 = 0x01;

pub(crate) fn write(text: &str, key: &mut Key) {
    let text = text.to_lowercase();
    match Parsed::of(&text) {
        Some(parsed) => {
            key.tag(STANDARD);
            parsed.write(key);
        }
        None => {
            key.tag(LEGACY);
            write_legacy(&text, key);
        }
    }
}

/// What a version is, beside its numbers.
pub(crate) struct Nature {
    /// A pre-release or a development release.
    pub(crate) pre: bool,
    /// A post-release.
    pub(crate) post: bool,
}

/// What a version is; `None` if PEP 440 does not know it.
pub(crate) fn nature(text: &str) -> Option<Nature> {
    let text = text.trim().to_lowercase();
    Parsed::of(&text).map(|parsed| Nature {
        pre: parsed.pre.is_some() || parsed.dev.is_some(),
        post: parsed.post.is_some(),
    })
}

/// The parts of a version as PEP 440's appendix B separates them. Numbers are digits; one left out is empty, zero.
struct Parsed<'a> {
    epoch: &'a str,
    release: &'a str,
    /// The tag of the phase and its number.
    pre: Option<(u8, &'a str)>,
    post: Option<&'a str>,
    dev: Option<&'a str>,
    local: Option<&'a str>,
}

impl<'a> Parsed<'a> {
    fn of(text: &'a str) -> Option<Self> {
        let (text, local) = split_at(text, b'+').map_or((text, None), |(text, local)| (text, Some(local)));
        let rest = text.strip_prefix('v').unwrap_or(text);
        let (epoch, rest) = match split_at(rest, b'!') {
            Some((epoch, rest)) if is_number(epoch) => (epoch, rest),
            Some(_) => return None,
            None => ("", rest),
        };
        let (release, rest) = split_release(rest)?;
        let (pre, rest) = split_pre(rest);
        let (post, rest) = split_post(rest);
        let (dev, rest) = split_word(rest, &["dev"]);
        let local_valid = local.is_none_or(|local| {
            local
                .split(SEPARATORS)
                .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric()))
        });
        (rest.is_empty() && local_valid).then_some(Self { epoch, release, pre, post, dev, local })
    }

    fn write(&self, key: &mut Key) {
        key.number(self.epoch);
        self.write_release(key);
        match self.pre {
            Some((phase, number)) => {
                key.tag(phase);
                key.number(number);
            }
            // A development release of the release itself is before its first alpha.
            None if self.post.is_none() && self.dev.is_some() => key.tag(0x00),
            None => key.tag(0x10),
        }
        match self.post {
            Some(number) => {
                key.tag(0x01);
                key.number(number);
            }
            None => key.tag(0x00),
        }
        match self.dev {
            Some(number) => {
                key.tag(0x00);
                key.number(number);
            }
            None => key.tag(0x01),
        }
        self.write_local(key);
    }

    fn write_release(&self, key: &mut Key) {
        let zero = |number: &&str| number.bytes().all(|digit| digit == b'0');
        let zeros = self.release.rsplit('.').take_while(zero).count();
        let numbers = self.release.split('.').count() - zeros;
        for number in self.release.split('.').take(numbers) {
            key.tag(NUMBER);
            key.number(number);
        }
        key.tag(END);
    }

    fn write_local(&self, key: &mut Key) {
        for part in self.local.iter().flat_map(|local| local.split(SEPARATORS)) {
            if is_number(part) {
                key.tag(NUMBER);
                key.number(part);
            } else {
                key.tag(TEXT);
                key.text(part);
            }
        }
        key.tag(END);
    }
}

const SEPARATORS: [char; 3] = ['.', '-', '_'];

/// Numbers separated by dots, a dot that no number follows left alone.
fn split_release(text: &str) -> Option<(&str, &str)> {
    let mut end = 0;
    let mut rest = text;
    loop {
        let (digits, after) = split_digits(rest);
        if digits.is_empty() {
            break;
        }
        end = text.len() - after.len();
        match after.strip_prefix('.') {
            Some(next) => rest = next,
            None => break,
        }
    }
    if end == 0 { None } else { text.split_at_checked(end) }
}

fn split_pre(text: &str) -> (Option<(u8, &str)>, &str) {
    let phases =
        [(0x01, &["alpha", "a"][..]), (0x02, &["beta", "b"]), (0x03, &["preview", "pre", "rc", "c"])];
    for (phase, names) in phases {
        if let (Some(number), rest) = split_word(text, names) {
            return (Some((phase, number)), rest);
        }
    }
    (None, text)
}

fn split_post(text: &str) -> (Option<&str>, &str) {
    if let Some((digits, rest)) = text.strip_prefix('-').map(split_digits)
        && !digits.is_empty()
    {
        return (Some(digits), rest);
    }
    split_word(text, &["post", "rev", "r"])
}

/// `[-_.]?word[-_.]?digits?`; what follows has its separator optional too, so taking this one never hurts.
fn split_word<'a>(text: &'a str, names: &[&str]) -> (Option<&'a str>, &'a str) {
    let word = text.strip_prefix(SEPARATORS).unwrap_or(text);
    let Some(after) = names.iter().find_map(|name| word.strip_prefix(name)) else { return (None, text) };
    let (digits, rest) = split_digits(after.strip_prefix(SEPARATORS).unwrap_or(after));
    (Some(digits), rest)
}

/// Numbers by value after words; `dev` first, words before `final` before the end, those after it behind.
fn write_legacy(text: &str, key: &mut Key) {
    let mut rest = text;
    while let Some(first) = rest.bytes().next() {
        let class = |byte: u8| match first {
            b'0'..=b'9' => byte.is_ascii_digit(),
            b'a'..=b'z' => byte.is_ascii_lowercase(),
            _ => !byte.is_ascii_digit() && !byte.is_ascii_lowercase(),
        };
        let (part, after) = split_while(rest, class);
        rest = after;
        match first {
            b'0'..=b'9' => {
                key.tag(NUMBER);
                key.number(part);
            }
            b'a'..=b'z' => {
                key.tag(TEXT);
                key.text(match part {
                    "pre" | "preview" | "rc" => "c",
                    "dev" => "@",
                    part => part,
                });
            }
            _ if part.contains('-') => {
                key.tag(TEXT);
                key.text("final-");
            }
            _ => {}
        }
    }
    key.tag(TEXT);
    key.text("final");
}
