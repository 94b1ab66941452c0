//! Runs one command so that it reaches nothing but what it was given: no network, no other process, no file outside the
//! workspace and the system's programs, no environment but the declared one. It knows nothing of pipelines or caches.
//!
//! The binary that uses it calls [`main_if_asked`] first thing in `main`: [`spawn`] starts that binary once more, and the
//! second one, a process of one thread, builds the seal around itself before it starts the command.
//!
//! ```no_run
//! use andon_sandbox::seal::{self, Output, Seal};
//!
//! seal::main_if_asked();
//! let mut seal = Seal::new("/home/me/project");
//! seal.outputs.push(Output::folder("target"));
//! let mut sealed = seal::spawn(&seal, "make".as_ref(), &["all".into()])?;
//! let stopper = sealed.stopper(); // another thread may end it
//! let mut pipe = sealed.stdout.take(); // read this and stderr while it runs
//! let report = sealed.wait();
//! println!("{} at level {}", report.ending, sealed.level);
//! # Ok::<(), seal::SealError>(())
//! ```

mod error;
#[cfg(target_os = "linux")]
mod linux;
mod wanted;

#[cfg(not(target_os = "linux"))]
mod elsewhere;
#[cfg(not(target_os = "linux"))]
use elsewhere as linux;

pub use error::{Obstacle, SealError};
pub use linux::{Sealed, Stopper, main_if_asked, probe, spawn};
pub use wanted::{Ending, Level, Limits, Network, Output, Possibility, Probe, Report, Seal, SecretFile};

/// The environment variable that names the folder with the step's secrets, set where there are any.
pub const SECRETS_VARIABLE: &str = "ANDON_SECRETS";
