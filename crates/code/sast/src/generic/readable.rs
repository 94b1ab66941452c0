/// Bytes at the start that are looked at.
const LOOKED_AT: usize = 4096;
/// Most bytes of a text that may be one long line.
const SHORT: usize = 500;
/// Bytes of a line on average above which nobody wrote it.
const LONG_LINE: usize = 150;

/// Whether a file looks as if people read it, by its start: neither binary nor squeezed into a few long lines. The usual
/// generic engine passes over others.
pub fn is_readable(text: &str) -> bool {
    let bytes = text.as_bytes();
    let start = bytes.get(..LOOKED_AT).unwrap_or(bytes);
    let (mut lines, mut printable, mut unprintable) = (1, 0, 0);
    for byte in start {
        match byte {
            b'\n' => {
                lines += 1;
                printable += 1;
            }
            b'\t' | b'\r' | b' '..=b'~' => printable += 1,
            0x80.. => {}
            _ => unprintable += 1,
        }
    }
    let is_binary = unprintable > 0 && unprintable * 100 >= printable + unprintable;
    !is_binary && (lines * LONG_LINE >= start.len() || start.len() <= SHORT)
}
