use std::time::Duration;

use andon_system::System;
use reqwest::header::{self, HeaderMap, HeaderValue};
use reqwest::redirect::{Attempt, Policy};
use reqwest::{Method, StatusCode, Url};
use tokio::runtime::Runtime;

use crate::proxy::Proxies;
use crate::retry::{Backoff, retry_after};
use crate::{NetworkError, Page, Problem, Request, Response, Secret, Validators, address, response, tls};

/// How patient a client is.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How long a connection may take to come about.
    pub connect: Duration,
    /// How long there may be silence before a server is given up.
    pub stall: Duration,
    /// The fewest bytes a second that content must come with, on average over each span as long as `stall`. Only the
    /// time counts that is spent waiting for the server.
    pub slowest: u64,
    /// The longest that a whole transfer may take, with all its attempts and the waits between them; of one that the
    /// caller reads itself, the longest that it may be waited for.
    pub longest: Duration,
    /// Attempts in all, while none of them gets any further.
    pub attempts: u32,
    /// The wait after the first failure; it doubles from there.
    pub first_wait: Duration,
    /// The longest wait between two attempts, unless the server asks for more.
    pub longest_wait: Duration,
    /// The longest wait that a server may ask for; beyond it the client gives up rather than come too early.
    pub longest_retry_after: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(15),
            stall: Duration::from_secs(30),
            slowest: 4 << 10,
            longest: Duration::from_secs(4 * 60 * 60),
            attempts: 5,
            first_wait: Duration::from_millis(500),
            longest_wait: Duration::from_secs(30),
            longest_retry_after: Duration::from_secs(120),
        }
    }
}

/// A client for HTTP. It is made once and shared by all threads.
#[derive(Debug)]
pub struct Client {
    http: reqwest::Client,
    pub(crate) runtime: Runtime,
    pub(crate) settings: Settings,
    proxies: Proxies,
}

impl Client {
    /// A client with the proxies and certificates that the environment of `system` names.
    ///
    /// # Errors
    /// When a proxy's address or a file of certificates cannot be used.
    pub fn new(system: &dyn System, settings: Settings) -> Result<Self, NetworkError> {
        tls::install_provider();
        let proxies = Proxies::of(system);
        let mut builder = reqwest::Client::builder()
            .user_agent(concat!("andon/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(settings.connect)
            .redirect(Policy::custom(follow))
            .referer(false)
            .no_proxy()
            .tls_certs_merge(tls::extra_roots(system)?);
        for rule in proxies.rules()? {
            builder = builder.proxy(rule);
        }
        let failed = |detail: String| NetworkError {
            url: "anything".to_owned(),
            problem: Problem::Settings(format!("{detail}; is a set of CA certificates installed?")),
        };
        let http = builder.build().map_err(|error| failed(chain(&error.without_url())))?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| failed(error.to_string()))?;
        Ok(Self { http, runtime, settings, proxies })
    }

    /// Asks for something and gives its content to read, at most `limit` bytes. What passes (a broken connection, 429,
    /// 5xx) is tried again until the content begins; what happens later is the reader's to see.
    ///
    /// # Errors
    /// When there is no content; [`Problem`] says why.
    pub fn open(&self, request: &Request<'_>, limit: u64) -> Result<Response<'_>, NetworkError> {
        let mut backoff = Backoff::new(&self.settings);
        loop {
            match self.open_once(request, limit) {
                Err(error) => self.wait_or(error, &mut backoff)?,
                opened => return opened,
            }
        }
    }

    /// Asks for something and reads it into memory. What passes is tried again, a broken content too.
    ///
    /// # Errors
    /// When it cannot be had, or has more than `limit` bytes; [`Problem`] says why.
    pub fn fetch(&self, request: &Request<'_>, limit: u64) -> Result<Page, NetworkError> {
        let mut backoff = Backoff::new(&self.settings);
        loop {
            match self.open_once(request, limit).and_then(|response| response.within(&backoff).into_page()) {
                Err(error) => self.wait_or(error, &mut backoff)?,
                page => return page,
            }
        }
    }

    /// One attempt. Every status that is no success is an error.
    pub(crate) fn open_once(&self, request: &Request<'_>, limit: u64) -> Result<Response<'_>, NetworkError> {
        let answer = self.send(request)?;
        let problem = Problem::of_status(answer.status().as_u16(), retry_after(answer.headers()));
        match problem {
            Some(Problem::Refused { status: 401, hint, .. }) => {
                let problem =
                    Problem::Refused { status: 401, hint, challenge: challenge(request.url, &answer) };
                Err(NetworkError { url: address::shown(request.url), problem })
            }
            Some(problem) => Err(NetworkError { url: address::shown(request.url), problem }),
            None => Response::new(self, address::shown(request.url), answer, limit),
        }
    }

    /// One attempt, whatever the status.
    pub(crate) fn send(&self, request: &Request<'_>) -> Result<reqwest::Response, NetworkError> {
        let url = address::parse(request.url)?;
        let builder = self.http.get(url.clone()).headers(headers(request, &url)?);
        self.execute(builder, &url)
    }

    /// Sends a form (RFC 6749, appendix B), once.
    pub(crate) fn post_form(
        &self,
        url: &str,
        fields: &[(&str, &str)],
        limit: u64,
    ) -> Result<(StatusCode, Vec<u8>), NetworkError> {
        let url = address::parse(url)?;
        let mut form = url.clone();
        form.query_pairs_mut().clear().extend_pairs(fields);
        let body = form.query().unwrap_or_default().to_owned();
        let builder = self.http.post(url.clone()).body(body);
        let builder = builder.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let answer = self.execute(builder, &url)?;
        let status = answer.status();
        let content = Response::new(self, address::shown_url(&url), answer, limit)?;
        Ok((status, content.into_bytes()?))
    }

    /// A request that is still to be given a body and sent.
    pub(crate) fn request(&self, method: Method, url: Url, headers: HeaderMap) -> reqwest::RequestBuilder {
        self.http.request(method, url).headers(headers)
    }

    fn execute(
        &self,
        builder: reqwest::RequestBuilder,
        url: &Url,
    ) -> Result<reqwest::Response, NetworkError> {
        self.execute_within(builder, url, self.settings.connect.saturating_add(self.settings.stall))
    }

    pub(crate) fn execute_within(
        &self,
        builder: reqwest::RequestBuilder,
        url: &Url,
        patience: Duration,
    ) -> Result<reqwest::Response, NetworkError> {
        let failed = |problem| NetworkError { url: address::shown_url(url), problem };
        let sent = self.runtime.block_on(async { tokio::time::timeout(patience, builder.send()).await });
        match sent {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) => Err(failed(self.problem(error, url))),
            Err(_) => Err(failed(Problem::Stalled(patience.as_secs()))),
        }
    }

    /// Waits before another attempt, or gives the error back when there is to be none.
    pub(crate) fn wait_or(&self, error: NetworkError, backoff: &mut Backoff<'_>) -> Result<(), NetworkError> {
        if !error.problem.is_passing() {
            return Err(error);
        }
        let asked = if let Problem::TooMany { seconds } = &error.problem { *seconds } else { None };
        let Some(wait) = backoff.next(asked) else { return Err(error) };
        if wait >= backoff.left() {
            return Err(NetworkError { problem: Problem::Overdue(self.settings.longest.as_secs()), ..error });
        }
        std::thread::sleep(wait);
        Ok(())
    }

    fn problem(&self, error: reqwest::Error, url: &Url) -> Problem {
        let error = error.without_url();
        let proxy = self.proxies.describe(url);
        let detail = chain(&error);
        if error.is_redirect() {
            return Problem::Redirect(detail);
        }
        if error.is_dns() {
            return Problem::Dns { proxy };
        }
        if let Some(complaint) = tls::complaint(&error) {
            return Problem::Tls(complaint);
        }
        if detail.contains("proxy authorization required") {
            return Problem::of_status(407, None).unwrap_or(Problem::Status(407));
        }
        Problem::Connect { detail, proxy }
    }
}

/// What a server asks for; nothing when it is not the one that `url` names.
pub(crate) fn challenge(url: &str, answer: &reqwest::Response) -> Option<String> {
    let asked = address::parse(url).ok()?;
    let values = answer.headers().get_all(header::WWW_AUTHENTICATE).iter();
    let text: Vec<&str> = values.filter_map(|value| value.to_str().ok()).collect();
    (asked.origin() == answer.url().origin() && !text.is_empty()).then(|| text.join(", "))
}

/// At most ten redirects, and never from a secure address to one that is not.
fn follow(attempt: Attempt<'_>) -> reqwest::redirect::Action {
    const LONGEST: usize = 10;
    let from_secure = attempt.previous().last().is_some_and(|url| url.scheme() == "https");
    if attempt.previous().len() > LONGEST {
        attempt.error(format!("more than {LONGEST} redirects; check the address"))
    } else if from_secure && attempt.url().scheme() != "https" {
        let to = address::shown_url(attempt.url());
        attempt.error(format!("it redirects to {to}, which is not secure; that is not followed"))
    } else {
        attempt.follow()
    }
}

fn headers(request: &Request<'_>, url: &Url) -> Result<HeaderMap, NetworkError> {
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
    // A byte range of something compressed on the way would be a range of the compressed bytes.
    add(header::ACCEPT_ENCODING, "identity", false)?;
    if !request.accept.is_empty() {
        add(header::ACCEPT, request.accept, false)?;
    }
    if let Some(secret) = request.authorization {
        add(header::AUTHORIZATION, Secret::reveal(secret), true)?;
    }
    if request.from > 0 {
        add(header::RANGE, &format!("bytes={}-", request.from), false)?;
        if let Some(validator) = request.known.and_then(Validators::strong) {
            add(header::IF_RANGE, validator, false)?;
        }
    } else if let Some(known) = request.known {
        for (name, value) in
            [(header::IF_NONE_MATCH, &known.etag), (header::IF_MODIFIED_SINCE, &known.last_modified)]
        {
            if let Some(value) = value {
                add(name, value, false)?;
            }
        }
    }
    Ok(headers)
}

/// The last and most telling of an error's causes, after the first.
pub(crate) fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut last = error;
    while let Some(source) = last.source() {
        last = source;
    }
    response::one_line(&last.to_string())
}
