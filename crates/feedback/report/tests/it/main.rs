//! Tests of every format through the public interface.

#![expect(clippy::unwrap_used, reason = "helpers of tests may fail the test")]

mod formats;
mod hostile;
mod markdown;
mod rules;
mod sample;
mod text;
