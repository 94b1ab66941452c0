//! The gate: from what was found, what was covered and who approved, to a decision with its reasons.
//!
//! A gate with `evidence` believes signed statements only: [`evidence::collect`] sorts those that count from those that do
//! not, and says why. [`DecisionRecord`] keeps all that was decided from, so that the decision can be made again.
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
mod canonical;
mod evaluate;
pub mod evidence;
mod input;
mod policy;
mod policy_test;
mod record;
mod statements;
mod threshold;
mod trust;

pub use canonical::sha256;
pub use evaluate::{COMPLETENESS, EVIDENCE, evaluate, exit_code};
pub use evidence::Evidence;
pub use input::{Approval, Change, Input, Unsigned};
pub use policy::{PolicyLimits, PolicySet};
pub use policy_test::{Outcome, TestReport, TestResult, run_tests};
pub use record::{DecisionRecord, Program, Replay, ReplayError, Text};
pub use statements::statements;
pub use trust::{AcceptedKey, ReadFile, Trust, TrustError};
