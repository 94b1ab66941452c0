use std::collections::BTreeSet;
use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::Found;
use super::cells::Shape;
use super::environment::{Environment, Spot};
use super::findings::Report;
use super::hits::{Best, Hits, Index};
use super::labels::Labels;
use super::spec::Spec;
use super::taints::Taints;
use crate::flow::{Base, Function, Graph, Origin, Place, PointKind, Program, Variable};
use crate::matching::{Bindings, Source};

/// Steps that one function may take under one rule.
const STEPS: u64 = 3_000_000;

/// What is known after a function was analysed.
#[derive(Clone, Debug, Default)]
pub struct Analysed {
    /// What is known where it ends.
    pub exit: Environment,
    /// The taints of what it returns.
    pub returned: Taints,
}

/// One rule on one file.
pub(super) struct Analysis<'a> {
    pub(super) source: &'a Source<'a>,
    pub(super) program: &'a Program,
    pub(super) spec: &'a Spec<'a>,
    index: &'a Index,
    pub(super) labels: Labels<'a>,
    /// For each source the first that is the same.
    canonical: Vec<u32>,
    /// What is known where the analysis is now.
    pub(super) environment: Environment,
    /// What the specification says of the function's places.
    hits: FxHashMap<Origin, Option<Rc<Hits>>>,
    best: Best,
    steps: u64,
    returned: Taints,
    pub(super) report: Report,
    /// Whether findings are reported, which is once the function is known.
    pub(super) is_reporting: bool,
}

impl<'a> Analysis<'a> {
    pub(super) fn new(
        source: &'a Source<'a>,
        program: &'a Program,
        spec: &'a Spec<'a>,
        index: &'a Index,
    ) -> Self {
        let mut labels = Labels::default();
        for rule in &spec.rule.sources {
            labels.number(&rule.label);
        }
        Self {
            source,
            program,
            spec,
            index,
            labels,
            canonical: canonical(spec),
            environment: Environment::default(),
            hits: FxHashMap::default(),
            best: Best::default(),
            steps: 0,
            returned: Taints::default(),
            report: Report::default(),
            is_reporting: false,
        }
    }

    /// What is known of the variables that are set once, outside functions.
    pub(super) fn constants(&mut self) -> Environment {
        let mut known = Environment::default();
        for constant in &self.program.constants {
            self.start(&[]);
            let origin = constant.origin;
            let sources = self.all_sources(origin);
            let mut taints = self.taints_of(&sources, &Taints::default());
            let end = self.run(&constant.graph, &known);
            if let Some(cell) = end.exit.cell(constant.variable) {
                taints = taints.union(&cell.state.taints());
            }
            known.add(&Spot::of(constant.variable, origin), &taints, &Shape::default());
        }
        known
    }

    /// Analyses a function from what is known where it begins.
    pub(super) fn function(&mut self, function: &Function, starts: Environment) -> Analysed {
        self.start(&function.origins);
        let mut entry = starts;
        for parameter in &function.parameters {
            let sources = self.all_sources(parameter.origin);
            let mut taints = self.taints_of(&sources, &Taints::default());
            if let Some(default) = &parameter.default {
                let end = self.run(default, &entry);
                if let Some(cell) = end.exit.cell(parameter.variable) {
                    taints = taints.union(&cell.state.taints());
                }
            }
            if self.is_safe_node(parameter.node) {
                taints = Taints::default();
            }
            entry.add(&Spot::of(parameter.variable, parameter.origin), &taints, &Shape::default());
        }
        let analysed = self.run(&function.graph, &entry);
        if self.steps >= STEPS || analysed.exit.is_full {
            self.report.give_up(function.origin);
        }
        analysed
    }

    pub(super) fn finish(self) -> Found {
        self.report.finish(self.spec)
    }

    fn start(&mut self, origins: &[Origin]) {
        self.steps = 0;
        self.hits.clear();
        self.best = self.index.best(self.spec, origins);
        self.environment = Environment::default();
    }

    /// Follows a graph until nothing new is learned, and then reports what it finds.
    fn run(&mut self, graph: &Graph, entry: &Environment) -> Analysed {
        self.returned = Taints::default();
        let blocks = Blocks::new(graph, self.program);
        let mut ends: Vec<Option<Environment>> = vec![None; blocks.list.len()];
        let mut waiting: BTreeSet<usize> = (0..blocks.list.len()).collect();
        self.is_reporting = false;
        while let Some(at) = waiting.pop_first() {
            if self.steps >= STEPS {
                break;
            }
            let end = self.block(graph, &blocks, at, &ends, entry);
            if ends.get(at).and_then(Option::as_ref) == Some(&end) {
                continue;
            }
            if let Some(slot) = ends.get_mut(at) {
                *slot = Some(end);
            }
            waiting.extend(blocks.after(graph, at));
        }
        self.is_reporting = true;
        for at in 0..blocks.list.len() {
            let end = self.block(graph, &blocks, at, &ends, entry);
            if let Some(slot) = ends.get_mut(at) {
                *slot = Some(end);
            }
        }
        self.is_reporting = false;
        let exit = blocks.block_of(graph.exit()).and_then(|at| ends.get(at).cloned().flatten());
        Analysed { exit: exit.unwrap_or_default(), returned: std::mem::take(&mut self.returned) }
    }

    /// What is known after a block.
    fn block(
        &mut self,
        graph: &Graph,
        blocks: &Blocks,
        at: usize,
        ends: &[Option<Environment>],
        entry: &Environment,
    ) -> Environment {
        let Some(block) = blocks.list.get(at) else { return Environment::default() };
        let first = block.points.first().copied().unwrap_or(0);
        let mut known = if first == 0 { Some(entry.clone()) } else { None };
        for before in graph.before(first) {
            let end = blocks.block_of(*before).and_then(|at| ends.get(at)).and_then(Option::as_ref);
            let Some(end) = end else { continue };
            self.steps += 1 + end.size() as u64 / 8;
            match &mut known {
                Some(known) => known.join(end),
                None => known = Some(end.clone()),
            }
        }
        self.environment = known.unwrap_or_default();
        for point in &block.points {
            self.steps += 1;
            if let Some(kind) = graph.kind(*point) {
                self.point(kind);
            }
        }
        for temporary in &block.temporaries {
            self.environment.forget(*temporary);
        }
        std::mem::take(&mut self.environment)
    }

    fn point(&mut self, kind: &PointKind) {
        match kind {
            PointKind::Enter | PointKind::Exit | PointKind::Join => {}
            PointKind::Do(instruction) => self.instruction(instruction),
            PointKind::Condition(value) | PointKind::Throw(value) => {
                self.expression(*value);
            }
            PointKind::Return { value, word } => {
                let returned = self.returns(*value, *word);
                self.returned = self.returned.union(&returned);
            }
            PointKind::Lambda(parameters) => {
                for parameter in parameters {
                    let place = Place {
                        base: Base::Variable {
                            variable: parameter.variable,
                            origin: parameter.origin,
                            node: Some(parameter.node),
                        },
                        offsets: Vec::new(),
                    };
                    self.environment.clean(&Spot::of(parameter.variable, parameter.origin));
                    self.place(&place);
                }
            }
        }
    }

    /// What the specification says of a place.
    pub(super) fn hits(&mut self, origin: Origin) -> Option<Rc<Hits>> {
        if origin.is_none() {
            return None;
        }
        if let Some(known) = self.hits.get(&origin) {
            return known.clone();
        }
        let hits = self.index.hits(&self.best, origin);
        self.hits.insert(origin, hits.clone());
        hits
    }

    /// Every source that matches around a place.
    fn all_sources(&mut self, origin: Origin) -> Vec<u32> {
        self.hits(origin).map(|hits| hits.sources.iter().map(|hit| hit.index).collect()).unwrap_or_default()
    }

    pub(super) fn canonical(&self, source: u32) -> u32 {
        self.canonical.get(source as usize).copied().unwrap_or(source)
    }

    /// Counts a step; whether there are any left.
    pub(super) fn may_go_on(&mut self) -> bool {
        self.steps += 1;
        // Reporting takes one more pass, which must be let through.
        self.is_reporting || self.steps < STEPS
    }
}

/// Sources with the same place, metavariables and label are one.
fn canonical(spec: &Spec<'_>) -> Vec<u32> {
    let mut known: FxHashMap<(usize, usize, &Bindings, &str), u32> = FxHashMap::default();
    let mut all = Vec::with_capacity(spec.sources.len());
    for (index, source) in spec.sources.iter().enumerate() {
        let label = spec.rule.sources.get(source.entry).map_or("", |rule| rule.label.as_str());
        let key = (source.span.start, source.span.end, &source.bindings, label);
        all.push(*known.entry(key).or_insert(u32::try_from(index).unwrap_or(u32::MAX)));
    }
    all
}

/// Points that always follow one another.
struct Block {
    points: Vec<u32>,
    /// Temporaries that no other block uses.
    temporaries: Vec<Variable>,
}

struct Blocks {
    list: Vec<Block>,
    of: FxHashMap<u32, usize>,
}

impl Blocks {
    fn new(graph: &Graph, program: &Program) -> Self {
        let mut blocks = Self { list: Vec::new(), of: FxHashMap::default() };
        let reachable: FxHashSet<u32> = graph.reachable().iter().copied().collect();
        let follows = |point: u32| match graph.before(point) {
            [only] => graph.after(*only).len() == 1 && reachable.contains(only) && *only < point,
            _ => false,
        };
        for first in graph.reachable().iter().copied().filter(|point| !follows(*point)) {
            let (mut points, mut last) = (vec![first], first);
            while let [next] = graph.after(last) {
                if !follows(*next) {
                    break;
                }
                points.push(*next);
                last = *next;
            }
            let at = blocks.list.len();
            blocks.of.extend(points.iter().map(|point| (*point, at)));
            blocks.list.push(Block { points, temporaries: Vec::new() });
        }
        blocks.find_temporaries(graph, program);
        blocks
    }

    fn find_temporaries(&mut self, graph: &Graph, program: &Program) {
        let mut users: FxHashMap<Variable, Option<usize>> = FxHashMap::default();
        for (at, block) in self.list.iter().enumerate() {
            for point in &block.points {
                let Some(kind) = graph.kind(*point) else { continue };
                let mut note = |place: &Place| {
                    let Base::Variable { variable, .. } = place.base else { return };
                    if variable.is_temporary() {
                        let user = users.entry(variable).or_insert(Some(at));
                        *user = user.filter(|user| *user == at);
                    }
                };
                kind.visit(&program.expressions, &mut note, |_| {});
            }
        }
        for (variable, user) in users {
            if let Some(block) = user.and_then(|at| self.list.get_mut(at)) {
                block.temporaries.push(variable);
            }
        }
    }

    fn block_of(&self, point: u32) -> Option<usize> {
        self.of.get(&point).copied()
    }

    fn after(&self, graph: &Graph, at: usize) -> Vec<usize> {
        let last = self.list.get(at).and_then(|block| block.points.last());
        let next = last.map(|last| graph.after(*last)).unwrap_or_default();
        next.iter().filter_map(|point| self.block_of(*point)).collect()
    }
}
