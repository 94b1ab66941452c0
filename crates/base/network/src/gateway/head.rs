//! The head of a request to a proxy (RFC 9112, sections 3.2 and 6), read more strictly than the standard asks: what two
//! readers might understand differently is refused. Pure: bytes in, an answer out.

use super::host::Place;

/// Most bytes of a head.
pub const LONGEST: usize = 32 << 10;
/// Most header fields of a head.
const MOST_FIELDS: usize = 100;

/// What the first bytes of a request are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Parsed {
    /// The beginning of a head.
    Incomplete,
    /// No head that a proxy accepts: the status for the client and why.
    Refused(u16, &'static str),
    /// A whole head, and how many bytes it has; what follows it comes after those.
    Complete(Head, usize),
}

/// A request to a proxy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Where it is to go.
    pub place: Place,
    /// What is to be done there.
    pub request: Request,
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// CONNECT: whatever comes next goes there.
    Tunnel,
    /// One request over plain HTTP: the head as the server is to get it, up to and with the empty line, and its body.
    Forward {
        /// The method, which says whether the answer has a body.
        method: String,
        /// The path with its query, from `/`.
        path: String,
        /// The header fields that are passed on, each with its line's end; `Host` is not among them.
        fields: Vec<u8>,
        /// How the body is delimited.
        body: Framing,
    },
}

/// How a body is delimited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    /// So many bytes.
    Length(u64),
    /// Chunks (RFC 9112, section 7.1).
    Chunked,
    /// All until the connection ends; only of answers.
    UntilClose,
}

/// Looks at the first bytes of a request.
pub fn request_head(bytes: &[u8]) -> Parsed {
    let window = bytes.get(..LONGEST).unwrap_or(bytes);
    let Some(end) = find(window, b"\r\n\r\n") else {
        if bytes.len() >= LONGEST {
            return Parsed::Refused(431, "the request's head is longer than 32 KiB");
        }
        // What cannot become a request line is not waited for.
        let hopeless = bytes.first().is_some_and(|byte| !byte.is_ascii_uppercase());
        return if hopeless { Parsed::Refused(400, NO_REQUEST) } else { Parsed::Incomplete };
    };
    let head = window.get(..end).unwrap_or_default();
    match read(head) {
        Ok(head) => Parsed::Complete(head, end + 4),
        Err((status, why)) => Parsed::Refused(status, why),
    }
}

const NO_REQUEST: &str = "this is not an HTTP request to a proxy";

type Refusal = (u16, &'static str);

fn read(head: &[u8]) -> Result<Head, Refusal> {
    let mut lines = Lines(head);
    let line = lines.next().unwrap_or_default();
    let line = std::str::from_utf8(line).map_err(|_| (400, NO_REQUEST))?;
    let mut parts = line.split(' ');
    let (Some(method), Some(target), Some(version), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err((400, NO_REQUEST));
    };
    if method.is_empty()
        || !method.bytes().all(is_token)
        || target.bytes().any(|byte| !byte.is_ascii_graphic())
    {
        return Err((400, NO_REQUEST));
    }
    if version != "HTTP/1.1" && version != "HTTP/1.0" {
        return Err((505, "only HTTP/1.1 and HTTP/1.0 are spoken here"));
    }
    let fields = fields(lines)?;
    if method == "CONNECT" {
        let place = Place::parse(target, None)
            .ok_or((400, "the target of CONNECT is not host:port (a name, an IPv4 address, or [IPv6])"))?;
        return Ok(Head { place, request: Request::Tunnel });
    }
    forward(method, target, version, &fields)
}

/// A request in absolute form (RFC 9112, section 3.2.2).
fn forward(method: &str, target: &str, version: &str, fields: &[Field<'_>]) -> Result<Head, Refusal> {
    let scheme = target.get(..7).unwrap_or_default();
    if !scheme.eq_ignore_ascii_case("http://") {
        return Err((
            400,
            "this is a proxy: it takes CONNECT host:port, and addresses that begin with http://",
        ));
    }
    let rest = target.get(7..).unwrap_or_default();
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let place = Place::parse(authority, Some(80))
        .ok_or((400, "the address has no host that can be checked, or a user name in it"))?;
    if path.contains('#') {
        return Err((400, "the address has a fragment"));
    }
    let path = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
    let mut hosts = named(fields, "host");
    let agrees = |field: &Field<'_>| Place::parse(field.text(), Some(80)).as_ref() == Some(&place);
    match (hosts.next(), hosts.next()) {
        (Some(host), None) if agrees(host) => {}
        (None, None) if version == "HTTP/1.0" => {}
        _ => return Err((400, "its Host header does not name the host of the address, exactly once")),
    }
    let body = framing(fields, version)?;
    let fields = passed_on(fields);
    Ok(Head { place, request: Request::Forward { method: method.to_owned(), path, fields, body } })
}

/// How a request's body is delimited; where two ways are named, or one twice, it is nobody's (RFC 9112, section 6.3).
fn framing(fields: &[Field<'_>], version: &str) -> Result<Framing, Refusal> {
    const TWICE: Refusal = (400, "it delimits its body in more than one way");
    let mut codings = named(fields, "transfer-encoding");
    let mut lengths = named(fields, "content-length");
    match (codings.next(), codings.next(), lengths.next(), lengths.next()) {
        (None, _, None, _) => Ok(Framing::Length(0)),
        (Some(coding), None, None, _) if version == "HTTP/1.1" => {
            let chunked = coding.text().eq_ignore_ascii_case("chunked");
            if chunked {
                Ok(Framing::Chunked)
            } else {
                Err((501, "it has a transfer coding besides chunked"))
            }
        }
        (None, _, Some(length), None) => {
            decimal(length.text()).map(Framing::Length).ok_or((400, "its Content-Length is no number"))
        }
        _ => Err(TWICE),
    }
}

/// Digits only.
pub(super) fn decimal(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits { text.parse().ok() } else { None }
}

/// Without what is only meant for this connection, and without `Host`, which is written anew.
pub(super) fn passed_on(fields: &[Field<'_>]) -> Vec<u8> {
    const OWN: &[&str] = &[
        "host",
        "connection",
        "proxy-connection",
        "proxy-authorization",
        "keep-alive",
        "te",
        "trailer",
        "upgrade",
    ];
    let named: Vec<&str> =
        named(fields, "connection").flat_map(|field| field.text().split(',').map(str::trim)).collect();
    let mut kept = Vec::new();
    for field in fields {
        let is = |name: &&str| field.name.eq_ignore_ascii_case(name);
        let framing = ["transfer-encoding", "content-length"].iter().any(is);
        if !OWN.iter().any(is) && (framing || !named.iter().any(is)) {
            kept.extend_from_slice(field.name.as_bytes());
            kept.extend_from_slice(b": ");
            kept.extend_from_slice(field.value);
            kept.extend_from_slice(b"\r\n");
        }
    }
    kept
}

/// A header field.
pub(super) struct Field<'a> {
    pub(super) name: &'a str,
    pub(super) value: &'a [u8],
}

impl Field<'_> {
    /// The value; nothing where it is no text.
    pub(super) fn text(&self) -> &str {
        std::str::from_utf8(self.value).unwrap_or_default()
    }
}

pub(super) fn named<'a, 'b>(
    fields: &'b [Field<'a>],
    name: &'static str,
) -> impl Iterator<Item = &'b Field<'a>> + use<'a, 'b> {
    fields.iter().filter(move |field| field.name.eq_ignore_ascii_case(name))
}

/// The fields of a head, without its first line.
pub(super) fn fields(lines: Lines<'_>) -> Result<Vec<Field<'_>>, Refusal> {
    const WRONG: Refusal = (400, "a header field of it is malformed");
    let mut fields = Vec::new();
    for line in lines {
        if fields.len() == MOST_FIELDS {
            return Err((431, "it has more than 100 header fields"));
        }
        let colon = line.iter().position(|byte| *byte == b':').ok_or(WRONG)?;
        let (name, value) = line.split_at(colon);
        let value = value.get(1..).unwrap_or_default().trim_ascii();
        let visible = |byte: &u8| *byte == b'\t' || (*byte >= b' ' && *byte != 0x7f);
        if name.is_empty() || !name.iter().copied().all(is_token) || !value.iter().all(visible) {
            return Err(WRONG);
        }
        fields.push(Field { name: std::str::from_utf8(name).map_err(|_| WRONG)?, value });
    }
    Ok(fields)
}

/// Lines that end with CR LF, and with nothing else; the last one has no end.
pub(super) struct Lines<'a>(pub(super) &'a [u8]);

impl<'a> Iterator for Lines<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        if self.0.is_empty() {
            return None;
        }
        let end = find(self.0, b"\r\n").unwrap_or(self.0.len());
        let line = self.0.get(..end)?;
        self.0 = self.0.get(end + 2..).unwrap_or_default();
        Some(line)
    }
}

pub(super) fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

/// RFC 9110, section 5.6.2.
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let seen = match request_head(text.as_bytes()) {
            Parsed::Incomplete => "incomplete".to_owned(),
            Parsed::Refused(status, _) => status.to_string(),
            Parsed::Complete(Head { place, request: Request::Tunnel }, length) => {
                format!("tunnel {place} {length}")
            }
            Parsed::Complete(Head { place, request }, _) => {
                let Request::Forward { method, path, fields, body } = request else { panic!("{text}") };
                format!(
                    "{method} {place} {path} {} {body:?}",
                    String::from_utf8_lossy(&fields).replace("\r\n", ";")
                )
            }
        };
        assert_eq!(seen, expected, "{text:?}");
    }

    #[test]
    fn tunnels() {
        check(
            "CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n\r\n\x16rest",
            "tunnel a.example:443 55",
        );
        check("CONNECT [::1]:443 HTTP/1.0\r\n\r\n", "tunnel [::1]:443 30");
        check("CONNECT a.example:443 HTTP/1.1\r\nHost", "incomplete");
        check("", "incomplete");
        for target in
            ["a.example", "u@a.example:443", "http://a.example", "a.example:0", "a.example:443/", "::1:443"]
        {
            check(&format!("CONNECT {target} HTTP/1.1\r\n\r\n"), "400");
        }
    }

    #[test]
    fn plain_requests() {
        let get = |target: &str, host: &str| format!("GET {target} HTTP/1.1\r\nHost: {host}\r\n\r\n");
        check(&get("http://A.example", "a.EXAMPLE:80"), "GET a.example:80 /  Length(0)");
        check(&get("HTTP://a.example:81/x?y=1", "a.example:81"), "GET a.example:81 /x?y=1  Length(0)");
        check(&get("http://a.example?y", "a.example."), "GET a.example:80 /?y  Length(0)");
        for (target, host) in [
            ("http://a.example/", "b.example"),
            ("http://a.example:81/", "a.example"),
            ("http://u:p@a.example/", "a.example"),
            ("http://a.example@b.example/", "a.example"),
            ("https://a.example/", "a.example"),
            ("/", "a.example"),
            ("http:///x", ""),
            ("http://a.example/#x", "a.example"),
            ("http://a.example\\@b/", "a.example"),
        ] {
            check(&get(target, host), "400");
        }
        check("GET http://a.example/ HTTP/1.1\r\n\r\n", "400");
        check("GET http://a.example/ HTTP/1.0\r\n\r\n", "GET a.example:80 /  Length(0)");
        check("GET http://a.example/ HTTP/1.1\r\nHost: a.example\r\nHost: a.example\r\n\r\n", "400");
        check("GET http://a.example/ HTTP/2\r\n\r\n", "505");
    }

    #[test]
    fn bodies_are_delimited_in_one_way() {
        let post =
            |fields: &str| format!("POST http://a.example/ HTTP/1.1\r\nHost: a.example\r\n{fields}\r\n\r\n");
        check(&post("Content-Length: 7"), "POST a.example:80 / Content-Length: 7; Length(7)");
        check(&post("Transfer-Encoding: Chunked"), "POST a.example:80 / Transfer-Encoding: Chunked; Chunked");
        let close =
            "Connection: close, X-A, Content-Length\r\nContent-Length: 1\r\nX-A: 1\r\nX-B: 2\r\nUpgrade: x";
        check(&post(close), "POST a.example:80 / Content-Length: 1;X-B: 2; Length(1)");
        for (fields, status) in [
            ("Content-Length: 1\r\nContent-Length: 1", "400"),
            ("Content-Length: 1, 1", "400"),
            ("Content-Length: +1", "400"),
            ("Content-Length: 99999999999999999999", "400"),
            ("Content-Length: 1\r\nTransfer-Encoding: chunked", "400"),
            ("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", "400"),
            ("Transfer-Encoding: gzip, chunked", "501"),
            ("Transfer-Encoding : chunked", "400"),
            ("Transfer-Encoding\t: chunked", "400"),
            ("X: 1\r\n Transfer-Encoding: chunked", "400"),
            ("X: 1\nTransfer-Encoding: chunked", "400"),
            ("X: 1\rTransfer-Encoding: chunked", "400"),
            ("X: 1\0", "400"),
            (": 1", "400"),
            ("no colon", "400"),
        ] {
            check(&post(fields), status);
        }
    }

    #[test]
    fn bombs_and_garbage() {
        check(&format!("GET http://a.example/ HTTP/1.1\r\n{}", "A: b\r\n".repeat(6000)), "431");
        check(&format!("GET http://a.example/ HTTP/1.1\r\n{}\r\n", "A: b\r\n".repeat(101)), "431");
        check(&format!("GET http://a.example/{}", "a".repeat(LONGEST)), "431");
        for garbage in ["\x16\x03\x01", "\r\n\r\n", " GET", "get", "\0", "GET\r\n\r\n", "A B C D\r\n\r\n"] {
            check(garbage, "400");
        }
    }
}
