//! Everything that a sealed command might try to get out, at each level, as root and as an ordinary user. Each attempt is
//! first made without the seal, where it must succeed, so that its failure inside means something.
//!
//! The binary is its own command: `attempt NAME` tries one thing and says whether it worked.
#![allow(
    unsafe_code,
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::undocumented_unsafe_blocks,
    missing_docs,
    reason = "the suite does what programs must not"
)]

#[cfg(target_os = "linux")]
mod allowed;
#[cfg(target_os = "linux")]
mod attempt;
#[cfg(target_os = "linux")]
mod endings;
#[cfg(target_os = "linux")]
mod files;
#[cfg(target_os = "linux")]
mod kernel;
#[cfg(target_os = "linux")]
mod network;
#[cfg(target_os = "linux")]
mod processes;
#[cfg(target_os = "linux")]
mod refusals;
#[cfg(target_os = "linux")]
mod run;
#[cfg(target_os = "linux")]
mod stage;

fn main() {
    andon_sandbox::seal::main_if_asked();
    #[cfg(target_os = "linux")]
    run::main();
}
