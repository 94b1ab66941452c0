//! A web server for tests, on this machine only: files with validators and byte ranges, and faults on demand. It also
//! plays a proxy: a request for a whole address is answered from the same files.

#![allow(dead_code, reason = "each test program uses another part of it")]
#![allow(unreachable_pub, reason = "test programs of several crates contain it")]

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// What goes wrong with one answer.
#[derive(Clone, Copy, Debug)]
pub enum Fault {
    /// The connection closes after so many bytes of content.
    Cut(usize),
    /// Nothing comes any more after so many bytes of content.
    Stall(usize),
    /// After so many bytes of content they come one by one, with pauses.
    Trickle(usize),
    /// This status, and these header lines.
    Status(u16, &'static str),
    /// The whole is sent although a part was asked for.
    NoRange,
    /// The length announced is so much more than what there is; then the connection closes.
    Longer(usize),
    /// The end of the content is announced by the end of the connection only.
    NoLength,
    /// The connection closes before an answer.
    Hangup,
}

/// A request as it came.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    pub method: String,
    /// The path, with the query.
    pub path: String,
    /// The host of a request for a whole address, as a proxy gets it.
    pub proxied_for: String,
    pub headers: BTreeMap<String, String>,
    pub body: String,
    /// The body as it came.
    pub bytes: Vec<u8>,
}

impl Seen {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }
}

/// An answer made by the test itself.
pub type Handler = dyn Fn(&Seen) -> Option<(u16, Vec<String>, Vec<u8>)> + Send + Sync;

#[derive(Default)]
struct State {
    files: BTreeMap<String, (Vec<u8>, u64)>,
    faults: BTreeMap<String, Vec<Fault>>,
    seen: Vec<Seen>,
    handler: Option<Arc<Handler>>,
    changes: u64,
}

#[derive(Clone)]
pub struct Server {
    state: Arc<Mutex<State>>,
    port: u16,
}

impl Server {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = Self { state: Arc::default(), port: listener.local_addr().unwrap().port() };
        let shared = server.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                // An answer is written in parts; none of them is to wait for the other side.
                let _ = stream.set_nodelay(true);
                let server = shared.clone();
                std::thread::spawn(move || while server.answer(&stream).unwrap_or(false) {});
            }
        });
        server
    }

    /// `127.0.0.1:port`.
    pub fn host(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}/{path}", self.host())
    }

    pub fn put(&self, path: &str, content: impl Into<Vec<u8>>) {
        let mut state = self.state.lock().unwrap();
        state.changes += 1;
        let change = state.changes;
        state.files.insert(format!("/{path}"), (content.into(), change));
    }

    pub fn remove(&self, path: &str) {
        self.state.lock().unwrap().files.remove(&format!("/{path}"));
    }

    /// The next answers for a path go wrong, in this order.
    pub fn fail(&self, path: &str, faults: &[Fault]) {
        self.state.lock().unwrap().faults.insert(format!("/{path}"), faults.to_vec());
    }

    /// Asks the test before the files.
    pub fn handle(
        &self,
        handler: impl Fn(&Seen) -> Option<(u16, Vec<String>, Vec<u8>)> + Send + Sync + 'static,
    ) {
        self.state.lock().unwrap().handler = Some(Arc::new(handler));
    }

    /// The requests since the last call.
    pub fn seen(&self) -> Vec<Seen> {
        std::mem::take(&mut self.state.lock().unwrap().seen)
    }

    /// The paths asked for since the last call.
    pub fn paths(&self) -> Vec<String> {
        self.seen().into_iter().map(|seen| seen.path).collect()
    }

    /// Answers one request; whether the connection stays.
    fn answer(&self, stream: &TcpStream) -> std::io::Result<bool> {
        let Ok(request) = read_request(stream) else { return refuse(stream) };
        let Some(seen) = request else { return Ok(false) };
        let plain = seen.path.split('?').next().unwrap_or_default().to_owned();
        let (fault, file, handler) = {
            let mut state = self.state.lock().unwrap();
            state.seen.push(seen.clone());
            let faults = state.faults.get_mut(&plain);
            let fault = faults.and_then(|faults| (!faults.is_empty()).then(|| faults.remove(0)));
            (fault, state.files.get(&plain).cloned(), state.handler.clone())
        };
        let mut out = stream;
        if let Some(Fault::Hangup) = fault {
            return Ok(false);
        }
        if let Some(Fault::Status(status, headers)) = fault {
            write!(out, "HTTP/1.1 {status} no\r\n{headers}Content-Length: 4\r\n\r\nhtml")?;
            return Ok(true);
        }
        if let Some((status, headers, body)) = handler.and_then(|handler| handler(&seen)) {
            write!(out, "HTTP/1.1 {status} x\r\n")?;
            headers.iter().try_for_each(|header| write!(out, "{header}\r\n"))?;
            return if seen.method == "HEAD" { only_length(out, &body) } else { send(out, &body, fault) };
        }
        let Some((content, change)) = file else {
            write!(out, "HTTP/1.1 404 no\r\nContent-Length: 2\r\n\r\nno")?;
            return Ok(true);
        };
        let etag = format!("\"{change}\"");
        if seen.header("if-none-match") == etag {
            write!(out, "HTTP/1.1 304 same\r\nETag: {etag}\r\n\r\n")?;
            return Ok(true);
        }
        let same = matches!(seen.header("if-range"), "") || seen.header("if-range") == etag;
        let from = seen
            .header("range")
            .strip_prefix("bytes=")
            .and_then(|range| range.strip_suffix('-')?.parse::<usize>().ok());
        match from.filter(|_| same && !matches!(fault, Some(Fault::NoRange))) {
            Some(from) if from >= content.len() => {
                write!(out, "HTTP/1.1 416 no\r\nContent-Length: 0\r\n\r\n")?;
                Ok(true)
            }
            Some(from) => {
                let total = content.len();
                write!(
                    out,
                    "HTTP/1.1 206 part\r\nETag: {etag}\r\nContent-Range: bytes {from}-{}/{total}\r\n",
                    total - 1
                )?;
                send(out, &content[from..], fault)
            }
            None => {
                write!(out, "HTTP/1.1 200 ok\r\nETag: {etag}\r\n")?;
                send(out, &content, fault)
            }
        }
    }
}

/// Answers what is not HTTP as such servers do, and waits until the client has seen it.
fn refuse(mut stream: &TcpStream) -> std::io::Result<bool> {
    stream.write_all(b"HTTP/1.1 400 no\r\nContent-Length: 0\r\n\r\n")?;
    while stream.read(&mut [0; 1024])? > 0 {}
    Ok(false)
}

/// What `HEAD` gets of an answer.
fn only_length(mut out: &TcpStream, body: &[u8]) -> std::io::Result<bool> {
    write!(out, "Content-Length: {}\r\n\r\n", body.len())?;
    Ok(true)
}

fn send(mut out: &TcpStream, body: &[u8], fault: Option<Fault>) -> std::io::Result<bool> {
    let announced = match fault {
        Some(Fault::NoLength) => {
            write!(out, "Connection: close\r\n\r\n")?;
            out.write_all(body)?;
            return Ok(false);
        }
        Some(Fault::Longer(more)) => body.len() + more,
        _ => body.len(),
    };
    write!(out, "Content-Length: {announced}\r\n\r\n")?;
    match fault {
        Some(Fault::Cut(bytes)) => {
            out.write_all(&body[..bytes.min(body.len())])?;
            Ok(false)
        }
        Some(Fault::Stall(bytes)) => {
            out.write_all(&body[..bytes.min(body.len())])?;
            // Silence until the client gives up and closes.
            let _ = out.read(&mut [0]);
            Ok(false)
        }
        Some(Fault::Trickle(bytes)) => {
            let (first, rest) = body.split_at(bytes.min(body.len()));
            out.write_all(first)?;
            // Until all is sent or the client gives up and closes.
            for byte in rest {
                out.write_all(&[*byte])?;
                std::thread::sleep(std::time::Duration::from_millis(5));
            }
            Ok(true)
        }
        Some(Fault::Longer(_)) => {
            out.write_all(body)?;
            Ok(false)
        }
        _ => {
            out.write_all(body)?;
            Ok(true)
        }
    }
}

fn read_request(stream: &TcpStream) -> std::io::Result<Option<Seen>> {
    let mut reader = BufReader::with_capacity(1, stream);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let mut words = line.split_whitespace();
    let (Some(method), Some(target)) = (words.next(), words.next()) else { return Ok(None) };
    let mut seen = Seen { method: method.to_owned(), path: target.to_owned(), ..Seen::default() };
    if let Some((host, path)) = target.strip_prefix("http://").and_then(|rest| rest.split_once('/')) {
        (seen.proxied_for, seen.path) = (host.to_owned(), format!("/{path}"));
    }
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        seen.headers.insert(name.to_lowercase(), value.trim().to_owned());
    }
    seen.bytes = read_body(&mut reader, &seen)?;
    seen.body = String::from_utf8_lossy(&seen.bytes).into_owned();
    Ok(Some(seen))
}

fn read_body(reader: &mut impl BufRead, seen: &Seen) -> std::io::Result<Vec<u8>> {
    let mut body = vec![0; seen.header("content-length").parse().unwrap_or(0)];
    reader.read_exact(&mut body)?;
    while seen.header("transfer-encoding") == "chunked" {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let mut chunk = vec![0; usize::from_str_radix(line.trim(), 16).unwrap_or(0)];
        reader.read_exact(&mut chunk)?;
        reader.read_line(&mut String::new())?;
        if chunk.is_empty() {
            break;
        }
        body.append(&mut chunk);
    }
    Ok(body)
}
