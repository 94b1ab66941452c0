//! The gate: from what was found, what was covered and who approved, to a decision with its reasons.
//!
//! Thresholds of `andon.yaml` and Rego policies give the same kind of reasons. The same input, configuration and
//! policies give the same decision, byte for byte, so that a recorded decision can be replayed: time, change and
//! approvals are inputs, and policies can reach neither clock, network nor randomness. A policy that fails, panics or
//! does not finish stops the line. The crate reads no files: texts come in as (name, text) pairs. It knows nothing of
//! how findings are made or shown.
//!
//! ```
//! use andon_config::Config;
//! use andon_gate::{Input, PolicyLimits, PolicySet, evaluate};
//! let input = Input { now: "2026-11-22T12:00:00Z".to_owned(), ..Input::default() };
//! let decision = evaluate(&Config::built_in(), &input, &PolicySet::built_in(), &PolicyLimits::default());
//! assert_eq!(decision.verdict, andon_model::Verdict::Pass);
//! ```

mod approval;
mod evaluate;
mod input;
mod policy;
mod policy_test;
mod threshold;

pub use evaluate::{COMPLETENESS, evaluate, exit_code};
pub use input::{Approval, Change, Input};
pub use policy::{PolicyLimits, PolicySet};
pub use policy_test::{Outcome, TestReport, TestResult, run_tests};
