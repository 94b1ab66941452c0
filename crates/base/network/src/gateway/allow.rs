use std::collections::BTreeSet;
use std::fmt;
use std::net::IpAddr;

use thiserror::Error;

use super::host::{Host, Place, port};

/// Where a step may go. Entries, one a line in `andon.yaml`:
///
/// | entry | allows |
/// |---|---|
/// | `host`, `host:port` | TLS to that host, on port 443 unless it says another |
/// | `*.host`, `*.host:port` | the same for every name below it, by one label or more, but not for itself |
/// | `http://host`, `http://host:port` | plain HTTP, on port 80 unless it says another |
/// | `tcp://host:port` | whatever is spoken there, unchecked |
///
/// A host is a name or an address (IPv6 in brackets). Addresses that are not public are only reached where an entry
/// names them as such, also when a name leads there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AllowList {
    entries: BTreeSet<Entry>,
}

/// An entry that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "{entry:?} is no place that a step may be allowed to reach: {problem}; write host:port, *.host:port, \
         http://host:port or tcp://host:port"
)]
pub struct AllowError {
    /// The entry.
    pub entry: String,
    /// What is wrong with it.
    pub problem: &'static str,
}

/// What may be spoken with a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Protocol {
    /// TLS inside CONNECT, with the name that was asked for.
    Tls,
    /// Plain HTTP.
    Http,
    /// Anything inside CONNECT.
    Tcp,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    protocol: Protocol,
    /// Whether the names below the host are meant, and not the host.
    below: bool,
    place: Place,
}

impl AllowList {
    /// Reads a list.
    ///
    /// # Errors
    /// When an entry cannot be read; the first one.
    pub fn parse<T: AsRef<str>>(entries: &[T]) -> Result<Self, AllowError> {
        let entries = entries.iter().map(|entry| Entry::parse(entry.as_ref()));
        Ok(Self { entries: entries.collect::<Result<_, _>>()? })
    }

    /// Whether a step may speak so with a place.
    pub fn allows(&self, protocol: Protocol, place: &Place) -> bool {
        self.entries.iter().any(|entry| entry.protocol == protocol && entry.matches(place))
    }

    /// Whether an entry names this address and port as such.
    pub(super) fn names_address(&self, address: IpAddr, port: u16) -> bool {
        let place = Place { host: Host::Address(address.to_canonical()), port };
        self.entries.iter().any(|entry| entry.place == place)
    }

    /// The entries as they are written, sorted, each once and with its port.
    pub fn entries(&self) -> Vec<String> {
        let mut entries: Vec<String> = self.entries.iter().map(Entry::to_string).collect();
        entries.sort();
        entries
    }

    pub(super) fn add(&mut self, protocol: Protocol, place: Place) {
        self.entries.insert(Entry { protocol, below: false, place });
    }
}

impl Entry {
    fn parse(text: &str) -> Result<Self, AllowError> {
        let wrong = |problem| AllowError { entry: text.chars().take(300).collect(), problem };
        let (scheme, rest) = text.split_once("://").unwrap_or(("", text));
        let (protocol, default) = match scheme {
            "" | "https" => (Protocol::Tls, Some(443)),
            "http" => (Protocol::Http, Some(80)),
            "tcp" => (Protocol::Tcp, None),
            _ => return Err(wrong("its scheme is not http, https or tcp")),
        };
        let (below, rest) = rest.strip_prefix("*.").map_or((false, rest), |rest| (true, rest));
        if rest.contains('/') {
            return Err(wrong("it has a path, and paths cannot be told apart inside TLS"));
        }
        if rest.contains('*') {
            return Err(wrong("a * stands only for all labels in front, as in *.example.org"));
        }
        let written = rest.rsplit(']').next().unwrap_or_default().rsplit_once(':');
        if written.is_some_and(|(_, digits)| port(digits).is_none()) && !rest.contains("::") {
            return Err(wrong("its port is not between 1 and 65535"));
        }
        let place = Place::parse(rest, default).ok_or_else(|| {
            wrong(if default.is_none() { "it has no valid host and port" } else { "its host is not valid" })
        })?;
        match &place.host {
            Host::Address(_) if below => Err(wrong("addresses have no labels")),
            Host::Name(name) if below && !name.contains('.') => {
                Err(wrong("that would be a whole top-level domain"))
            }
            _ => Ok(Self { protocol, below, place }),
        }
    }

    fn matches(&self, place: &Place) -> bool {
        if self.place.port != place.port {
            return false;
        }
        match (&self.place.host, &place.host) {
            (Host::Name(base), Host::Name(name)) if self.below => {
                name.strip_suffix(base.as_str()).is_some_and(|front| front.len() > 1 && front.ends_with('.'))
            }
            (allowed, wanted) => allowed == wanted,
        }
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = scheme(self.protocol);
        let below = if self.below { "*." } else { "" };
        write!(formatter, "{scheme}{below}{}", self.place)
    }
}

/// What stands before the host in an entry.
pub(super) fn scheme(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Tls => "",
        Protocol::Http => "http://",
        Protocol::Tcp => "tcp://",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(entry: &str, protocol: Protocol, allowed: &[&str], not: &[&str]) {
        let list = AllowList::parse(&[entry]).unwrap();
        for (places, expected) in [(allowed, true), (not, false)] {
            for place in places {
                let place = Place::parse(place, None).unwrap();
                assert_eq!(list.allows(protocol, &place), expected, "{entry} {place}");
            }
        }
    }

    #[test]
    fn entries() {
        use Protocol::{Http, Tcp, Tls};
        check("A.example", Tls, &["a.example:443", "a.EXAMPLE.:443"], &["a.example:80", "b.a.example:443"]);
        check("a.example:8443", Tls, &["a.example:8443"], &["a.example:443"]);
        check(
            "*.a.example",
            Tls,
            &["b.a.example:443", "c.b.a.example:443"],
            &["a.example:443", "ba.example:443"],
        );
        check("https://a.example", Tls, &["a.example:443"], &[]);
        check("http://a.example", Http, &["a.example:80"], &["a.example:443"]);
        check("http://a.example", Tls, &[], &["a.example:80"]);
        check("tcp://a.example:22", Tcp, &["a.example:22"], &["a.example:443"]);
        check("10.0.0.1:5432", Tls, &["10.0.0.1:5432", "[::ffff:10.0.0.1]:5432"], &["10.0.0.2:5432"]);
        check("[::1]:80", Tls, &["[::1]:80"], &["127.0.0.1:80"]);
        let list = AllowList::parse(&["b", "tcp://[::1]:1", "*.b.example", "http://a", "b:443"]).unwrap();
        assert_eq!(list.entries(), ["*.b.example:443", "b:443", "http://a:80", "tcp://[::1]:1"]);
        assert!(list.names_address("::1".parse().unwrap(), 1));
        assert!(!list.names_address("::1".parse().unwrap(), 2));
    }

    #[test]
    fn wrong_entries() {
        for (entry, problem) in [
            ("", "host is not valid"),
            ("*", "only for all labels"),
            ("*.org", "top-level"),
            ("a.*.org", "only for all labels"),
            ("*.10.0.0.1", "no labels"),
            ("ftp://a", "scheme"),
            ("tcp://a", "host and port"),
            ("a.example/x", "path"),
            ("a:0", "port"),
            ("a:99999", "port"),
            ("user@a", "host is not valid"),
            ("10.1", "host is not valid"),
            ("::1", "host is not valid"),
        ] {
            let error = AllowList::parse(&[entry]).unwrap_err();
            assert!(error.problem.contains(problem), "{entry}: {error}");
        }
    }
}
