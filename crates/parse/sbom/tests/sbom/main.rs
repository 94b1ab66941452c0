//! Documents as a whole: what is written is read again, and what others write is read without loss.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic)]

mod others;
mod round_trip;
mod vex;
mod written;
