use std::fmt::Write as _;

use thiserror::Error;

/// The longest path that is taken, in bytes; Linux has the same limit.
const LONGEST: usize = 4096;

/// Why a name is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub(crate) enum BadPath {
    #[error("the name has a `..` and could lead out of the archive")]
    Parent,
    #[error("the name has a NUL byte")]
    Nul,
    #[error("the name is longer than {LONGEST} bytes")]
    Long,
}

/// A name as an archive has it, as a path: relative, without `.`; empty for the root itself. `backslashes` are
/// separators too, where the format is known to have them.
pub(crate) fn normalise(name: &[u8], backslashes: bool) -> Result<String, BadPath> {
    if name.len() > LONGEST {
        return Err(BadPath::Long);
    }
    if name.contains(&0) {
        return Err(BadPath::Nul);
    }
    let mut path = String::with_capacity(name.len());
    for part in name.split(|byte| *byte == b'/' || (backslashes && *byte == b'\\')) {
        match part {
            b"" | b"." => {}
            b".." => return Err(BadPath::Parent),
            part => {
                if !path.is_empty() {
                    path.push('/');
                }
                push_text(&mut path, part);
            }
        }
    }
    Ok(path)
}

/// Text with the bytes that are not UTF-8 as `%XX`.
pub(crate) fn text(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    push_text(&mut out, bytes);
    out
}

fn push_text(out: &mut String, bytes: &[u8]) {
    for chunk in bytes.utf8_chunks() {
        out.push_str(chunk.valid());
        for byte in chunk.invalid() {
            // Writing to a string cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &[u8], path: Result<&str, BadPath>) {
        assert_eq!(normalise(name, true), path.map(str::to_owned), "{name:?}");
    }

    #[test]
    fn paths() {
        check(b"./usr//lib/./a.so", Ok("usr/lib/a.so"));
        check(b"/etc/passwd", Ok("etc/passwd"));
        check(b"dir/", Ok("dir"));
        check(b"./", Ok(""));
        check(b"a\\b\\c.dll", Ok("a/b/c.dll"));
        check(b"caf\xe9/\xff", Ok("caf%E9/%FF"));
        check("naïve/文".as_bytes(), Ok("naïve/文"));
        check(b"a/../b", Err(BadPath::Parent));
        check(b"..\\b", Err(BadPath::Parent));
        check(b"a\0b", Err(BadPath::Nul));
        check(&[b'x'; 5000], Err(BadPath::Long));
        assert_eq!(normalise(b"a\\b", false), Ok("a\\b".to_owned()));
        assert_eq!(normalise(b"..a/b..", false), Ok("..a/b..".to_owned()));
    }
}
