//! Tests of reading and writing SARIF through the public interface.

#![expect(clippy::unwrap_used, reason = "helpers of tests may fail the test")]
#![expect(clippy::needless_pass_by_value, reason = "tables of tests read better with values")]

mod advisories;
mod hostile;
mod read;
mod round_trip;
mod sample;
mod schema;
mod write;
