//! What a step wrote, as a terminal or another program's log may be given it.

/// Makes a piece of output harmless: escape sequences are left out, other control characters and what reverses the
/// direction of text become visible, and what a CI system would take for a command is broken up.
pub(crate) fn harmless(bytes: &[u8], starts_line: bool) -> String {
    let text = String::from_utf8_lossy(bytes);
    // Most output is just this.
    let plain = |byte: &u8| (b' '..=b'~').contains(byte) && *byte != b'#';
    if bytes.iter().all(plain) && !text.trim_start().starts_with("::") {
        return text.into_owned();
    }
    let mut shown = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(letter) = rest.next() {
        match letter {
            '\u{1b}' => skip_escape(&mut rest),
            '\u{9b}' => skip_control_sequence(&mut rest),
            '\r' if matches!(rest.peek(), None | Some('\n')) => {}
            '\r' => shown.push('\n'),
            '\n' | '\t' => shown.push(letter),
            _ if letter.is_control() || is_hidden(letter) => shown.push('\u{fffd}'),
            _ => shown.push(letter),
        }
    }
    without_commands(&shown, starts_line)
}

type Letters<'a> = std::iter::Peekable<std::str::Chars<'a>>;

/// Longest sequence that is skipped; what is longer was none.
const LONGEST: usize = 256;

/// What follows ESC (ECMA-48, section 5.3): a control sequence, a string up to its terminator, or one more letter.
fn skip_escape(rest: &mut Letters<'_>) {
    match rest.peek() {
        Some('[') => {
            rest.next();
            skip_control_sequence(rest);
        }
        Some(']' | 'P' | 'X' | '^' | '_') => {
            rest.next();
            for _ in 0..LONGEST {
                match rest.peek() {
                    None | Some('\n') => return,
                    Some('\u{7}' | '\u{9c}') => {
                        rest.next();
                        return;
                    }
                    Some('\u{1b}') => {
                        rest.next();
                        rest.next_if_eq(&'\\');
                        return;
                    }
                    Some(_) => {
                        rest.next();
                    }
                }
            }
        }
        _ => {
            while rest.next_if(|letter| (' '..='/').contains(letter)).is_some() {}
            rest.next_if(|letter| ('0'..='~').contains(letter));
        }
    }
}

fn skip_control_sequence(rest: &mut Letters<'_>) {
    for _ in 0..LONGEST {
        if rest.next_if(|letter| (' '..='?').contains(letter)).is_none() {
            break;
        }
    }
    rest.next_if(|letter| ('@'..='~').contains(letter));
}

/// Turns the direction of text, or has no width at all: what is read is not what is there.
fn is_hidden(letter: char) -> bool {
    matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// Commands to the CI system in its log: `::name::` at the start of a line (GitHub), `##[`, `##vso[`, `##teamcity[`.
fn without_commands(text: &str, starts_line: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let begins = number > 0 || starts_line;
        let trimmed = line.trim_start();
        let (blank, rest) = line.split_at(line.len() - trimmed.len());
        out.push_str(blank);
        let rest = match rest.strip_prefix("::") {
            Some(rest) if begins => {
                out.push_str(": :");
                rest
            }
            _ => rest,
        };
        for (number, part) in rest.split("##").enumerate() {
            if number > 0 {
                let word = part.trim_start_matches(|letter: char| letter.is_ascii_alphabetic());
                out.push_str(if word.starts_with('[') { "# #" } else { "##" });
            }
            out.push_str(part);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], expected: &str) {
        assert_eq!(harmless(bytes, true), expected, "{bytes:?}");
    }

    #[test]
    fn a_terminal_gets_nothing_but_text() {
        check("plain\ttext é ✓\n".as_bytes(), "plain\ttext é ✓\n");
        check(b"\x1b[31mred\x1b[0m \x1b]0;title\x07x \x1b]8;;http://a\x1b\\link\x1b(B!\x1bc", "red x link!");
        check(b"a\r\nb\rc\r", "a\nb\nc");
        check(b"bell\x07 back\x08 \xff \x7f", "bell\u{fffd} back\u{fffd} \u{fffd} \u{fffd}");
        check("a\u{202e}b\u{9b}31mc\u{85}".as_bytes(), "a\u{fffd}bc\u{fffd}");
        check(b"\x1b]0;never ended\nnext", "\nnext");
        check(b"\x1b", "");
        let long = [&b"\x1b]"[..], &[b'x'; 300], b"end"].concat();
        assert!(harmless(&long, true).ends_with("xend"));
    }

    #[test]
    fn a_ci_system_gets_no_commands() {
        check(
            b"::set-output name=a::b\n  ::error::x\nstd::vec",
            ": :set-output name=a::b\n  : :error::x\nstd::vec",
        );
        check(b"x ##vso[task.x] ##[group] ## ##teamcity[y", "x # #vso[task.x] # #[group] ## # #teamcity[y");
        assert_eq!(harmless(b"::x", false), "::x", "inside a line");
    }
}
