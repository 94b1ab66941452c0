//! Tells names and prose from random characters.

/// Which letters follow each letter from `a` to `z` in English words and in names in programs, counted over some
/// nine thousand of them; rarer pairs are left out.
#[rustfmt::skip]
const FOLLOWERS: [&str; 26] = [
    "bcdfgiklmnprstuvwxy",
    "abcdeijlmorstuy",
    "acdefhiklmnopqrstuvy",
    "abcdefgijlmnoprstuvy",
    "abcdefghiklmnopqrstuvwxy",
    "acdefilorstuy",
    "aeghilmnorstu",
    "adeilmnorstuy",
    "abcdefgklmnoprstvxz",
    "aeou",
    "adeilnst",
    "acdefgiklmnoprstuvy",
    "abdeiklmopstu",
    "abcdefghiklmnoprstuvy",
    "abcdefgiklmnoprstuvwx",
    "acdeghiklmoprstuwy",
    "u",
    "abcdefgiklmnoprstuvwy",
    "acdefghiklmnopqrstuvwy",
    "abcdefghilmnoprstuvwxy",
    "abcdefgilmnoprstx",
    "aeimo",
    "aehilnors",
    "acdefipt",
    "ceilmnopst",
    "aeio",
];

/// Words that the pairs of letters above do not allow.
const ABBREVIATIONS: [&str; 34] = [
    "url", "uri", "xml", "html", "http", "https", "css", "sql", "db", "ssh", "ssl", "tls", "jwt", "mfa",
    "pwd", "cfg", "env", "str", "fn", "js", "json", "yml", "ctx", "msg", "btn", "txt", "src", "rsa", "gpg",
    "kms", "gcp", "dns", "vpn", "smtp",
];

/// The words of a name: parts between other characters than letters and digits, divided again where a capital
/// follows a small letter (`apiKey`) or starts a word after capitals (`HTTPServer`), and where digits begin or end.
pub(super) fn split(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).flat_map(humps).filter(|word| !word.is_empty())
}

/// Whether a text consists of pronounceable words, with few digits: an identifier, a path, a phrase.
pub(crate) fn is_wordy(text: &str) -> bool {
    let letters = text.bytes().filter(u8::is_ascii_alphabetic).count();
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    if letters < 2 || digits > 4 || digits * 4 > letters || !text.is_ascii() {
        return false;
    }
    let (mut words, mut short, mut groups, mut odd) = (0, 0, 0, 0);
    for word in split(text) {
        if word.bytes().all(|b| b.is_ascii_digit()) {
            groups += 1;
            continue;
        }
        words += 1;
        short += usize::from(word.len() <= 2);
        odd += oddities(word);
    }
    // Random letters fall into many short pieces, or their digits stand scattered. One rare pair in fourteen letters
    // is a rare word.
    odd <= letters / 14 && groups <= 2 && letters >= words * 3 && (short * 3 <= words + 1 || text.len() <= 8)
}

/// What keeps letters from being a word: pairs that words rarely have, and vowels or consonants in long rows.
fn oddities(word: &str) -> usize {
    let lower = word.to_ascii_lowercase();
    let bytes = lower.as_bytes();
    if ABBREVIATIONS.contains(&lower.as_str()) || bytes.len() <= 2 {
        return 0;
    }
    let rare = |pair: &&[u8]| match pair {
        [a @ b'a'..=b'z', b] => {
            !FOLLOWERS.get(usize::from(a - b'a')).is_some_and(|row| row.as_bytes().contains(b))
        }
        _ => true,
    };
    let vowel = |b: &u8| b"aeiouy".contains(b);
    let rows = bytes.chunk_by(|a, b| vowel(a) == vowel(b)).filter(|row| row.len() > 4).count();
    let mute = !bytes.iter().any(vowel) && bytes.len() > 3;
    let endless = bytes.len() > 24;
    bytes.windows(2).filter(rare).count() + rows + usize::from(mute) + 9 * usize::from(endless)
}

fn humps(part: &str) -> impl Iterator<Item = &str> {
    let mut rest = part;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let (word, after) = rest.split_at(hump_end(rest));
        rest = after;
        Some(word)
    })
}

fn hump_end(text: &str) -> usize {
    let mut characters = text.char_indices().peekable();
    let mut previous = match characters.next() {
        Some((_, first)) => first,
        None => return 0,
    };
    while let Some((at, this)) = characters.next() {
        let next_is_small = characters.peek().is_some_and(|(_, next)| next.is_lowercase());
        let ends = previous.is_numeric() != this.is_numeric()
            || (previous.is_lowercase() && this.is_uppercase())
            || (previous.is_uppercase() && this.is_uppercase() && next_is_small);
        if ends {
            return at;
        }
        previous = this;
    }
    text.len()
}
