use std::io::{self, Read};
use std::time::Instant;

use reqwest::header::HeaderMap;

use crate::{Client, NetworkError, Page, Problem, Validators, tls};

/// Bytes that must come in each span of silence allowed; less is as good as none.
const TRICKLE: u64 = 256;

/// Content that is being received.
#[derive(Debug)]
pub struct Response<'a> {
    client: &'a Client,
    url: String,
    inner: reqwest::Response,
    /// Received and not read yet.
    pending: Vec<u8>,
    taken: usize,
    received: u64,
    limit: u64,
    window: (Instant, u64),
}

impl<'a> Response<'a> {
    pub(crate) fn new(
        client: &'a Client,
        url: String,
        inner: reqwest::Response,
        limit: u64,
    ) -> Result<Self, NetworkError> {
        if inner.content_length().is_some_and(|length| length > limit) {
            return Err(NetworkError { url, problem: Problem::TooLarge(limit) });
        }
        let window = (Instant::now(), 0);
        Ok(Self { client, url, inner, pending: Vec::new(), taken: 0, received: 0, limit, window })
    }

    /// The HTTP status: 200, 206 for a part, or 304.
    pub fn status(&self) -> u16 {
        self.inner.status().as_u16()
    }

    /// Bytes of content still to come, when the server says so.
    pub fn length(&self) -> Option<u64> {
        self.inner.content_length()
    }

    /// What to know this content by next time.
    pub fn validators(&self) -> Validators {
        Validators::of(self.inner.headers())
    }

    pub(crate) fn headers(&self) -> &HeaderMap {
        self.inner.headers()
    }

    /// The next bytes; `None` at the end.
    pub(crate) fn next(&mut self) -> Result<Option<Vec<u8>>, NetworkError> {
        let stall = self.client.settings.stall;
        let inner = &mut self.inner;
        let next = self.client.runtime.block_on(async { tokio::time::timeout(stall, inner.chunk()).await });
        let chunk = match next {
            Err(_) => return Err(self.failed(Problem::Stalled(stall.as_secs()))),
            Ok(Err(error)) => {
                let problem = tls::complaint(&error).map_or_else(|| self.cut(), Problem::Tls);
                return Err(self.failed(problem));
            }
            Ok(Ok(chunk)) => chunk,
        };
        let Some(chunk) = chunk else { return Ok(None) };
        self.received = self.received.saturating_add(u64::try_from(chunk.len()).unwrap_or(u64::MAX));
        if self.received > self.limit {
            return Err(self.failed(Problem::TooLarge(self.limit)));
        }
        let (since, bytes) = self.window;
        if since.elapsed() > stall {
            if self.received.saturating_sub(bytes) < TRICKLE {
                return Err(self.failed(Problem::Stalled(stall.as_secs())));
            }
            self.window = (Instant::now(), self.received);
        }
        Ok(Some(chunk.into()))
    }

    pub(crate) fn into_bytes(mut self) -> Result<Vec<u8>, NetworkError> {
        let mut bytes = Vec::new();
        while let Some(chunk) = self.next()? {
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes)
    }

    pub(crate) fn into_page(self) -> Result<Page, NetworkError> {
        if self.status() == 304 {
            return Ok(Page::Unchanged);
        }
        let validators = self.validators();
        Ok(Page::Content { bytes: self.into_bytes()?, validators })
    }

    fn cut(&self) -> Problem {
        Problem::Cut { received: self.received, expected: self.length_announced() }
    }

    /// The header's value; the body's own count goes down while it is read.
    fn length_announced(&self) -> Option<u64> {
        self.headers().get("content-length")?.to_str().ok()?.parse().ok()
    }

    pub(crate) fn failed(&self, problem: Problem) -> NetworkError {
        NetworkError { url: self.url.clone(), problem }
    }
}

impl Read for Response<'_> {
    /// An error's source is the [`NetworkError`].
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.taken >= self.pending.len() {
            match self.next().map_err(io::Error::other)? {
                None => return Ok(0),
                Some(chunk) => (self.pending, self.taken) = (chunk, 0),
            }
        }
        let length = self.pending.get(self.taken..).unwrap_or_default().read(buffer)?;
        self.taken = self.taken.saturating_add(length);
        Ok(length)
    }
}

/// A text of a stranger as one short line.
pub(crate) fn one_line(text: &str) -> String {
    const LONGEST: usize = 300;
    let printable = |letter: char| if letter.is_control() { ' ' } else { letter };
    let text: String = text.chars().map(printable).take(LONGEST).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
