use std::time::Duration;

use reqwest::header::{self, HeaderMap, HeaderValue};
use reqwest::{Method, Url};

use crate::client::challenge;
use crate::retry::{Backoff, retry_after};
use crate::{Client, NetworkError, Problem, Response, Secret, address};

/// A request of any method, with a body where the method has one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Exchange<'a> {
    pub(crate) method: &'a Method,
    pub(crate) url: &'a str,
    /// The media types wanted; empty for any.
    pub(crate) accept: &'a str,
    /// The media type of the body; empty when there is none.
    pub(crate) content_type: &'a str,
    pub(crate) authorization: Option<&'a Secret>,
    /// Only if what is there is still this (RFC 9110, section 13.1.1).
    pub(crate) if_match: Option<&'a str>,
    pub(crate) body: &'a [u8],
    /// The most bytes that the answer may have.
    pub(crate) limit: u64,
}

/// What a server answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// The address that answered, after redirects.
    pub(crate) url: Url,
    headers: HeaderMap,
    /// Nothing for `HEAD`.
    pub(crate) bytes: Vec<u8>,
}

impl Answer {
    /// A header's value, when it is text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The media type without its parameters, in lower case; empty when the server names none.
    pub(crate) fn media_type(&self) -> String {
        let value = self.header("content-type").unwrap_or_default();
        value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
    }
}

impl Client {
    /// Sends a request and reads the answer. What passes is tried again, so it must do no harm twice. A status that
    /// says something about the request itself (400, 405, 412, 413 …) is an answer, not an error.
    pub(crate) fn exchange(&self, exchange: &Exchange<'_>) -> Result<Answer, NetworkError> {
        let mut backoff = Backoff::new(&self.settings);
        loop {
            match self.exchange_once(exchange, &backoff) {
                Err(error) => self.wait_or(error, &mut backoff)?,
                answer => return answer,
            }
        }
    }

    fn exchange_once(&self, exchange: &Exchange<'_>, backoff: &Backoff<'_>) -> Result<Answer, NetworkError> {
        let url = address::parse(exchange.url)?;
        let failed = |problem| NetworkError { url: address::shown_url(&url), problem };
        let mut builder = self.request(exchange.method.clone(), url.clone(), headers(exchange, &url)?);
        if !exchange.content_type.is_empty() || *exchange.method == Method::POST {
            builder = builder.body(exchange.body.to_vec());
        }
        let answer = self.execute_within(builder, &url, self.patience(exchange.body.len()))?;
        let status = answer.status().as_u16();
        match Problem::of_status(status, retry_after(answer.headers())) {
            Some(Problem::Refused { status: 401, hint, .. }) => {
                let challenge = challenge(exchange.url, &answer);
                return Err(failed(Problem::Refused { status: 401, hint, challenge }));
            }
            Some(Problem::Status(400..=499)) | None => {}
            Some(problem) => return Err(failed(problem)),
        }
        let (final_url, headers) = (answer.url().clone(), answer.headers().clone());
        let bytes = match *exchange.method {
            Method::HEAD => Vec::new(),
            _ => Response::new(self, address::shown_url(&url), answer, exchange.limit)?
                .within(backoff)
                .into_bytes()?,
        };
        Ok(Answer { status, url: final_url, headers, bytes })
    }

    /// How long to wait for the answer to a request with a body: silence, and as long as its bytes may take.
    fn patience(&self, bytes: usize) -> Duration {
        let seconds = u64::try_from(bytes).unwrap_or(u64::MAX) / self.settings.slowest.max(1);
        let sending = Duration::from_secs(seconds).min(self.settings.longest);
        self.settings.connect.saturating_add(self.settings.stall).saturating_add(sending)
    }
}

fn headers(exchange: &Exchange<'_>, url: &Url) -> Result<HeaderMap, NetworkError> {
    let mut headers = HeaderMap::new();
    let mut add = |name, value: &str, secret: bool| {
        let mut value = HeaderValue::from_str(value).map_err(|_| NetworkError {
            url: address::shown_url(url),
            problem: Problem::Address(format!("the header {name} cannot be sent")),
        })?;
        value.set_sensitive(secret);
        headers.insert(name, value);
        Ok(())
    };
    add(header::ACCEPT_ENCODING, "identity", false)?;
    for (name, value) in [(header::ACCEPT, exchange.accept), (header::CONTENT_TYPE, exchange.content_type)] {
        if !value.is_empty() {
            add(name, value, false)?;
        }
    }
    if let Some(value) = exchange.if_match {
        add(header::IF_MATCH, value, false)?;
    }
    if let Some(secret) = exchange.authorization {
        add(header::AUTHORIZATION, Secret::reveal(secret), true)?;
    }
    Ok(headers)
}
