//! The line as `andon.yaml` describes it: a [`Plan`] of stages with steps, checks and gates, a schedule that runs it,
//! a cache of what steps made, a record of everything that happened, and statements for the ledger. How a command is
//! shut in, how an engine is started, how a gate decides and how a statement is signed is behind four traits
//! ([`Steps`], [`Checks`], [`Gates`], [`Evidence`]); the crate knows nothing of terminals and of keys.
//!
//! ```
//! use andon_pipeline::{Options, Plan, Workspace};
//! let text = "
//! version: 1
//! pipeline:
//!   stages:
//!     - stage: build
//!       steps:
//!         - { name: pack, run: tar -cf app.tar dist, inputs: [dist/**], outputs: [app.tar] }
//!         - { name: compile, run: make, outputs: [dist/] }
//! ";
//! let config = andon_config::Config::from_yaml("andon.yaml", text)?;
//! let system = andon_system::MemorySystem::new();
//! let workspace = Workspace::at("/project");
//! let plan = Plan::new(&config, text.as_bytes(), workspace, Options::default(), &["secrets"], &system)?;
//! let names: Vec<&str> = plan.steps.iter().map(|step| step.name.as_str()).collect();
//! assert_eq!(names, ["compile", "pack"]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod cache;
mod contracts;
mod event;
mod hash;
mod inputs;
mod options;
mod plan;
mod preview;
mod record;
mod results;
mod run;
mod runs;
mod service;
mod statements;
mod step;
#[cfg(test)]
mod testing;

pub use cache::{Difference, Why};
pub use contracts::{
    Attempt, Cancel, CheckEnded, Checks, Connection, DEFAULT_PATH, Ended, Ending, Evidence, Failure,
    GateEnded, Gates, LogDigest, Output, Sealed, Steps, Usage,
};
pub use event::{Entry, Event, Item, Observer, RunHead, Silent};
pub use options::{CacheUse, Options, Workspace};
pub use plan::{
    Plan, PlanError, PlannedCheck, PlannedGate, PlannedOutput, PlannedService, PlannedStage, PlannedStep,
};
pub use preview::{Preview, Would, preview, why};
pub use record::{
    AttemptRecord, CheckRecord, CoverageResult, GateRecord, Outcome, OutputFile, OutputKind, ReportFile,
    RunOutcome, RunRecord, StepRecord, TestResults,
};
pub use run::{CACHE_LIMIT, Line, run};
pub use runs::Runs;
pub use statements::{BUILD_TYPE, BUILDER, SET_DIGEST};
pub use step::{
    Bounds, Finish, Finished, Launch, Order, Reach, Running, SealedLaunch, Secret, StepRunner, Stop,
};
