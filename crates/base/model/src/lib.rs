//! The vocabulary that every part of Andon shares: findings, rules, coverage, decisions, and the contract between
//! the scan and its engines. Pure data: this crate reads no file, no clock and no environment, and knows nothing of
//! git, of rule formats or of how results are shown.
//!
//! ```
//! use andon_model::{Severity, Stage};
//! assert!(Severity::Critical > Severity::Low);
//! assert_eq!(Stage::Code.to_string(), "code");
//! ```

mod component;
mod coverage;
mod decision;
mod engine;
mod exception;
mod finding;
mod fingerprint;
mod identity;
mod location;
mod person;
mod report;
mod rule;
mod terms;

pub use component::{AdvisoryData, Component, ComponentKind, Inventory, Relation, Scope, Upgrade, Upstream};
pub use coverage::{Coverage, EngineCoverage, Gap, GapKind, RejectedRule, Sandboxing, Skip, SkipReason};
pub use decision::{Decision, PolicyOrigin, Reason, Verdict};
pub use engine::{
    BINARY, Base, Content, Diagnostic, Engine, EngineInfo, Examined, Form, Interest, Memory, Occurrence,
    Origin, Outcome, Piece, Snapshot, Unit, View,
};
pub use exception::{Exception, ExceptionIssue, ExceptionProblem};
pub use finding::{Evidence, Finding, Fix, FlowStep, Subject, Suppression, SuppressionKind};
pub use fingerprint::{Fingerprint, Fingerprints, context_similarity, line_context};
pub use identity::{Renames, State, match_baseline};
pub use location::{CommitRef, LayerRef, Location, Region};
pub use person::same_person;
pub use report::{ProtectedChange, ScanReport, Target, TargetKind, Tool};
pub use rule::{RuleDescription, RuleRef};
pub use terms::{Confidence, Severity, Stage};
