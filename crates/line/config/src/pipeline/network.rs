use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// What a step reaches over the network.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Network {
    /// Nothing.
    #[default]
    None,
    /// These places, through a proxy that lets nothing else through and writes down every connection.
    Allow(Vec<Endpoint>),
    /// Everything: the network of the machine.
    Any,
}

/// A host and a port, written `index.example.org:443`. `*.example.org:443` stands for every host below a name. TLS is
/// spoken there, unless `http://` (plain HTTP) or `tcp://` (anything) stands before it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Endpoint {
    /// What is spoken there.
    pub protocol: Protocol,
    /// In lower case: a name, `*.` and a name, an IPv4 address, or an IPv6 address without brackets.
    pub host: String,
    /// From 1.
    pub port: u16,
}

/// What a step speaks with a host.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Protocol {
    /// TLS, with the host's name.
    #[default]
    Tls,
    /// Plain HTTP.
    Http,
    /// Anything; nobody looks at it.
    Tcp,
}

impl Protocol {
    /// What stands before the host.
    fn prefix(self) -> &'static str {
        match self {
            Self::Tls => "",
            Self::Http => "http://",
            Self::Tcp => "tcp://",
        }
    }
}

impl FromStr for Endpoint {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let bad =
            |what: &str| format!("`{text}` {what}; write a host and a port, as in `index.example.org:443`");
        let other = [Protocol::Http, Protocol::Tcp].into_iter();
        let mut stripped =
            other.filter_map(|protocol| Some((protocol, text.strip_prefix(protocol.prefix())?)));
        let (protocol, place) = stripped.next().unwrap_or((Protocol::Tls, text));
        if place.contains('/') {
            return Err(bad("is an address of a page"));
        }
        let (host, port) = place.rsplit_once(':').ok_or_else(|| bad("has no port"))?;
        let port = port.parse().ok().filter(|port| *port != 0).ok_or_else(|| bad("has no port"))?;
        let host = match host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            Some(inner) => inner.parse::<std::net::Ipv6Addr>().map(|address| address.to_string()).ok(),
            None => is_name(host).then(|| host.to_ascii_lowercase()),
        };
        Ok(Self { protocol, host: host.ok_or_else(|| bad("has no proper host"))?, port })
    }
}

/// A host name (RFC 1123), perhaps with `*.` before it.
fn is_name(host: &str) -> bool {
    let name = host.strip_prefix("*.").unwrap_or(host);
    let label = |label: &str| {
        let plain = label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
        (1..=63).contains(&label.len()) && plain && !label.starts_with('-') && !label.ends_with('-')
    };
    name.len() <= 253 && name.split('.').all(label)
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { protocol, host, port } = self;
        f.write_str(protocol.prefix())?;
        if host.contains(':') { write!(f, "[{host}]:{port}") } else { write!(f, "{host}:{port}") }
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("none"),
            Self::Any => f.write_str("any"),
            Self::Allow(places) => {
                let places: Vec<_> = places.iter().map(Endpoint::to_string).collect();
                f.write_str(&places.join(", "))
            }
        }
    }
}

impl Serialize for Endpoint {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Endpoint {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

impl Serialize for Network {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Allow(places) => places.serialize(serializer),
            Self::None | Self::Any => serializer.collect_str(self),
        }
    }
}

impl<'de> Deserialize<'de> for Network {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Places)
    }
}

struct Places;

impl<'de> de::Visitor<'de> for Places {
    type Value = Network;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("`none`, `any`, or a list of hosts with ports")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Network, E> {
        match text {
            "none" => Ok(Network::None),
            "any" => Ok(Network::Any),
            _ => Err(E::custom(format!("`{text}` is neither `none` nor `any` nor a list, as in `[{text}]`"))),
        }
    }

    fn visit_seq<A: de::SeqAccess<'de>>(self, items: A) -> Result<Network, A::Error> {
        let places = Vec::deserialize(de::value::SeqAccessDeserializer::new(items))?;
        Ok(if places.is_empty() { Network::None } else { Network::Allow(places) })
    }
}

impl JsonSchema for Network {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Network".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "`none`, `any`, or a list of hosts with ports: `[index.example.org:443]`.",
            "anyOf": [
                { "enum": ["none", "any"] },
                { "type": "array", "items": { "type": "string", "pattern": "^((http|tcp)://)?[^/]+:[0-9]+$" } },
            ],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints_are_written_as_they_are_read() {
        for text in ["a.example:443", "*.a.example:1", "[::1]:80", "http://a.example:80", "tcp://10.0.0.1:22"]
        {
            let endpoint: Endpoint = text.parse().unwrap();
            assert_eq!(endpoint.to_string(), text);
        }
        assert_eq!("tcp://a:22".parse::<Endpoint>().unwrap().protocol, Protocol::Tcp);
        for text in ["https://a.example:443", "http://a.example:80/x", "tcp://", "ftp://a:1", "a.example"] {
            assert!(text.parse::<Endpoint>().is_err(), "{text}");
        }
    }
}
