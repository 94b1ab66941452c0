//! The gateway of a sealed step: an HTTP proxy that lets one step reach what its allow-list names, and nothing else, and
//! keeps a record of every connection.
//!
//! It serves CONNECT and plain HTTP. Inside CONNECT it insists on TLS whose server name (SNI) is the host that was asked
//! for; names are resolved here, once, and addresses that are not public are refused unless they are listed. It does not
//! look into TLS: what an allowed server does with a request (a content network that serves other names too) it cannot
//! know. Everything is bounded: connections, heads, hellos, silence, records.
//!
//! ```no_run
//! use andon_network::gateway::{AllowList, Gateway, Limits, Rules, SystemResolver};
//! # fn example(listener: std::net::TcpListener) -> Result<(), Box<dyn std::error::Error>> {
//! let rules = Rules { allow: AllowList::parse(&["index.example.org:443"])?, learn: false };
//! let resolver = std::sync::Arc::new(SystemResolver);
//! let gateway = Gateway::start(&andon_system::OsSystem, listener, rules, Limits::default(), resolver)?;
//! // The step runs here, with HTTPS_PROXY naming the listener.
//! let traffic = gateway.stop();
//! # Ok(())
//! # }
//! ```

mod allow;
mod body;
mod connection;
pub mod head;
pub mod hello;
mod host;
mod join;
mod plain;
mod record;
mod resolve;
mod route;
mod stop;
mod tunnel;

use std::net::TcpListener;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use andon_system::System;
use tokio::sync::{Semaphore, oneshot};

pub use allow::{AllowError, AllowList, Protocol};
pub use host::{Host, Place};
pub use record::{Connection, Outcome, Traffic};
pub use resolve::{Resolve, SystemResolver};

use crate::proxy::Proxies;
use crate::{NetworkError, Problem};
use connection::Context;
use record::Log;

/// What a gateway lets through.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    /// What is allowed.
    pub allow: AllowList,
    /// Whether everything public is allowed as well, to learn from the records what has to be.
    pub learn: bool,
}

/// How patient a gateway is.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Connections at once; more have to wait.
    pub connections: usize,
    /// How long a request's head, and then the ClientHello, may take to come.
    pub head: Duration,
    /// How long resolving a name and connecting to an address may each take.
    pub connect: Duration,
    /// How long neither side may say anything.
    pub idle: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 128,
            head: Duration::from_secs(15),
            connect: Duration::from_secs(15),
            idle: Duration::from_secs(15 * 60),
        }
    }
}

/// A running gateway. Dropping it stops it as well.
#[derive(Debug)]
pub struct Gateway {
    log: Arc<Log>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Gateway {
    /// Serves the connections of a listener, on a thread of its own, until it is stopped. Where the environment of
    /// `system` names a proxy (`HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY`), connections go through that one.
    ///
    /// # Errors
    /// When the listener or a thread cannot be used, or the environment's proxy is none.
    pub fn start(
        system: &dyn System,
        listener: TcpListener,
        rules: Rules,
        limits: Limits,
        resolver: Arc<dyn Resolve>,
    ) -> Result<Self, NetworkError> {
        let failed = |error: std::io::Error| NetworkError {
            url: "the gateway of a step".to_owned(),
            problem: Problem::Settings(format!("it cannot be started: {error}")),
        };
        let log = Arc::new(Log::new(system.now()));
        let proxies = Proxies::of(system).matcher()?;
        let context = Context { rules, limits, resolver, proxies, log: Arc::clone(&log) };
        listener.set_nonblocking(true).map_err(failed)?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(failed)?;
        let listener = {
            let _inside = runtime.enter();
            tokio::net::TcpListener::from_std(listener).map_err(failed)?
        };
        let (stop, stopped) = oneshot::channel();
        let serving = move || {
            runtime.spawn(accept(Arc::new(context), listener));
            let _ = runtime.block_on(stopped);
            // Names that are still being resolved are not waited for.
            runtime.shutdown_background();
        };
        let thread = std::thread::Builder::new().name("gateway".to_owned()).spawn(serving).map_err(failed)?;
        Ok(Self { log, stop: Some(stop), thread: Some(thread) })
    }

    /// What was done so far; connections that are still open are not part of it.
    pub fn traffic(&self) -> Traffic {
        self.log.traffic()
    }

    /// Ends all connections and says what was done.
    pub fn stop(mut self) -> Traffic {
        self.end();
        self.log.traffic()
    }

    fn end(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        self.end();
    }
}

async fn accept(context: Arc<Context>, listener: tokio::net::TcpListener) {
    const MOMENT: Duration = Duration::from_millis(50);
    let places = Arc::new(Semaphore::new(context.limits.connections.max(1)));
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
        match listener.accept().await {
            Ok((client, _)) => {
                let context = Arc::clone(&context);
                tokio::spawn(async move {
                    let _ = client.set_nodelay(true);
                    connection::serve(context, client).await;
                    drop(place);
                });
            }
            // Out of descriptors, or the client went away already: neither is the end.
            Err(_) => tokio::time::sleep(MOMENT).await,
        }
    }
}
