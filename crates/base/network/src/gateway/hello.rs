//! What a client says first in TLS, as far as it says where it wants to go (RFC 8446, section 4.1.2; RFC 6066,
//! section 3). Pure: bytes in, an answer out.

use super::host::Host;

/// Most bytes that are looked at before a client is given up. Hellos with post-quantum keys have some 2 KiB.
pub const LONGEST: usize = 64 << 10;

/// Most bytes of one record without protection (RFC 8446, section 5.1).
const LONGEST_RECORD: usize = 1 << 14;
const HANDSHAKE: u8 = 22;
const CLIENT_HELLO: u8 = 1;
const SERVER_NAME: u16 = 0;
/// Encrypted client hello: the name in the open need not be the one that the server acts on.
const ENCRYPTED_CLIENT_HELLO: u16 = 0xfe0d;

/// What the first bytes of a connection are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hello {
    /// The beginning of a hello; there must be at least so many bytes in all before it is worth looking again.
    Incomplete(usize),
    /// Something that is not TLS.
    NotTls,
    /// It claims to be TLS and is not right; why.
    Malformed(&'static str),
    /// A whole hello.
    Complete(ClientHello),
}

/// What a client asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClientHello {
    /// The server's name (SNI), in lower case and without its last dot.
    pub server_name: Option<String>,
    /// Whether it has an encrypted hello inside, or pretends to have one (GREASE), which nobody can tell apart.
    pub encrypted: bool,
}

/// Looks at the first bytes of a connection. The hello may be spread over several records.
pub fn client_hello(bytes: &[u8]) -> Hello {
    let mut message = Vec::new();
    let mut rest = bytes;
    let mut end = 0_usize;
    loop {
        let (fragment, after) = match record(rest) {
            Record::Whole { fragment, rest } => (fragment, rest),
            Record::Missing(missing) if bytes.len() < LONGEST => {
                return Hello::Incomplete(end.saturating_add(rest.len()).saturating_add(missing));
            }
            Record::Missing(_) => return Hello::Malformed("its ClientHello is longer than 64 KiB"),
            Record::Other if end == 0 => return Hello::NotTls,
            Record::Other => return Hello::Malformed("its ClientHello is interrupted by something else"),
            Record::Wrong(why) => return Hello::Malformed(why),
        };
        end = bytes.len() - after.len();
        rest = after;
        message.extend_from_slice(fragment);
        if let Some(found) = complete(&message) {
            return found;
        }
    }
}

enum Record<'a> {
    Whole {
        fragment: &'a [u8],
        rest: &'a [u8],
    },
    /// So many bytes more, at least.
    Missing(usize),
    Other,
    Wrong(&'static str),
}

fn record(bytes: &[u8]) -> Record<'_> {
    let right = [HANDSHAKE, 3];
    if bytes.iter().zip(right).any(|(found, wanted)| *found != wanted) {
        return Record::Other;
    }
    let &[_, _, minor, high, low, ref rest @ ..] = bytes else { return Record::Missing(5 - bytes.len()) };
    let length = usize::from(u16::from_be_bytes([high, low]));
    if minor > 4 || length == 0 || length > LONGEST_RECORD {
        return Record::Wrong("its first TLS record has an impossible version or length");
    }
    match rest.split_at_checked(length) {
        Some((fragment, rest)) => Record::Whole { fragment, rest },
        None => Record::Missing(length - rest.len()),
    }
}

/// The hello, once the message is whole; `None` while it is not.
fn complete(message: &[u8]) -> Option<Hello> {
    let &[kind, a, b, c, ref body @ ..] = message else {
        let wrong = message.first().is_some_and(|kind| *kind != CLIENT_HELLO);
        return wrong.then_some(Hello::Malformed("its first TLS message is no ClientHello"));
    };
    let length = usize::try_from(u32::from_be_bytes([0, a, b, c])).unwrap_or(usize::MAX);
    if kind != CLIENT_HELLO {
        return Some(Hello::Malformed("its first TLS message is no ClientHello"));
    }
    if length > LONGEST {
        return Some(Hello::Malformed("its ClientHello is longer than 64 KiB"));
    }
    if body.len() < length {
        return None;
    }
    if body.len() > length {
        return Some(Hello::Malformed("its ClientHello is followed by another message"));
    }
    let read = parse(body);
    Some(read.map_or_else(Hello::Malformed, Hello::Complete))
}

fn parse(body: &[u8]) -> Result<ClientHello, &'static str> {
    const SHORT: &str = "its ClientHello ends too early";
    let mut reader = Reader(body);
    reader.take(34).ok_or(SHORT)?;
    let session = reader.prefixed(1).ok_or(SHORT)?;
    let suites = reader.prefixed(2).ok_or(SHORT)?;
    let compression = reader.prefixed(1).ok_or(SHORT)?;
    if session.len() > 32 || suites.is_empty() || suites.len() % 2 != 0 || compression.is_empty() {
        return Err("its ClientHello has fields of impossible lengths");
    }
    let mut hello = ClientHello::default();
    if reader.0.is_empty() {
        return Ok(hello);
    }
    let mut extensions = Reader(reader.prefixed(2).ok_or(SHORT)?);
    if !reader.0.is_empty() {
        return Err("its ClientHello has bytes after the extensions");
    }
    let mut named = false;
    while !extensions.0.is_empty() {
        let kind = extensions.number().ok_or(SHORT)?;
        let content = extensions.prefixed(2).ok_or(SHORT)?;
        match kind {
            SERVER_NAME if named => return Err("its ClientHello names the server twice"),
            SERVER_NAME => {
                named = true;
                hello.server_name = Some(server_name(content)?);
            }
            ENCRYPTED_CLIENT_HELLO => hello.encrypted = true,
            _ => {}
        }
    }
    Ok(hello)
}

fn server_name(content: &[u8]) -> Result<String, &'static str> {
    const WRONG: &str = "its ClientHello has a malformed server name (SNI)";
    let mut outer = Reader(content);
    let mut list = Reader(outer.prefixed(2).ok_or(WRONG)?);
    let kind = list.take(1).ok_or(WRONG)?;
    let name = list.prefixed(2).ok_or(WRONG)?;
    if kind != [0] || !list.0.is_empty() || !outer.0.is_empty() {
        return Err(WRONG);
    }
    let name = std::str::from_utf8(name).map_err(|_| WRONG)?;
    match Host::parse(name) {
        Some(host @ Host::Address(std::net::IpAddr::V4(_)) | host @ Host::Name(_)) => Ok(host.to_string()),
        _ => Err(WRONG),
    }
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn number(&mut self) -> Option<u16> {
        self.take(2)?.try_into().ok().map(u16::from_be_bytes)
    }

    /// A field with its length in front, in so many bytes.
    fn prefixed(&mut self, bytes: usize) -> Option<&'a [u8]> {
        let length = self.take(bytes)?.iter().fold(0, |sum, byte| (sum << 8) | usize::from(*byte));
        self.take(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prefixed(bytes: usize, content: &[u8]) -> Vec<u8> {
        let length = u32::try_from(content.len()).unwrap().to_be_bytes();
        [&length[4 - bytes..], content].concat()
    }

    fn extension(kind: u16, content: &[u8]) -> Vec<u8> {
        [&kind.to_be_bytes()[..], &prefixed(2, content)].concat()
    }

    fn sni(name: &[u8]) -> Vec<u8> {
        extension(0, &prefixed(2, &[&[0][..], &prefixed(2, name)].concat()))
    }

    fn message(extensions: &[Vec<u8>]) -> Vec<u8> {
        let mut body = vec![3, 3];
        body.extend([7; 32]);
        body.extend([0, 0, 2, 0x13, 1, 1, 0]);
        body.extend(prefixed(2, &extensions.concat()));
        [&[1][..], &prefixed(3, &body)].concat()
    }

    fn records(message: &[u8], size: usize) -> Vec<u8> {
        message.chunks(size).flat_map(|part| [&[22, 3, 1][..], &prefixed(2, part)].concat()).collect()
    }

    fn hello(name: &str) -> Hello {
        Hello::Complete(ClientHello { server_name: Some(name.to_owned()), encrypted: false })
    }

    #[test]
    fn names_are_read_however_they_are_cut() {
        let grease = extension(0x0a0a, b"");
        for size in [1, 2, 7, 50, 16384] {
            let bytes = records(&message(&[grease.clone(), sni(b"A.example.")]), size);
            assert_eq!(client_hello(&bytes), hello("a.example"), "{size}");
            for end in 0..bytes.len() {
                match client_hello(&bytes[..end]) {
                    Hello::Incomplete(least) => assert!(least > end && least <= bytes.len(), "{size} {end}"),
                    other => panic!("{size} {end}: {other:?}"),
                }
            }
            let data = [&bytes[..], &[23, 3, 3, 0, 1, 0]].concat();
            assert_eq!(client_hello(&data), hello("a.example"), "early data after it");
        }
    }

    #[test]
    fn what_is_not_there_is_not_made_up() {
        let nothing = Hello::Complete(ClientHello::default());
        assert_eq!(client_hello(&records(&message(&[]), 9000)), nothing);
        let ech = [sni(b"a.example"), extension(0xfe0d, &[0; 40])];
        let expected = ClientHello { server_name: Some("a.example".to_owned()), encrypted: true };
        assert_eq!(client_hello(&records(&message(&ech), 9000)), Hello::Complete(expected));
        for other in [&b"GET / HTTP/1.1\r\n"[..], b"SSH-2.0-x", &[0x80, 0x2e, 1, 3, 1], &[22, 2], &[21, 3, 3]]
        {
            assert_eq!(client_hello(other), Hello::NotTls, "{other:?}");
        }
    }

    #[test]
    fn wrong_hellos_are_refused() {
        let whole = message(&[sni(b"a.example")]);
        let two =
            prefixed(2, &[&[0][..], &prefixed(2, b"a.example"), &[0], &prefixed(2, b"b.example")].concat());
        let mut cut = whole.clone();
        cut.truncate(60);
        let cut_body = cut.get(4..).unwrap().to_vec();
        let wrong: &[(&str, Vec<u8>)] = &[
            ("no hello", records(&[&[2][..], &whole[1..]].concat(), 9000)),
            ("two names", records(&message(&[extension(0, &two)]), 9000)),
            ("twice", records(&message(&[sni(b"a.example"), sni(b"a.example")]), 9000)),
            ("nul", records(&message(&[sni(b"a.example\0.evil")]), 9000)),
            ("empty", records(&message(&[sni(b"")]), 9000)),
            ("not utf-8", records(&message(&[sni(b"\xff")]), 9000)),
            ("followed", records(&[&whole[..], &whole[..]].concat(), 9000)),
            ("cut", records(&[&[1][..], &prefixed(3, &cut_body)].concat(), 9000)),
            ("empty record", vec![22, 3, 1, 0, 0]),
            ("long record", vec![22, 3, 1, 0x40, 1]),
            ("interrupted", [&records(&whole[..9], 9)[..], &[23, 3, 3, 0, 1, 0]].concat()),
            ("long message", vec![22, 3, 1, 0, 4, 1, 2, 0, 0]),
        ];
        for (name, bytes) in wrong {
            assert!(matches!(client_hello(bytes), Hello::Malformed(_)), "{name}: {:?}", client_hello(bytes));
        }
        let huge = records(&message(&[extension(21, &[0; 60000])]), 16384);
        assert_eq!(client_hello(&huge), Hello::Complete(ClientHello::default()));
        let endless = vec![[22, 3, 1, 0, 1, 1]; LONGEST / 6 + 1].concat();
        assert!(matches!(client_hello(&endless), Hello::Malformed(_)));
    }
}
