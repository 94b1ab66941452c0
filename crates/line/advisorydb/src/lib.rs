//! Fetches OSV's dumps, CISA's catalogue of known exploited vulnerabilities (KEV) and FIRST's exploit prediction scores
//! (EPSS), and keeps the one advisory index of this machine. A crash at any point leaves the last good index; readers
//! never wait for an update.
//!
//! It knows how dumps are laid out and kept, not what an advisory says: that is `andon-advisories`.
//!
//! ```no_run
//! use andon_advisorydb::{Options, open, update};
//! let system = andon_system::OsSystem;
//! let updated = update(&system, &Options::default())?;
//! if !updated.complete() {
//!     for problem in updated.problems() {
//!         eprintln!("{problem}");
//!     }
//! }
//! let database = open(&system)?.expect("it was just made");
//! println!("{} advisories", database.metadata().advisories);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod archive;
mod assemble;
mod changes;
mod ecosystem;
mod error;
mod feed;
pub mod modified;
mod outcome;
mod source;
mod sources;
mod status;
mod store;
mod update;

pub use error::{OpenError, UpdateError};
pub use outcome::{Ecosystem, Feed, How, Updated};
pub use sources::DEFAULT_ECOSYSTEMS;
pub use status::{Opened, Status, Summary, open, status};
pub use update::{Options, Progress, update};
