//! Tests of every format through the public interface.

#![expect(clippy::unwrap_used, reason = "helpers of tests may fail the test")]

mod bills;
mod components;
mod formats;
mod hostile;
mod markdown;
mod project;
mod rules;
mod sample;
mod text;
