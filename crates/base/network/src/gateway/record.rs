use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::allow::{AllowList, Protocol};
use super::host::Place;

/// Most connections that are kept; those after it are only counted.
const MOST: usize = 10_000;

/// What a step did over its gateway.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Traffic {
    /// Its connections, in the order in which they ended.
    pub connections: Vec<Connection>,
    /// How many more there were than are kept.
    pub dropped: u64,
}

/// One connection of a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connection {
    /// When it began.
    pub at: Timestamp,
    /// Milliseconds until it ended.
    pub duration: u64,
    /// What was spoken, as far as it came to that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub protocol: Option<Protocol>,
    /// Host that was asked for; empty when no request could be read.
    pub host: String,
    /// Port that was asked for; 0 when no request could be read.
    pub port: u16,
    /// The server's name in the TLS ClientHello.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server_name: Option<String>,
    /// The address that was connected to; that of the next proxy where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<IpAddr>,
    /// Whether it went through the proxy that Andon's own environment names.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub through_proxy: bool,
    /// What came of it.
    pub outcome: Outcome,
    /// Bytes from the step, of what was passed on.
    pub sent: u64,
    /// Bytes to the step, of what was passed on.
    pub received: u64,
}

/// What came of a connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind", content = "reason")]
pub enum Outcome {
    /// It was let through.
    Allowed,
    /// It was not let through; why.
    Refused(String),
    /// It would have been let through; why nothing came of it.
    Failed(String),
}

impl Traffic {
    /// The list that allows what was let through, and no more. Names stay names: nothing is widened to `*`.
    pub fn allow_list(&self) -> AllowList {
        let mut list = AllowList::default();
        for connection in &self.connections {
            let place = match &connection.outcome {
                Outcome::Allowed => Place::parse(&format!("{}:{}", connection.host, connection.port), None),
                _ => None,
            };
            if let (Some(protocol), Some(place)) = (connection.protocol, place) {
                list.add(protocol, place);
            }
        }
        list
    }
}

/// What all connections write into.
#[derive(Debug)]
pub(super) struct Log {
    began: (Timestamp, Instant),
    traffic: Mutex<Traffic>,
}

impl Log {
    pub(super) fn new(now: Timestamp) -> Self {
        Self { began: (now, Instant::now()), traffic: Mutex::default() }
    }

    pub(super) fn traffic(&self) -> Traffic {
        self.traffic.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The record of a connection that begins now. It is written when it is dropped, however that comes.
    pub(super) fn begin(self: &Arc<Self>) -> Record {
        let elapsed = SignedDuration::try_from(self.began.1.elapsed()).unwrap_or_default();
        let connection = Connection {
            at: self.began.0.checked_add(elapsed).unwrap_or(self.began.0),
            duration: 0,
            protocol: None,
            host: String::new(),
            port: 0,
            server_name: None,
            address: None,
            through_proxy: false,
            outcome: Outcome::Failed("the gateway was stopped".to_owned()),
            sent: 0,
            received: 0,
        };
        Record { log: Arc::clone(self), began: Instant::now(), connection }
    }
}

/// The record of a connection that is still open.
#[derive(Debug)]
pub(super) struct Record {
    log: Arc<Log>,
    began: Instant,
    pub(super) connection: Connection,
}

impl Record {
    pub(super) fn place(&mut self, place: &Place) {
        self.connection.host = place.host.to_string();
        self.connection.port = place.port;
    }

    /// So that what was passed on counts even when the connection is never closed in order.
    pub(super) fn allowed(&mut self, protocol: Protocol) {
        self.connection.protocol = Some(protocol);
        self.connection.outcome = Outcome::Allowed;
    }
}

impl Drop for Record {
    fn drop(&mut self) {
        self.connection.duration = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX);
        let mut traffic = self.log.traffic.lock().unwrap_or_else(PoisonError::into_inner);
        if traffic.connections.len() < MOST {
            traffic.connections.push(self.connection.clone());
        } else {
            traffic.dropped = traffic.dropped.saturating_add(1);
        }
    }
}
