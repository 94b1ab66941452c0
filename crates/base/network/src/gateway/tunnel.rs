use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::allow::Protocol;
use super::connection::{Context, more};
use super::hello::{self, ClientHello, Hello, client_hello};
use super::host::Place;
use super::record::Record;
use super::stop::Stop;
use super::{join, route};

/// Serves CONNECT.
pub(super) async fn serve(
    context: &Context,
    client: &mut TcpStream,
    mut early: Vec<u8>,
    place: &Place,
    record: &mut Record,
) -> Result<(), Stop> {
    let checked = !context.rules.allow.allows(Protocol::Tcp, place);
    let learning = context.rules.learn && !context.rules.allow.allows(Protocol::Tls, place);
    record.connection.protocol = Some(if checked { Protocol::Tls } else { Protocol::Tcp });
    if checked && !learning && !context.rules.allow.allows(Protocol::Tls, place) {
        return Err(Stop::not_listed(Protocol::Tls, place));
    }
    let mut way = route::tunnel(context, place, record).await?;
    let connected = client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await;
    connected.map_err(|_| Stop::failed(502, "the client went away").late())?;
    let mut protocol = Protocol::Tcp;
    if checked {
        match first(context, client, &mut early, place, record).await {
            Ok(()) => protocol = Protocol::Tls,
            Err(_) if learning => {}
            Err(stop) => return Err(stop.late()),
        }
    }
    record.allowed(protocol);
    relay(context.limits.idle, client, &early, &mut way, record).await;
    Ok(())
}

/// Reads the client's first words and checks where they say that they go.
async fn first(
    context: &Context,
    client: &mut TcpStream,
    bytes: &mut Vec<u8>,
    place: &Place,
    record: &mut Record,
) -> Result<(), Stop> {
    // Who learns also meets servers that speak first.
    let patience = if context.rules.learn { context.limits.head.min(LEARNING) } else { context.limits.head };
    let reading = async {
        loop {
            let least = match client_hello(bytes) {
                Hello::Complete(hello) => return Ok(hello),
                Hello::NotTls => return Err(Stop::unchecked(place, "it does not speak TLS")),
                Hello::Malformed(why) => return Err(Stop::refused(403, format!("{why} ({place})"))),
                Hello::Incomplete(least) => least.min(hello::LONGEST),
            };
            while bytes.len() < least {
                if !more(client, bytes).await {
                    return Err(Stop::refused(403, format!("it ended before saying anything to {place}")));
                }
            }
        }
    };
    let late = |_| Stop::refused(403, format!("it did not begin TLS with {place} in time"));
    let hello = timeout(patience, reading).await.map_err(late)??;
    record.connection.server_name.clone_from(&hello.server_name);
    check(&hello, place)
}

const LEARNING: Duration = Duration::from_secs(2);

fn check(hello: &ClientHello, place: &Place) -> Result<(), Stop> {
    let asked = place.host.to_string();
    match &hello.server_name {
        _ if hello.encrypted => Err(Stop::unchecked(place, "it sends an encrypted ClientHello")),
        Some(name) if *name == asked => Ok(()),
        Some(name) => Err(Stop::refused(
            403,
            format!("it asked for {place}, but its TLS server name (SNI) is {name}; they must agree"),
        )),
        None if place.host.name().is_none() => Ok(()),
        None => Err(Stop::unchecked(place, "it begins TLS without a server name (SNI)")),
    }
}

/// Passes bytes on both ways until both sides have ended, or neither said anything for too long.
async fn relay(
    idle: Duration,
    client: &mut TcpStream,
    early: &[u8],
    way: &mut route::Way,
    record: &mut Record,
) {
    let began = Instant::now();
    let pace = Pace { idle, began, last: AtomicU64::new(0) };
    let (sent, received) = (AtomicU64::new(0), AtomicU64::new(0));
    let guard = Count { sent: &sent, received: &received, record };
    let (from_client, mut to_client) = client.split();
    let (from_server, mut to_server) = way.stream.split();
    let out = pump(early.chain(from_client), &mut to_server, &sent, &pace);
    let back = pump(way.early.as_slice().chain(from_server), &mut to_client, &received, &pace);
    join::both(out, back).await;
    drop(guard);
}

/// Writes the counts into the record however the connection ends.
struct Count<'a> {
    sent: &'a AtomicU64,
    received: &'a AtomicU64,
    record: &'a mut Record,
}

impl Drop for Count<'_> {
    fn drop(&mut self) {
        self.record.connection.sent = self.sent.load(Ordering::Relaxed);
        self.record.connection.received = self.received.load(Ordering::Relaxed);
    }
}

/// When something last went either way.
struct Pace {
    idle: Duration,
    began: Instant,
    last: AtomicU64,
}

impl Pace {
    fn moved(&self) {
        let now = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.last.store(now, Ordering::Relaxed);
    }

    fn is_over(&self) -> bool {
        let last = Duration::from_millis(self.last.load(Ordering::Relaxed));
        self.began.elapsed().saturating_sub(last) >= self.idle
    }
}

/// One way, to its end.
async fn pump(
    mut from: impl AsyncRead + Unpin,
    to: &mut (impl AsyncWrite + Unpin),
    moved: &AtomicU64,
    pace: &Pace,
) -> bool {
    let mut buffer = vec![0; 16 << 10];
    loop {
        let length = match timeout(pace.idle, from.read(&mut buffer)).await {
            Err(_) if pace.is_over() => return false,
            Err(_) => continue,
            Ok(Err(_)) => return false,
            Ok(Ok(0)) => return to.shutdown().await.is_ok(),
            Ok(Ok(length)) => length,
        };
        pace.moved();
        let part = buffer.get(..length).unwrap_or_default();
        match timeout(pace.idle, to.write_all(part)).await {
            Ok(Ok(())) => {}
            _ => return false,
        }
        pace.moved();
        moved.fetch_add(u64::try_from(length).unwrap_or(0), Ordering::Relaxed);
    }
}
