use std::io::{self, Read};
use std::time::{Duration, Instant};

use reqwest::header::HeaderMap;

use crate::retry::Backoff;
use crate::{Client, NetworkError, Page, Problem, Settings, Validators, tls};

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
    /// How long it may still be waited for.
    left: Duration,
    span: Span,
}

/// What came since the rate was last looked at.
#[derive(Debug, Default)]
struct Span {
    waited: Duration,
    bytes: u64,
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
        let (left, span) = (client.settings.longest, Span::default());
        Ok(Self { client, url, inner, pending: Vec::new(), taken: 0, received: 0, limit, left, span })
    }

    /// No longer than what is left for all attempts together.
    pub(crate) fn within(mut self, attempts: &Backoff<'_>) -> Self {
        self.left = self.left.min(attempts.left());
        self
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
        let Some(chunk) = self.chunk()? else { return Ok(None) };
        let bytes = u64::try_from(chunk.len()).unwrap_or(u64::MAX);
        self.received = self.received.saturating_add(bytes);
        if self.received > self.limit {
            return Err(self.failed(Problem::TooLarge(self.limit)));
        }
        self.span.bytes = self.span.bytes.saturating_add(bytes);
        self.check_rate()?;
        Ok(Some(chunk))
    }

    /// Waits for what comes next, no longer than silence and the whole may last.
    fn chunk(&mut self) -> Result<Option<Vec<u8>>, NetworkError> {
        let Settings { stall, longest, .. } = self.client.settings;
        let (patience, begun) = (stall.min(self.left), Instant::now());
        let inner = &mut self.inner;
        let next =
            self.client.runtime.block_on(async { tokio::time::timeout(patience, inner.chunk()).await });
        let waited = begun.elapsed();
        self.left = self.left.saturating_sub(waited);
        self.span.waited = self.span.waited.saturating_add(waited);
        match next {
            Err(_) if self.left.is_zero() => Err(self.failed(Problem::Overdue(longest.as_secs()))),
            Err(_) => Err(self.failed(Problem::Stalled(stall.as_secs()))),
            Ok(Err(error)) => {
                let problem = tls::complaint(&error).map_or_else(|| self.cut(), Problem::Tls);
                Err(self.failed(problem))
            }
            Ok(Ok(chunk)) => Ok(chunk.map(Into::into)),
        }
    }

    /// Looks once in each span of silence allowed whether enough came in it: a server that sends a byte now and then
    /// would otherwise hold us for ever.
    fn check_rate(&mut self) -> Result<(), NetworkError> {
        let Settings { stall, slowest, .. } = self.client.settings;
        if self.span.waited < stall {
            return Ok(());
        }
        let Span { waited, bytes } = std::mem::take(&mut self.span);
        let least = waited.as_millis().saturating_mul(u128::from(slowest)) / 1000;
        if u128::from(bytes) < least {
            return Err(self.failed(Problem::Slow { bytes, seconds: waited.as_secs() }));
        }
        Ok(())
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
