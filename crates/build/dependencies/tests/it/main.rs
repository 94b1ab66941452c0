//! The engine, asked as a scan asks it.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod inventory;
mod joins;
mod judgement;
mod layers;
mod pinned;
mod target;
