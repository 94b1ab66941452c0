use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use andon_attestation::Statement;

use crate::{CheckRecord, Outcome, StepRecord};

/// Something that a stage does: a place in the plan's steps or checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Node {
    Check(usize),
    Step(usize),
}

/// A node that may begin, with the digests of what the needed steps made, by their names.
#[derive(Debug)]
pub(super) struct Task {
    pub(super) node: Node,
    pub(super) made: BTreeMap<String, String>,
    /// The place, in the order of beginnings, of the first node that waits for it.
    pub(super) first_user: Option<usize>,
}

/// How something went, before that is recorded.
pub(super) enum Done {
    Step(Box<StepRecord>, Vec<Statement>),
    Check(Box<CheckRecord>),
}

impl Done {
    pub(super) fn outcome(&self) -> Outcome {
        match self {
            Self::Step(record, _) => record.outcome,
            Self::Check(record) => record.outcome,
        }
    }

    pub(super) fn name(&self) -> &str {
        match self {
            Self::Step(record, _) => &record.name,
            Self::Check(record) => &record.name,
        }
    }
}

/// What threads share while they work on one part of a stage. Whoever is free takes the first that is ready, so that
/// the order of beginnings is that of the plan.
pub(super) struct Work {
    state: Mutex<State>,
    news: Condvar,
    keep_going: bool,
}

#[derive(Default)]
struct State {
    /// Everything that these wait for is recorded; in the order in which they begin.
    ready: BTreeMap<usize, Task>,
    /// These are over and not recorded.
    over: VecDeque<(Node, Done)>,
    /// How many were taken and are not over.
    open: usize,
    /// What is over and may still let others begin, with the place of the first of them.
    unsettled: HashMap<Node, usize>,
    /// Why nothing else begins.
    halt: Option<String>,
    /// Nobody needs to wait any more.
    closed: bool,
}

impl Work {
    pub(super) fn new(keep_going: bool) -> Self {
        Self { state: Mutex::default(), news: Condvar::new(), keep_going }
    }

    /// Lets something begin; `order` says before what else.
    pub(super) fn release(&self, order: usize, task: Task) {
        self.state().ready.insert(order, task);
        self.news.notify_all();
    }

    /// Lets nothing else begin.
    pub(super) fn halt(&self, reason: &str) {
        self.state().halt.get_or_insert_with(|| reason.to_owned());
        self.news.notify_all();
    }

    /// Why nothing else begins.
    pub(super) fn halted(&self) -> Option<String> {
        self.state().halt.clone()
    }

    /// Sends everybody home who waits for something to begin.
    pub(super) fn close(&self) {
        self.state().closed = true;
        self.news.notify_all();
    }

    /// The next that may begin; waits for it. `None` when nothing will.
    pub(super) fn take(&self) -> Option<Task> {
        let mut state = self.state();
        loop {
            if state.closed {
                return None;
            }
            // Whoever is about to be let begin and comes first in the plan begins first.
            let first = state.unsettled.values().min().copied().unwrap_or(usize::MAX);
            let next = state.ready.first_key_value().map(|(order, _)| *order);
            if state.halt.is_none()
                && next.is_some_and(|next| next < first)
                && let Some((_, task)) = state.ready.pop_first()
            {
                state.open += 1;
                return Some(task);
            }
            state = self.news.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Hands in how something went. A failure halts at once, before anybody takes the next.
    pub(super) fn hand_in(&self, node: Node, first_user: Option<usize>, done: Done) {
        let mut state = self.state();
        if let Some(first) = first_user {
            state.unsettled.insert(node, first);
        }
        if !done.outcome().is_good() && !self.keep_going {
            let reason = format!("`{}` failed", done.name());
            state.halt.get_or_insert(reason);
        }
        state.open = state.open.saturating_sub(1);
        state.over.push_back((node, done));
        self.news.notify_all();
    }

    /// Says that everything was let begin that waited for a node only.
    pub(super) fn settle(&self, node: Node) {
        self.state().unsettled.remove(&node);
        self.news.notify_all();
    }

    /// Everything that is over; waits for something. Empty when nothing runs and nothing may begin.
    pub(super) fn collect(&self) -> Vec<(Node, Done)> {
        let mut state = self.state();
        loop {
            if !state.over.is_empty() {
                return state.over.drain(..).collect();
            }
            if state.open == 0 && (state.ready.is_empty() || state.halt.is_some()) {
                return Vec::new();
            }
            state = self.news.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
