//! The only door to the network: files over HTTP and images from registries. Callers see blocking functions; what is
//! asynchronous stays inside. Everything is bounded (bytes, redirects, attempts, silence), passwords and tokens never
//! reach an error or a log, and every error says what to do next. It knows nothing of advisories or of layers.
//!
//! The functions block, so asynchronous code calls them on a thread that may block.
//!
//! ```no_run
//! use andon_network::{Client, Request, Settings};
//! let client = Client::new(&andon_system::OsSystem, Settings::default())?;
//! let page = client.fetch(&Request::new("https://mirror.example/ecosystems.txt"), 1 << 20)?;
//! # Ok::<(), andon_network::NetworkError>(())
//! ```

mod address;
mod client;
mod download;
mod error;
mod exchange;
pub mod gateway;
mod proxy;
pub mod registry;
mod request;
mod response;
mod retry;
mod tls;

pub use address::shown;
pub use client::{Client, Settings};
pub use download::{Download, Downloaded, Fetched};
pub use error::{NetworkError, Problem};
pub use request::{Page, Request, Secret, Validators};
pub use response::Response;
