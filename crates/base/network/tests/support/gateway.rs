//! A gateway between a client and an origin, all on this machine.

use std::collections::BTreeMap;
use std::io::{ErrorKind, Read, Write};
use std::net::{IpAddr, Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use andon_network::gateway::{AllowList, Connection, Gateway, Limits, Outcome, Resolve, Rules};
use andon_system::MemorySystem;

/// Names that lead where a test wants them to.
pub(crate) struct Names(BTreeMap<String, Vec<IpAddr>>);

impl Resolve for Names {
    fn resolve(&self, name: &str) -> std::io::Result<Vec<IpAddr>> {
        self.0.get(name).cloned().ok_or_else(|| ErrorKind::NotFound.into())
    }
}

/// How a gateway is set up; `PORT` in entries stands for the origin's port.
#[derive(Default)]
pub(crate) struct Setup<'a> {
    pub(crate) allow: &'a [&'a str],
    pub(crate) learn: bool,
    pub(crate) variables: &'a [(&'a str, &'a str)],
    pub(crate) connections: Option<usize>,
}

pub(crate) struct Fixture {
    gateway: Gateway,
    port: u16,
    pub(crate) origin: u16,
}

/// Names under `local.example` and `here` lead to this machine, `inside.example` to a private network, `mixed.example`
/// to both that and this machine.
pub(crate) fn start(setup: &Setup<'_>, origin: u16) -> Fixture {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let entries: Vec<String> =
        setup.allow.iter().map(|entry| entry.replace("PORT", &origin.to_string())).collect();
    let system = setup.variables.iter().fold(MemorySystem::new(), |system, (name, value)| {
        system.variable(name, &value.replace("PORT", &origin.to_string()))
    });
    let names = [
        ("local.example", vec!["127.0.0.1"]),
        ("a.local.example", vec!["127.0.0.1"]),
        ("here", vec!["127.0.0.1"]),
        ("inside.example", vec!["10.20.30.40"]),
        ("metadata.example", vec!["169.254.169.254", "::1"]),
        ("mixed.example", vec!["10.20.30.40", "127.0.0.1"]),
    ];
    let names = names.into_iter().map(|(name, addresses)| {
        (name.to_owned(), addresses.into_iter().map(|address| address.parse().unwrap()).collect())
    });
    let limits = Limits {
        connections: setup.connections.unwrap_or(16),
        head: Duration::from_secs(2),
        connect: Duration::from_secs(5),
        idle: Duration::from_secs(5),
    };
    let rules = Rules { allow: AllowList::parse(&entries).unwrap(), learn: setup.learn };
    let gateway = Gateway::start(&system, listener, rules, limits, Arc::new(Names(names.collect()))).unwrap();
    Fixture { gateway, port, origin }
}

impl Fixture {
    /// Sends the parts one after the other, says that there is no more, and reads to the end.
    pub(crate) fn exchange(&self, parts: &[&[u8]]) -> Vec<u8> {
        let mut stream = self.open();
        for part in parts {
            if stream.write_all(part).is_err() {
                break;
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        let _ = stream.shutdown(Shutdown::Write);
        read_to_end(&mut stream)
    }

    pub(crate) fn open(&self) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream
    }

    /// What CONNECT to a place (`PORT` as above) and these bytes lead to: the answer's status, then what came after it.
    pub(crate) fn tunnel(&self, place: &str, parts: &[&[u8]]) -> (String, Vec<u8>) {
        let place = place.replace("PORT", &self.origin.to_string());
        let head = format!("CONNECT {place} HTTP/1.1\r\nHost: {place}\r\n\r\n");
        let parts: Vec<&[u8]> = std::iter::once(head.as_bytes()).chain(parts.iter().copied()).collect();
        split(&self.exchange(&parts))
    }

    /// Stops and says what was recorded, one line a connection: protocol, place, name, what came of it.
    pub(crate) fn records(self) -> Vec<Connection> {
        self.gateway.stop().connections
    }
}

pub(crate) fn shown(connection: &Connection, origin: u16) -> String {
    let outcome = match &connection.outcome {
        Outcome::Allowed => "allowed".to_owned(),
        Outcome::Refused(reason) => format!("refused: {reason}"),
        Outcome::Failed(reason) => format!("failed: {reason}"),
    };
    let text = format!("{}:{} {outcome}", connection.host, connection.port);
    text.replace(&origin.to_string(), "PORT")
}

/// Status code and what comes after the head.
pub(crate) fn split(bytes: &[u8]) -> (String, Vec<u8>) {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n").unwrap_or(bytes.len());
    let head = String::from_utf8_lossy(&bytes[..end]);
    let status = head.split(' ').nth(1).unwrap_or("none").to_owned();
    (status, bytes.get(end + 4..).unwrap_or_default().to_vec())
}

pub(crate) fn read_to_end(stream: &mut TcpStream) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut part = [0; 4096];
    while let Ok(length @ 1..) = stream.read(&mut part) {
        bytes.extend_from_slice(&part[..length]);
    }
    bytes
}

/// An origin that answers each connection with what came to it, and a mark; a request over HTTP with nothing.
pub(crate) fn echo() -> u16 {
    serve(|stream| {
        let mut first = vec![0; 4096];
        let length = stream.read(&mut first).unwrap_or(0);
        first.truncate(length);
        if first.starts_with(b"GET ") {
            let _ = stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n");
        }
        let bytes = [first, read_to_end(stream)].concat();
        let _ = stream.write_all(&bytes);
        let _ = stream.write_all(b"!");
    })
}

/// An origin that does as it is told with every connection.
pub(crate) fn serve(each: impl Fn(&mut TcpStream) + Send + Sync + 'static) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let each = Arc::new(each);
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let each = Arc::clone(&each);
            std::thread::spawn(move || each(&mut stream));
        }
    });
    port
}

/// The first bytes of a real client, with a name or, for an address, without.
pub(crate) fn hello(host: &str) -> Vec<u8> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth();
    let name = rustls::pki_types::ServerName::try_from(host.to_owned()).unwrap();
    let mut client = rustls::ClientConnection::new(Arc::new(config), name).unwrap();
    let mut bytes = Vec::new();
    client.write_tls(&mut bytes).unwrap();
    bytes
}
