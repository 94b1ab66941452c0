//! Running one step: a command with its services, its secrets, its log and its way to the network.

mod capture;
mod environment;
mod forms;
mod launch;
mod log;
mod mask;
mod network;
mod placeholders;
mod sealed;
mod secrets;
mod show;
mod supervise;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use andon_network::gateway::{Gateway, Limits, Resolve, SystemResolver, Traffic};
use andon_system::System;

pub use launch::{Finish, Finished, Launch, Order, Reach, Running, Secret, Stop};
pub use sealed::SealedLaunch;

use crate::service::{NOT_READY, Tags, wrap};
use crate::{Attempt, Ended, Ending, Failure, PlannedStep, Sealed, Steps, Usage};
use capture::{Capture, Captured};
use log::Log;
use mask::Masker;
use placeholders::Placeholders;
use supervise::Early;

/// Runs steps.
///
/// A step gets the environment that it declares and `PATH`, `LANG=C.UTF-8`, `CI=true`, `HOME` and `TMPDIR` (private
/// folders); where it has an allow-list also `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY`, in both cases; for each secret
/// `NAME_FILE`, the path of a file, and `ANDON_SECRETS`, the folder of those. Its standard input is empty.
pub struct StepRunner<'a> {
    launch: &'a dyn Launch,
    system: &'a dyn System,
    resolver: Arc<dyn Resolve>,
    bounds: Bounds,
}

/// How much a step may write, and how patiently it is ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Most bytes of a log; of longer output the beginning and the end are kept. Each service has a log of its own.
    pub log: u64,
    /// How long a step has after SIGTERM, before it and all its children get SIGKILL.
    pub grace: Duration,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { log: 64 << 20, grace: Duration::from_secs(10) }
    }
}

impl<'a> StepRunner<'a> {
    /// A runner that starts commands so, and takes secrets, the proxy and the time from `system`.
    pub fn new(launch: &'a dyn Launch, system: &'a dyn System) -> Self {
        Self { launch, system, resolver: Arc::new(SystemResolver), bounds: Bounds::default() }
    }

    /// With other bounds.
    #[must_use]
    pub fn bounds(mut self, bounds: Bounds) -> Self {
        self.bounds = bounds;
        self
    }

    /// With another way to resolve the names that steps want to reach.
    #[must_use]
    pub fn resolver(mut self, resolver: Arc<dyn Resolve>) -> Self {
        self.resolver = resolver;
        self
    }
}

impl Steps for StepRunner<'_> {
    fn run(&self, step: &PlannedStep, attempt: &Attempt<'_>) -> Result<Ended, Failure> {
        let secrets = secrets::fetch(self.system, &step.name, &step.secrets)?;
        let values: Vec<&[u8]> = secrets.iter().map(|secret| secret.value.as_slice()).collect();
        let masker = Masker::new(&values)
            .map_err(|error| Failure(format!("the secrets of the step `{}`: {error}", step.name)))?;
        let ended = self.run_masked(step, attempt, secrets, &masker);
        ended.map_err(|failure| Failure(masker.text(&failure.0)))
    }
}

impl StepRunner<'_> {
    fn run_masked(
        &self,
        step: &PlannedStep,
        attempt: &Attempt<'_>,
        secrets: Vec<Secret>,
        masker: &Masker,
    ) -> Result<Ended, Failure> {
        let tags = Tags::new(attempt.run, &step.name, &step.services);
        let log = Log::create(attempt.log, self.bounds.log)?;
        let services = self.service_logs(step, attempt.log)?;
        let way = network::way(step, attempt.learn)?;
        let order = order(step, attempt, secrets, way.reach, &tags);
        let placeholders = Placeholders::of(attempt.root, &step.outputs);
        let mut running = self.launch.launch(&order).inspect_err(|_| placeholders.remove(attempt.root))?;
        let gateway = match (running.listener(), way.rules) {
            (Some(listener), Some(rules)) => {
                let resolver = Arc::clone(&self.resolver);
                let gateway = Gateway::start(self.system, listener, rules, Limits::default(), resolver);
                Some(gateway.map_err(|error| Failure(error.to_string()))?)
            }
            (None, Some(_)) => return Err(Failure("the seal gives no way to the network".to_owned())),
            (_, None) => None,
        };
        let capture = Capture::new(log, services, &tags, masker, attempt.output);
        let patience = supervise::Patience { timeout: step.timeout, grace: self.bounds.grace };
        let (finished, early) = supervise::supervise(running.as_mut(), &capture, attempt.cancel, patience);
        placeholders.remove(attempt.root);
        let traffic = gateway.map(Gateway::stop).unwrap_or_default();
        let sealed = Sealed {
            level: running.level(),
            reason: Some(running.remarks().join("; ")).filter(|reason| !reason.is_empty()),
        };
        let ran = Ran { finished, early, captured: capture.finish(), traffic, sealed };
        ran.ended(step, masker)
    }

    fn service_logs(&self, step: &PlannedStep, log: &Path) -> Result<BTreeMap<String, Log>, Failure> {
        let mut logs = BTreeMap::new();
        for (number, service) in step.services.iter().enumerate() {
            let path = service_log(log, number, &service.name);
            logs.insert(service.name.clone(), Log::create(&path, self.bounds.log)?);
        }
        Ok(logs)
    }
}

/// The log of a service stands beside that of its step.
fn service_log(log: &Path, number: usize, name: &str) -> PathBuf {
    let plain = |letter: char| if letter.is_ascii_alphanumeric() || letter == '-' { letter } else { '_' };
    let name: String = name.chars().take(60).map(plain).collect();
    let mut path = log.to_owned().into_os_string();
    path.push(format!(".service-{number}-{name}"));
    PathBuf::from(path)
}

fn order(
    step: &PlannedStep,
    attempt: &Attempt<'_>,
    secrets: Vec<Secret>,
    reach: Reach,
    tags: &Tags,
) -> Order {
    let gateway = matches!(reach, Reach::Gateway(_));
    let names: Vec<&str> = secrets.iter().map(|secret| secret.name.as_str()).collect();
    let services: Vec<_> = step
        .services
        .iter()
        .map(|service| (service, environment::environment(&service.environment, gateway)))
        .collect();
    let outputs = step.outputs.iter().map(|output| (PathBuf::from(&output.path), output.folder));
    let scratch = step.scratch.iter().map(|folder| (PathBuf::from(folder), true));
    let (program, arguments) = wrap(&step.command, &names, &services, tags);
    Order {
        program,
        arguments,
        workspace: attempt.root.to_owned(),
        outputs: outputs.chain(scratch).collect(),
        reads: step.reads.clone(),
        environment: environment::environment(&step.environment, gateway),
        reach,
        secrets,
        least: step.seal,
    }
}

/// A command that has run.
struct Ran {
    finished: Finished,
    early: Option<Early>,
    captured: Captured,
    traffic: Traffic,
    sealed: Sealed,
}

impl Ran {
    fn ended(self, step: &PlannedStep, masker: &Masker) -> Result<Ended, Failure> {
        let mut notes = self.captured.notes;
        let ending = match (self.early, self.finished.ending) {
            (Some(Early::TimedOut), _) => Ending::TimedOut,
            (Some(Early::Cancelled), _) => Ending::Cancelled,
            (None, Finish::Exited(NOT_READY)) if self.captured.not_ready.is_some() => {
                let why = self.captured.not_ready.unwrap_or_default();
                return Err(Failure(format!("{why}; its log is beside that of the step `{}`", step.name)));
            }
            (None, Finish::Exited(code)) => Ending::Exited(code),
            (None, Finish::Killed(signal)) => Ending::Killed(signal),
            (None, Finish::OverLimit(words)) => {
                notes.push(words);
                Ending::OverLimit
            }
            (None, Finish::Failed(words)) => return Err(Failure(words)),
        };
        notes.extend(network::notes(&self.traffic));
        Ok(Ended {
            ending,
            seal: self.sealed,
            connections: network::connections(&self.traffic),
            log: self.captured.log,
            usage: Usage {
                cpu_ms: u64::try_from(self.finished.cpu.as_millis()).unwrap_or(u64::MAX),
                peak_bytes: self.finished.peak_memory,
            },
            notes: notes.iter().map(|note| masker.text(note)).collect(),
        })
    }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "the tests look at the disk and open sockets")]
mod tests;
