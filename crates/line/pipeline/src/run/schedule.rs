use std::collections::{BTreeMap, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::Ordering;

use super::waiting::Waiting;
use super::work::{Done, Node, Task, Work};
use super::{Shared, check, gate, step};
use crate::inputs::set_digest;
use crate::{Event, Outcome, PlannedStage, RunOutcome, StepRecord};

/// A run on its way through the stages.
pub(super) struct Schedule<'a> {
    shared: &'a Shared<'a>,
    /// How the steps went that are over, with the digest of what they made.
    steps: BTreeMap<usize, (Outcome, String)>,
    /// The first failure.
    failure: Option<Stop>,
}

/// Why the line does not go on.
pub(super) struct Stop {
    pub(super) reason: String,
    /// Whether a gate decided so.
    pub(super) decided: bool,
}

const CANCELLED: &str = "the run was cancelled";

impl<'a> Schedule<'a> {
    pub(super) fn new(shared: &'a Shared<'a>) -> Self {
        Self { shared, steps: BTreeMap::new(), failure: None }
    }

    /// Runs a stage: its steps and checks, what begins last in it, and its gate. After a failure only what runs
    /// always does.
    pub(super) fn stage(&mut self, stage: &PlannedStage) {
        let plan = self.shared.plan;
        let begins = self.stopped().is_none();
        if begins {
            self.shared.journal.tell(Event::StageStarted { stage: stage.stage });
        }
        let (last, first): (Vec<usize>, Vec<usize>) =
            stage.steps.iter().copied().partition(|place| self.is_last(*place));
        let ordinary = stage.checks.iter().map(|check| Node::Check(*check));
        let ordinary: Vec<Node> = ordinary.chain(first.into_iter().map(Node::Step)).collect();
        match self.stopped() {
            None => self.part(&ordinary, plan.options.keep_going),
            Some(reason) => self.leave_out(&ordinary, &reason),
        }
        self.last(&last);
        if let Some(planned) = &stage.gate
            && let Some(stop) = gate::decide(self.shared, planned, self.stopped())
        {
            self.failure.get_or_insert(stop);
        }
        if begins {
            let passed = self.stopped().is_none();
            self.shared.journal.tell(Event::StageEnded { stage: stage.stage, passed });
        }
    }

    /// How the run went.
    pub(super) fn outcome(self) -> (RunOutcome, Option<String>) {
        if self.is_cancelled() {
            return (RunOutcome::Cancelled, Some(CANCELLED.to_owned()));
        }
        match self.failure {
            Some(stop) if stop.decided => (RunOutcome::Stopped, Some(stop.reason)),
            Some(stop) => (RunOutcome::Failed, Some(stop.reason)),
            None => (RunOutcome::Succeeded, None),
        }
    }

    /// Why nothing ordinary begins any more.
    fn stopped(&self) -> Option<String> {
        if self.is_cancelled() {
            return Some(CANCELLED.to_owned());
        }
        self.failure.as_ref().map(|stop| stop.reason.clone())
    }

    fn is_cancelled(&self) -> bool {
        self.shared.line.interrupted.load(Ordering::Relaxed)
    }

    fn is_last(&self, place: usize) -> bool {
        self.shared.plan.steps.get(place).is_some_and(|step| step.always || step.after_failure)
    }

    /// Runs what begins when all others of the stage are over.
    fn last(&mut self, steps: &[usize]) {
        let nodes: Vec<Node> = steps.iter().copied().map(Node::Step).collect();
        if self.shared.cancel.is_set() {
            return self.leave_out(&nodes, &self.stopped().unwrap_or_default());
        }
        let failed = self.failure.is_some();
        let idle = |node: &Node| match node {
            Node::Step(place) => {
                !failed && self.shared.plan.steps.get(*place).is_some_and(|step| step.after_failure)
            }
            Node::Check(_) => false,
        };
        let (idle, run): (Vec<Node>, Vec<Node>) = nodes.into_iter().partition(idle);
        self.leave_out(&idle, "nothing failed before it");
        self.part(&run, true);
    }

    /// Runs nodes of a stage side by side, each when what it needs is recorded.
    fn part(&mut self, nodes: &[Node], keep_going: bool) {
        if nodes.is_empty() {
            return;
        }
        let shared = self.shared;
        let work = Work::new(keep_going);
        let mut waiting = Waiting::new(nodes, |node| needs(shared, node));
        let mut known: HashSet<Node> = HashSet::new();
        let free = waiting.free();
        self.begin(&work, &mut waiting, free, &mut known);
        std::thread::scope(|scope| {
            for _ in 0..shared.plan.options.jobs.get().min(nodes.len()) {
                scope.spawn(|| take_part(shared, &work));
            }
            loop {
                let over = work.collect();
                if over.is_empty() {
                    break;
                }
                let recorded = self.record(over);
                if self.shared.cancel.is_set() {
                    work.halt(&self.stopped().unwrap_or_default());
                }
                for node in recorded {
                    known.insert(node);
                    let free = waiting.over(node);
                    self.begin(&work, &mut waiting, free, &mut known);
                    work.settle(node);
                }
            }
            work.close();
        });
        let rest: Vec<Node> = nodes.iter().copied().filter(|node| !known.contains(node)).collect();
        let reason = self.stopped().filter(|_| self.shared.cancel.is_set()).or_else(|| work.halted());
        self.leave_out(&rest, &reason.unwrap_or_default());
    }

    /// Lets nodes begin that wait for nothing any more, or records why they do not.
    fn begin(&mut self, work: &Work, waiting: &mut Waiting, free: Vec<Node>, known: &mut HashSet<Node>) {
        let mut free: Vec<Node> = free;
        while let Some(node) = free.pop() {
            match self.obstacle(node) {
                Some(reason) => {
                    self.leave_out(&[node], &reason);
                    known.insert(node);
                    free.extend(waiting.over(node));
                }
                None => {
                    let first_user = waiting.first_user(node);
                    work.release(waiting.order(node), Task { node, made: self.made(node), first_user });
                }
            }
        }
    }

    /// Why a node does not run; `None` when it does.
    fn obstacle(&self, node: Node) -> Option<String> {
        let plan = self.shared.plan;
        let step = match node {
            Node::Step(place) => plan.steps.get(place),
            Node::Check(_) => None,
        };
        if let Some(reason) = step.and_then(|step| step.skip.clone()) {
            return Some(reason);
        }
        if step.is_some_and(|step| step.always || step.after_failure) {
            return None;
        }
        needs(self.shared, node).into_iter().find_map(|place| {
            let (outcome, _) = self.steps.get(&place)?;
            let name = &plan.steps.get(place)?.name;
            match outcome {
                Outcome::Succeeded | Outcome::Cached => None,
                Outcome::Failed => Some(format!("it needs `{name}`, which failed")),
                Outcome::Cancelled => Some(format!("it needs `{name}`, which was cancelled")),
                Outcome::Skipped => Some(format!("it needs `{name}`, which was skipped")),
            }
        })
    }

    /// What the needed steps made, as digests by name.
    fn made(&self, node: Node) -> BTreeMap<String, String> {
        let digest = |place: usize| {
            let (_, digest) = self.steps.get(&place)?;
            Some((self.shared.plan.steps.get(place)?.name.clone(), digest.clone()))
        };
        needs(self.shared, node).into_iter().filter_map(digest).collect()
    }

    /// Puts what is over into the ledger and the record. Returns what may be built upon: nothing when it cannot be
    /// recorded.
    fn record(&mut self, over: Vec<(Node, Done)>) -> Vec<Node> {
        let mut statements = Vec::new();
        let mut counts = Vec::with_capacity(over.len());
        for (_, done) in &over {
            let own = if let Done::Step(_, own) = done { own.as_slice() } else { &[] };
            counts.push(own.len());
            statements.extend_from_slice(own);
        }
        let appended = if statements.is_empty() {
            Ok(Vec::new())
        } else {
            self.shared.line.evidence.append(&statements)
        };
        let mut indices = appended.as_ref().map_or_else(|_| Vec::new(), Clone::clone).into_iter();
        let problem = appended.err().map(|error| format!("it could not be recorded in the ledger: {error}"));
        let mut nodes = Vec::with_capacity(over.len());
        for ((node, done), count) in over.into_iter().zip(counts) {
            nodes.push(node);
            match done {
                Done::Step(mut record, _) => {
                    record.evidence = indices.by_ref().take(count).collect();
                    if let (Some(problem), true) = (&problem, count > 0) {
                        record.outcome = Outcome::Failed;
                        record.reason = Some(problem.clone());
                    }
                    self.end_step(node, record);
                }
                Done::Check(record) => {
                    self.fails(record.outcome, &record.name, record.reason.as_deref());
                    self.shared.journal.tell(Event::CheckEnded { check: record });
                }
            }
        }
        if let Some(failure) = self.shared.journal.broken() {
            self.failure.get_or_insert(Stop { reason: failure.0, decided: false });
            self.shared.cancel.set();
        }
        if problem.is_some() {
            self.shared.cancel.set();
        }
        nodes
    }

    fn end_step(&mut self, node: Node, record: Box<StepRecord>) {
        if let Node::Step(place) = node {
            self.steps.insert(place, (record.outcome, set_digest(&record.outputs)));
        }
        self.fails(record.outcome, &record.name, record.reason.as_deref());
        self.shared.journal.tell(Event::StepEnded { step: record });
    }

    fn fails(&mut self, outcome: Outcome, name: &str, reason: Option<&str>) {
        if outcome == Outcome::Failed {
            let reason = reason.map_or_else(String::new, |reason| format!(": {reason}"));
            self.failure.get_or_insert(Stop { reason: format!("`{name}` failed{reason}"), decided: false });
        }
    }

    /// Records that nodes did not run.
    fn leave_out(&mut self, nodes: &[Node], reason: &str) {
        let outcome = if reason == CANCELLED { Outcome::Cancelled } else { Outcome::Skipped };
        let plan = self.shared.plan;
        for node in nodes {
            match node {
                Node::Step(place) => {
                    let Some(step) = plan.steps.get(*place) else { continue };
                    let own = step.skip.clone().filter(|_| outcome == Outcome::Skipped);
                    let reason = own.unwrap_or_else(|| reason.to_owned());
                    let record = StepRecord::without(&step.name, step.stage, outcome, reason);
                    self.end_step(*node, Box::new(record));
                }
                Node::Check(place) => {
                    let Some(planned) = plan.checks.get(*place) else { continue };
                    let record = check::without(planned, outcome, reason.to_owned());
                    self.shared.journal.tell(Event::CheckEnded { check: Box::new(record) });
                }
            }
        }
    }
}

/// The steps that a node needs.
fn needs(shared: &Shared<'_>, node: Node) -> Vec<usize> {
    match node {
        Node::Step(place) => {
            let step = shared.plan.steps.get(place);
            step.map_or_else(Vec::new, |step| step.needs.iter().map(|(other, _)| *other).collect())
        }
        Node::Check(place) => {
            shared.plan.checks.get(place).map_or_else(Vec::new, |check| check.needs.clone())
        }
    }
}

/// What a thread does: takes and does whatever is next.
fn take_part(shared: &Shared<'_>, work: &Work) {
    loop {
        if shared.cancel.is_set() {
            work.halt(CANCELLED);
        }
        let Some(task) = work.take() else { return };
        // A mistake of ours in one step is no reason to leave the others without a record.
        let done = catch_unwind(AssertUnwindSafe(|| match task.node {
            Node::Step(place) => step::execute(shared, place, &task.made),
            Node::Check(place) => check::execute(shared, place),
        }));
        let done = done.ok().flatten().unwrap_or_else(|| broken(shared, task.node));
        work.hand_in(task.node, task.first_user, done);
    }
}

fn broken(shared: &Shared<'_>, node: Node) -> Done {
    let reason = || "an internal error; please report it".to_owned();
    let (name, stage) = match node {
        Node::Step(place) => shared.plan.steps.get(place).map(|step| (step.name.clone(), step.stage)),
        Node::Check(place) => {
            if let Some(planned) = shared.plan.checks.get(place) {
                return Done::Check(Box::new(check::without(planned, Outcome::Failed, reason())));
            }
            None
        }
    }
    .unwrap_or((String::new(), andon_model::Stage::Plan));
    Done::Step(Box::new(StepRecord::without(&name, stage, Outcome::Failed, reason())), Vec::new())
}
