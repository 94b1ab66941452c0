//! Archives and images, made in memory and walked.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot make its input fails")]

mod archives;
mod hostile;
mod hostile_images;
mod images;
mod support;
mod tars;
mod zips;
