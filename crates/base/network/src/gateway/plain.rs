use std::sync::atomic::{AtomicU64, Ordering};

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWrite, BufReader};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::allow::Protocol;
use super::body::{Broken, Relay};
use super::connection::Context;
use super::head::{Framing, Lines, decimal, fields, find, named, passed_on};
use super::host::Place;
use super::record::Record;
use super::stop::Stop;
use super::{join, route};

/// Longest head of an answer, in bytes.
const LONGEST_ANSWER: usize = 64 << 10;
/// Most provisional answers (1xx) before the real one.
const MOST_PROVISIONAL: usize = 20;

/// A request over plain HTTP.
pub(super) struct Plain {
    pub(super) place: Place,
    pub(super) method: String,
    pub(super) path: String,
    pub(super) fields: Vec<u8>,
    pub(super) body: Framing,
}

/// Passes on one request and its answer; then the connection is over, whatever else the client wrote.
pub(super) async fn serve(
    context: &Context,
    client: &mut TcpStream,
    early: Vec<u8>,
    request: &Plain,
    record: &mut Record,
) -> Result<(), Stop> {
    record.connection.protocol = Some(Protocol::Http);
    let place = &request.place;
    if !context.rules.learn && !context.rules.allow.allows(Protocol::Http, place) {
        return Err(Stop::not_listed(Protocol::Http, place));
    }
    let mut way = route::plain(context, place, record).await?;
    let head = request.head(way.proxy.as_ref());
    record.allowed(Protocol::Http);
    let (sent, received) = (AtomicU64::new(0), AtomicU64::new(0));
    let outcome = {
        let idle = context.limits.idle;
        let (from_client, mut to_client) = client.split();
        let (from_server, mut to_server) = way.stream.split();
        let mut from_client = BufReader::new(early.chain(from_client));
        let mut from_server = BufReader::new(from_server);
        let mut out = Relay { to: &mut to_server, moved: &sent, idle };
        let mut back = Relay { to: &mut to_client, moved: &received, idle };
        let asking = async {
            out.write(&head).await.ok()?;
            match out.body(request.body, &mut from_client).await {
                // A server that takes no more has mostly answered already.
                Ok(()) | Err(Broken::Receiver) => None,
                Err(broken) => Some(Err(broken)),
            }
        };
        join::until(answer(&request.method, &mut from_server, &mut back), asking).await
    };
    record.connection.sent = sent.load(Ordering::Relaxed);
    record.connection.received = received.load(Ordering::Relaxed);
    match outcome {
        Ok(()) => Ok(()),
        Err(_) if record.connection.received > 0 => Ok(()),
        Err(Broken::Malformed) => {
            Err(Stop::failed(502, format!("what {place} and it say is not valid HTTP")))
        }
        Err(_) => Err(Stop::failed(502, format!("{place} or the client ended too early"))),
    }
}

impl Plain {
    /// The head as the next one gets it.
    fn head(&self, proxy: Option<&Option<Vec<u8>>>) -> Vec<u8> {
        let host = if self.place.port == 80 { self.place.host.to_string() } else { self.place.to_string() };
        let target = if proxy.is_some() { format!("http://{host}{}", self.path) } else { self.path.clone() };
        let mut head = format!("{} {target} HTTP/1.1\r\nHost: {host}\r\n", self.method).into_bytes();
        head.extend_from_slice(&self.fields);
        route::authorize(&mut head, proxy.and_then(Option::as_deref));
        head.extend_from_slice(b"Connection: close\r\n\r\n");
        head
    }
}

/// Passes an answer on, with the word that the connection ends with it.
async fn answer<R, W>(method: &str, from: &mut BufReader<R>, back: &mut Relay<'_, W>) -> Result<(), Broken>
where
    R: tokio::io::AsyncRead + Unpin,
    W: AsyncWrite + Unpin,
{
    for _ in 0..MOST_PROVISIONAL {
        let head = timeout(back.idle, head(from)).await.map_err(|_| Broken::Sender)??;
        let mut lines = Lines(&head);
        let line = lines.next().unwrap_or_default();
        let status = status(line).ok_or(Broken::Malformed)?;
        let fields = fields(lines).map_err(|_| Broken::Malformed)?;
        let body = match (status, method) {
            // Nobody asked to speak something else.
            (101, _) => return Err(Broken::Malformed),
            (100..200 | 204 | 304, _) | (_, "HEAD") => Framing::Length(0),
            _ => {
                let coding = named(&fields, "transfer-encoding").next().map(|field| field.text());
                let mut lengths = named(&fields, "content-length").map(|field| field.text());
                match (coding, lengths.next(), lengths.next()) {
                    (Some(coding), None, _) if coding.eq_ignore_ascii_case("chunked") => Framing::Chunked,
                    (None, Some(length), None) => Framing::Length(decimal(length).ok_or(Broken::Malformed)?),
                    (None, None, _) => Framing::UntilClose,
                    _ => return Err(Broken::Malformed),
                }
            }
        };
        let mut written = line.to_vec();
        written.extend_from_slice(b"\r\n");
        written.extend(passed_on(&fields));
        let provisional = (100..200).contains(&status);
        written.extend_from_slice(if provisional { b"\r\n" } else { b"Connection: close\r\n\r\n" });
        back.write(&written).await?;
        if !provisional {
            return back.body(body, from).await;
        }
    }
    Err(Broken::Malformed)
}

/// The head of an answer, without the empty line at its end.
async fn head<R: tokio::io::AsyncRead + Unpin>(from: &mut BufReader<R>) -> Result<Vec<u8>, Broken> {
    let mut head = Vec::new();
    loop {
        let part = from.fill_buf().await.map_err(|_| Broken::Sender)?;
        if part.is_empty() {
            return Err(Broken::Sender);
        }
        // The end may be spread over two parts.
        let before = head.len();
        let searched = before.saturating_sub(3);
        let length = part.len();
        head.extend_from_slice(part);
        if let Some(at) = head.get(searched..).and_then(|tail| find(tail, b"\r\n\r\n")) {
            let end = searched + at;
            from.consume((end + 4).saturating_sub(before));
            head.truncate(end);
            return Ok(head);
        }
        from.consume(length);
        if head.len() > LONGEST_ANSWER {
            return Err(Broken::Malformed);
        }
    }
}

/// RFC 9112, section 4.
fn status(line: &[u8]) -> Option<u16> {
    let line = std::str::from_utf8(line.get(..12)?).ok()?;
    let digits = line.strip_prefix("HTTP/1.0 ").or_else(|| line.strip_prefix("HTTP/1.1 "))?;
    digits.parse().ok().filter(|status| (100..600).contains(status))
}
