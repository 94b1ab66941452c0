//! What a clumsy user or an attacker may put before the program: each kind has its exit code, says what is wrong and
//! keeps what could be found.

mod configuration;
mod contents;
#[cfg(unix)]
mod git;
#[cfg(target_os = "linux")]
mod running;
#[cfg(unix)]
mod trees;
