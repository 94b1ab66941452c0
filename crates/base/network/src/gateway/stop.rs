use super::allow::{Protocol, scheme};
use super::host::Place;
use super::record::Outcome;

/// Why a connection ends before anything was passed on.
#[derive(Debug)]
pub(super) struct Stop {
    /// Status of the answer; nothing once the client was told that it is connected.
    pub(super) status: Option<u16>,
    pub(super) outcome: Outcome,
}

impl Stop {
    pub(super) fn refused(status: u16, reason: impl Into<String>) -> Self {
        Self { status: Some(status), outcome: Outcome::Refused(reason.into()) }
    }

    pub(super) fn failed(status: u16, reason: impl Into<String>) -> Self {
        Self { status: Some(status), outcome: Outcome::Failed(reason.into()) }
    }

    /// The client thinks that it is connected already.
    pub(super) fn late(mut self) -> Self {
        self.status = None;
        self
    }

    pub(super) fn not_listed(protocol: Protocol, place: &Place) -> Self {
        let scheme = scheme(protocol);
        Self::refused(
            403,
            format!(
                "{scheme}{place} is not on the allow-list of this step; if it belongs there, add \
                 \"{scheme}{place}\" under `network:` in andon.yaml"
            ),
        )
    }

    pub(super) fn unchecked(place: &Place, what: &str) -> Self {
        Self::refused(
            403,
            format!(
                "{what} to {place}, so nobody can tell where it goes; if that is meant, add \"tcp://{place}\" under \
                 `network:` in andon.yaml"
            ),
        )
    }

    pub(super) fn reason(&self) -> &str {
        match &self.outcome {
            Outcome::Allowed => "",
            Outcome::Refused(reason) | Outcome::Failed(reason) => reason,
        }
    }

    /// What a client is told.
    pub(super) fn answer(&self) -> Option<String> {
        let status = self.status?;
        let phrase = match status {
            400 => "Bad Request",
            403 => "Forbidden",
            408 => "Request Timeout",
            431 => "Request Header Fields Too Large",
            501 => "Not Implemented",
            504 => "Gateway Timeout",
            505 => "HTTP Version Not Supported",
            _ => "Bad Gateway",
        };
        let body = format!("andon: {}\n", self.reason());
        Some(format!(
            "HTTP/1.1 {status} {phrase}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {}\r\n\
             Connection: close\r\n\r\n{body}",
            body.len()
        ))
    }
}
