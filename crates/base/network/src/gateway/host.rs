use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Longest name, in bytes, and longest label of one (RFC 1035, section 2.3.4).
const LONGEST_NAME: usize = 253;
const LONGEST_LABEL: usize = 63;

/// A host as a client names it: a name in lower case without its last dot, or an address.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Host {
    /// Labels of letters, digits, `-` and `_`. Never one that a resolver would take for an address.
    Name(String),
    /// An address, never an IPv4 address in the form of an IPv6 one.
    Address(IpAddr),
}

impl Host {
    /// Reads a host without its port; IPv6 addresses stand in brackets. `None` when it is none: user names, zones, empty
    /// labels, and numbers such as `127.1` or `0x7f000001`, which some resolvers take for addresses, are none.
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(inner) = text.strip_prefix('[') {
            let address: Ipv6Addr = inner.strip_suffix(']')?.parse().ok()?;
            return Some(Self::Address(IpAddr::V6(address).to_canonical()));
        }
        if let Ok(address) = text.parse::<Ipv4Addr>() {
            return Some(Self::Address(IpAddr::V4(address)));
        }
        let name = text.strip_suffix('.').unwrap_or(text);
        let valid = !name.is_empty() && name.len() <= LONGEST_NAME && name.split('.').all(is_label);
        let last = name.rsplit('.').next().unwrap_or_default();
        (valid && !is_number(last)).then(|| Self::Name(name.to_ascii_lowercase()))
    }

    /// The name, where it is one.
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Name(name) => Some(name),
            Self::Address(_) => None,
        }
    }
}

impl fmt::Display for Host {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => formatter.write_str(name),
            Self::Address(IpAddr::V4(address)) => address.fmt(formatter),
            Self::Address(IpAddr::V6(address)) => write!(formatter, "[{address}]"),
        }
    }
}

fn is_label(label: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    !label.is_empty() && label.len() <= LONGEST_LABEL && label.bytes().all(allowed)
}

/// What `inet_aton` reads as a number: then the whole name may be an address (WHATWG URL, "ends in a number checker").
fn is_number(label: &str) -> bool {
    let hexadecimal = label.strip_prefix("0x").or_else(|| label.strip_prefix("0X"));
    match hexadecimal {
        Some(rest) => rest.bytes().all(|byte| byte.is_ascii_hexdigit()),
        None => label.bytes().all(|byte| byte.is_ascii_digit()),
    }
}

/// Where a client wants to go.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The host.
    pub host: Host,
    /// The port, never 0.
    pub port: u16,
}

impl Place {
    /// Reads `host:port`; without a port it is `default`, and where there is none, nothing.
    pub fn parse(text: &str, default: Option<u16>) -> Option<Self> {
        let after_host = text.rfind(']').unwrap_or(0);
        let colon = text.get(after_host..)?.rfind(':').map(|at| at + after_host);
        let (host, port) = match colon {
            Some(at) => (text.get(..at)?, port(text.get(at + 1..)?)?),
            None => (text, default?),
        };
        Some(Self { host: Host::parse(host)?, port })
    }
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.host, self.port)
    }
}

/// A port: digits only, 1 to 65535.
pub(super) fn port(text: &str) -> Option<u16> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|port| digits && *port != 0)
}

/// Whether an address belongs to the public Internet: none of this machine, of a private network, of a cloud's metadata
/// service, for documentation or for many (the special-purpose address registries of RFC 6890).
pub(super) fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let special = match address.octets() {
        [0 | 10 | 127 | 224..=255, ..] => true,
        [100, second, ..] => second & 0xc0 == 64,
        [169, 254, ..] | [192, 168, ..] => true,
        [172, second, ..] => second & 0xf0 == 16,
        [192, 0, 0 | 2, _] | [192, 88, 99, _] => true,
        [198, 18 | 19, ..] | [198, 51, 100, _] | [203, 0, 113, _] => true,
        // Azure's own service for virtual machines, though its number is public.
        [168, 63, 129, 16] => true,
        _ => false,
    };
    !special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    match address.segments() {
        // NAT64 (RFC 6052): the IPv4 address behind it counts.
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            let [a, b] = high.to_be_bytes();
            let [c, d] = low.to_be_bytes();
            is_public_v4(Ipv4Addr::new(a, b, c, d))
        }
        // Protocol assignments (Teredo and others), documentation and 6to4, which leads to any IPv4 address.
        [0x2001, second, ..] => second > 0x01ff && second != 0x0db8,
        [0x2002, ..] | [0x3fff, ..] => false,
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(
            Place::parse(text, Some(443)).map(|place| place.to_string()).as_deref(),
            expected,
            "{text}"
        );
    }

    #[test]
    fn places() {
        check("a.example", Some("a.example:443"));
        check("A.Example.:8443", Some("a.example:8443"));
        check("my_host", Some("my_host:443"));
        check("10.0.0.1:80", Some("10.0.0.1:80"));
        check("[::1]:80", Some("[::1]:80"));
        check("[::ffff:127.0.0.1]", Some("127.0.0.1:443"));
        check("[2001:DB8::1]", Some("[2001:db8::1]:443"));
        for wrong in [
            "",
            ".",
            "a..b",
            ".a",
            "a.example..",
            "user@a.example",
            "a b",
            "a/b",
            "a.example:",
            "a.example:0",
            "a.example:65536",
            "a.example:+1",
            "a.example: 1",
            "127.1",
            "2130706433",
            "0x7f000001",
            "0x7f.1",
            "a.0x1",
            "a.1",
            "1.2.3.4.5",
            "[::1",
            "::1]",
            "::1",
            "[::1%lo]",
            "[a]",
            "a\0b",
            "é.example",
            "*.a",
            "010.0.0.1:80",
            "[::1]x:80",
        ] {
            check(wrong, None);
        }
        check(&format!("{}.example", "a".repeat(64)), None);
        check(&"a.".repeat(200), None);
    }

    #[test]
    fn public_addresses() {
        for yes in ["1.1.1.1", "100.63.0.1", "172.32.0.1", "192.0.3.1", "2606:4700::1111", "64:ff9b::808:808"]
        {
            assert!(is_public(yes.parse().unwrap()), "{yes}");
        }
        for no in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "100.100.100.200",
            "127.0.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "192.0.0.192",
            "198.18.0.1",
            "203.0.113.5",
            "224.0.0.1",
            "255.255.255.255",
            "168.63.129.16",
            "::",
            "::1",
            "::ffff:10.0.0.1",
            "::7f00:1",
            "fe80::1",
            "fec0::1",
            "fd00:ec2::254",
            "ff02::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "64:ff9b::7f00:1",
            "64:ff9b:1::1",
        ] {
            assert!(!is_public(no.parse().unwrap()), "{no}");
        }
    }
}
