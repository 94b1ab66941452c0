//! Tests of reading and writing through the public interface.

#![expect(clippy::unwrap_used, reason = "helpers of tests may fail the test")]
#![expect(clippy::needless_pass_by_value, reason = "tables of tests read better with values")]

mod advisories;
mod coverage;
mod hostile;
mod read;
mod round_trip;
mod sample;
mod schema;
mod tests;
mod write;
