mod part;

use std::io::Write;
use std::path::Path;

use crate::retry::Backoff;
use crate::{Client, NetworkError, Problem, Request, Response, Validators, address};
use part::Part;

pub(crate) use part::hex;

/// A file to fetch.
#[derive(Clone, Copy)]
pub struct Download<'a> {
    /// What to ask for; `from` is not looked at.
    pub request: Request<'a>,
    /// Where to put it. Until it is whole it lies beside, with `.part` at the end of its name, and is gone on with next
    /// time. Nobody else may write there at the same time.
    pub to: &'a Path,
    /// The most bytes it may have.
    pub limit: u64,
    /// The bytes it must have, when known.
    pub size: Option<u64>,
    /// The SHA-256 that it must have, in lower-case hexadecimal, when known.
    pub sha256: Option<&'a str>,
    /// Told the bytes that are there and, when known, the bytes in all.
    pub progress: Option<&'a dyn Fn(u64, Option<u64>)>,
}

/// What became of a download.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Downloaded {
    /// It is as known; nothing was written.
    Unchanged,
    /// The file is there, whole.
    Fetched(Fetched),
}

/// A file that was fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetched {
    /// Bytes of the file.
    pub bytes: u64,
    /// How many of them were there from an earlier attempt.
    pub resumed_from: u64,
    /// Its SHA-256 in lower-case hexadecimal.
    pub sha256: String,
    /// What to know it by next time.
    pub validators: Validators,
}

/// Bytes that must have come for an attempt to count as progress.
const PROGRESS: u64 = 64 << 10;

/// Attempts in all, whatever the progress.
const MOST_ATTEMPTS: u32 = 200;

impl Client {
    /// Fetches a file. A broken or stalled content is gone on with where it broke, if it is still the same content
    /// (RFC 9110, section 14), in this run or a later one; otherwise it starts again. The file appears under its name
    /// when it has the announced length and the digest that is wanted.
    ///
    /// # Errors
    /// When it cannot be had or kept, or is not what was expected; [`Problem`] says why. What came stays for the next
    /// attempt, unless it is wrong.
    pub fn download(&self, download: &Download<'_>) -> Result<Downloaded, NetworkError> {
        let url = address::shown(download.request.url);
        let failed = |problem| NetworkError { url: url.clone(), problem };
        let mut part = Part::open(download.to, download.request.url).map_err(failed)?;
        let resumed_from = if part.can_resume(download) { part.length() } else { 0 };
        let mut backoff = Backoff::new(&self.settings);
        let mut restarted = false;
        let mut pieced = part.length() > 0;
        for _ in 0..MOST_ATTEMPTS {
            let before = part.length();
            match self.attempt(download, &mut part, &backoff) {
                Ok(None) => return Ok(Downloaded::Unchanged),
                Ok(Some(validators)) => match part.finish(download).map_err(failed) {
                    // The pieces may be of different contents.
                    Err(NetworkError { problem: Problem::Integrity { .. }, .. }) if pieced && !restarted => {
                        restarted = true;
                    }
                    Err(error) => return Err(error),
                    Ok((bytes, sha256)) => {
                        let resumed_from = resumed_from.min(part.kept());
                        return Ok(Downloaded::Fetched(Fetched { bytes, resumed_from, sha256, validators }));
                    }
                },
                // The part is longer than the content is now.
                Err(NetworkError { problem: Problem::Status(416), .. }) if before > 0 => {
                    part.clear().map_err(failed)?;
                }
                Err(error) => {
                    pieced |= part.length() > 0;
                    if part.length().saturating_sub(before) >= PROGRESS {
                        backoff.reset();
                    }
                    self.wait_or(error, &mut backoff)?;
                }
            }
        }
        Err(failed(Problem::Cut { received: part.length(), expected: download.size }))
    }

    /// Fetches what is missing; `None` when the content is as known.
    fn attempt(
        &self,
        download: &Download<'_>,
        part: &mut Part,
        attempts: &Backoff<'_>,
    ) -> Result<Option<Validators>, NetworkError> {
        let failed = |problem| NetworkError { url: address::shown(download.request.url), problem };
        if !part.can_resume(download) {
            part.clear().map_err(failed)?;
        }
        let from = part.length();
        if from > 0 && download.sha256.is_some() && download.size == Some(from) {
            return Ok(Some(part.validators().clone()));
        }
        let known = part.validators().clone();
        let request = Request {
            from,
            known: if from > 0 { Some(&known) } else { download.request.known },
            ..download.request
        };
        let response = self.open_once(&request, download.limit)?.within(attempts);
        let begun = match response.status() {
            304 if from == 0 => return Ok(None),
            200 => Some(0),
            206 if from > 0 => continues_at(&response, from, &known),
            status => return Err(response.failed(Problem::Status(status))),
        };
        let Some(begun) = begun else {
            part.clear().map_err(failed)?;
            return Err(response.failed(Problem::Cut { received: 0, expected: None }));
        };
        if begun == 0 {
            part.begin(response.validators()).map_err(failed)?;
        }
        receive(download, part, response)?;
        Ok(Some(part.validators().clone()))
    }
}

/// Where a part of the content begins; `None` when it is a part of other content, or not the one asked for.
fn continues_at(response: &Response<'_>, from: u64, known: &Validators) -> Option<u64> {
    let range = response.headers().get("content-range")?.to_str().ok()?;
    let (start, _) = range.strip_prefix("bytes ")?.split_once('-')?;
    let start: u64 = start.parse().ok()?;
    let now = response.validators();
    let other = now.etag.is_some() && known.etag.is_some() && now.etag != known.etag;
    (start == from && !other).then_some(start)
}

fn receive(download: &Download<'_>, part: &mut Part, mut response: Response<'_>) -> Result<(), NetworkError> {
    let total = response.length().map(|rest| rest.saturating_add(part.length()));
    if total.is_some_and(|total| total > download.limit) {
        return Err(response.failed(Problem::TooLarge(download.limit)));
    }
    if let (Some(expected), Some(found)) = (download.size, total)
        && expected != found
    {
        part.clear().map_err(|problem| response.failed(problem))?;
        return Err(response.failed(integrity_of_size(expected, found)));
    }
    while let Some(chunk) = response.next()? {
        part.write_all(&chunk).map_err(|error| response.failed(part.write_problem(error)))?;
        if part.length() > download.limit {
            return Err(response.failed(Problem::TooLarge(download.limit)));
        }
        if let Some(progress) = download.progress {
            progress(part.length(), total);
        }
    }
    match total {
        Some(total) if total != part.length() => {
            Err(response.failed(Problem::Cut { received: part.length(), expected: Some(total) }))
        }
        _ => Ok(()),
    }
}

fn integrity_of_size(expected: u64, found: u64) -> Problem {
    Problem::Integrity { expected: format!("{expected} bytes"), found: format!("{found} bytes") }
}
