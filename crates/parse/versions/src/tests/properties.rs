use proptest::prelude::*;

use crate::{Scheme, Version};

fn schemes() -> impl Strategy<Value = Scheme> {
    proptest::sample::select(Scheme::ALL.to_vec())
}

/// Texts that look like versions, and texts that do not.
fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        "[0-2]{1,2}([.~_+^-]{0,2}(0|1|2|10|a|b|rc|alpha|beta|sp|p|dev|post|foo|SNAPSHOT)){0,5}(-r?[0-9])?",
        "[0-9]{1,2}:[0-9.]{1,6}-[0-9a-z.~]{1,6}",
        ".{0,12}",
    ]
}

/// The order of dpkg written down as the policy tells it, two texts at a time.
fn dpkg(left: &str, right: &str) -> std::cmp::Ordering {
    let weight = |c: Option<char>| match c {
        Some('~') => -1,
        None => 0,
        Some(c) if c.is_ascii_digit() => 0,
        Some(c) if c.is_ascii_alphabetic() => i32::from(c as u8),
        Some(c) => c as i32 + 256,
    };
    let (mut left, mut right) = (left.chars().peekable(), right.chars().peekable());
    loop {
        while left.peek().is_some_and(|c| !c.is_ascii_digit())
            || right.peek().is_some_and(|c| !c.is_ascii_digit())
        {
            let (a, b) = (weight(left.peek().copied()), weight(right.peek().copied()));
            if a != b {
                return a.cmp(&b);
            }
            left.next();
            right.next();
        }
        let number = |text: &mut std::iter::Peekable<std::str::Chars<'_>>| -> u64 {
            let mut value = 0;
            while let Some(digit) = text.peek().and_then(|c| c.to_digit(10)) {
                value = value * 10 + u64::from(digit);
                text.next();
            }
            value
        };
        let (a, b) = (number(&mut left), number(&mut right));
        if a != b || left.peek().is_none() && right.peek().is_none() {
            return a.cmp(&b);
        }
    }
}

proptest! {
    #[test]
    fn blanks_and_leading_zeros_of_the_first_number_do_not_count(scheme in schemes(), text in texts()) {
        if let Ok(version) = Version::parse(scheme, &text) {
            let padded = Version::parse(scheme, &format!(" {text}\t"));
            prop_assert_eq!(padded.as_ref(), Ok(&version));
            prop_assert!(Version::origin(scheme) < version);
            if text.starts_with(|c: char| c.is_ascii_digit()) {
                prop_assert_eq!(Version::parse(scheme, &format!("00{text}")), Ok(version));
            }
        }
    }

    #[test]
    fn a_greater_first_number_is_greater(scheme in schemes(), small in 0_u32..50, more in 1_u32..50, tails in (texts(), texts())) {
        let tail = |text: &str| text.chars().filter(|c| !matches!(c, ':' | '!')).collect::<String>();
        let left = Version::parse(scheme, &format!("{small}.{}", tail(&tails.0)));
        let right = Version::parse(scheme, &format!("{}.{}", small + more, tail(&tails.1)));
        if let (Ok(left), Ok(right)) = (left, right) {
            let readable = scheme != Scheme::Pypi || left.key().first() == right.key().first();
            prop_assert!(!readable || left < right, "{left} {right}");
        }
    }

    #[test]
    fn keys_of_debian_have_the_order_of_the_policy(
        left in "[0-9a-zA-Z.+~]{0,8}", right in "[0-9a-zA-Z.+~]{0,8}",
    ) {
        let parse = |text: &str| Version::parse(Scheme::Debian, &format!("1{text}"));
        if let (Ok(a), Ok(b)) = (parse(&left), parse(&right)) {
            prop_assert_eq!(a.compare(&b), dpkg(&format!("1{left}"), &format!("1{right}")), "{} {}", left, right);
        }
    }

    #[test]
    fn numbers_of_any_length(scheme in schemes(), digits in 1_usize..5000) {
        let shorter = Version::parse(scheme, &"9".repeat(digits));
        let longer = Version::parse(scheme, &format!("1{}", "0".repeat(digits)));
        prop_assert!(shorter.unwrap() < longer.unwrap());
    }
}
