//! The client against a server on this machine.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "tests may fail loudly and look at the disk"
)]

mod gateway {
    mod hostile;
    mod learning;
    mod plain;
    mod tunnels;
}
mod http {
    mod downloads;
    mod pages;
}
mod registry {
    mod lies;
    mod pulls;
    mod pushes;
    mod refusals;
}
mod support {
    pub(crate) mod gateway;
    pub(crate) mod images;
    pub(crate) mod oci;
    pub(crate) mod server;
}

use std::time::Duration;

use andon_network::{Client, Settings};
use andon_system::MemorySystem;

/// A client that loses no time, in an environment of its own.
fn client(variables: &[(&str, &str)]) -> Client {
    let system =
        variables.iter().fold(MemorySystem::new(), |system, (name, value)| system.variable(name, value));
    Client::new(&system, settings()).unwrap()
}

fn settings() -> Settings {
    Settings {
        connect: Duration::from_secs(5),
        stall: Duration::from_millis(400),
        attempts: 3,
        first_wait: Duration::from_millis(5),
        longest_wait: Duration::from_millis(20),
        longest_retry_after: Duration::from_secs(2),
        ..Settings::default()
    }
}
