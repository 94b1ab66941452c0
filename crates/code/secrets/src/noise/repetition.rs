//! Characters that nobody drew at random: repeated, counted up, or typed along the keyboard.

/// Longer secrets, such as keys, are judged by the share of such characters only.
const LONG: usize = 200;
/// Rows of a keyboard, and columns of it as people type them.
const KEYBOARD: [&str; 5] = ["qwertyuiop", "asdfghjkl", "zxcvbnm", "1qaz2wsx3edc4rfv5tgb", "qazwsxedcrfvtgb"];

/// Whether most of `secret`, or of what follows its prefix, is repeated or sequential.
pub(crate) fn is_repetition(secret: &[u8]) -> bool {
    let lower = secret.to_ascii_lowercase();
    let body = lower.iter().rposition(|b| matches!(b, b'_' | b'-')).and_then(|at| lower.get(at + 1..));
    let parts = [Some(&lower[..]), body.filter(|body| body.len() >= 8)];
    parts.into_iter().flatten().any(|part| is_monotonous(part) || is_sequence(part) || is_interleaved(part))
        || is_walk(&lower)
}

/// A quarter of one character in a row, or one short group over and over.
fn is_monotonous(text: &[u8]) -> bool {
    let run = text.chunk_by(|a, b| a == b).map(<[u8]>::len).max().unwrap_or(0);
    let periodic = |period: usize| {
        let repeated = text.iter().zip(text.iter().skip(period)).filter(|(a, b)| a == b).count();
        text.len() >= 3 * period.max(2) && repeated * 10 >= (text.len() - period) * 9
    };
    (run >= 6 && run * 4 >= text.len()) || (1..=10).any(periodic) || (run == text.len() && run >= 3)
}

/// `12345678`, or half of it such sequences of four characters and more.
fn is_sequence(text: &[u8]) -> bool {
    let runs = |step: fn(u8, u8) -> bool| text.chunk_by(move |a, b| step(*a, *b)).map(<[u8]>::len);
    let up = |a: u8, b: u8| follows(a, b);
    let down = |a: u8, b: u8| follows(b, a);
    let longest = runs(up).chain(runs(down)).max().unwrap_or(0);
    let covered: usize = runs(up).chain(runs(down)).filter(|run| *run >= 4).sum();
    (text.len() <= LONG && longest >= 8) || (covered * 2 >= text.len() && covered >= 4)
}

/// `a1b2c3d4e5f6`: most characters follow the one before last.
fn is_interleaved(text: &[u8]) -> bool {
    let pairs = || text.iter().zip(text.iter().skip(2));
    let up = pairs().filter(|(a, b)| follows(**a, **b)).count();
    let down = pairs().filter(|(a, b)| follows(**b, **a)).count();
    text.len() >= 10 && up.max(down) * 10 >= (text.len() - 2) * 7
}

fn follows(a: u8, b: u8) -> bool {
    let same =
        (a.is_ascii_digit() && b.is_ascii_digit()) || (a.is_ascii_lowercase() && b.is_ascii_lowercase());
    same && b == a + 1 || matches!((a, b), (b'9', b'0' | b'a') | (b'z', b'0') | (b'f', b'0'))
}

/// Five neighbouring keys, forwards or backwards; six in longer secrets, where five come up by chance.
fn is_walk(text: &[u8]) -> bool {
    let keys = if text.len() <= 24 { 5 } else { 6 };
    let along = |row: &[u8]| row.windows(keys).any(|keys| memchr::memmem::find(text, keys).is_some());
    text.len() <= LONG
        && KEYBOARD.iter().any(|row| {
            let backwards: Vec<u8> = row.bytes().rev().collect();
            along(row.as_bytes()) || along(&backwards)
        })
}
