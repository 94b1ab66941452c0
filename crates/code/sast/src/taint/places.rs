use super::cells::{Shape, State};
use super::environment::Spot;
use super::fixpoint::Analysis;
use super::hits::Hit;
use super::taints::Taints;
use crate::flow::{Base, ExpressionKind, Origin, Place, Step};
use crate::rule::SideEffect;

/// What is known of a place and of what it is a part of.
#[derive(Clone, Debug, Default)]
pub(super) struct Known {
    pub(super) taints: Taints,
    pub(super) shape: Shape,
    /// Every taint of the object that the last part is taken of.
    pub(super) object: Taints,
}

/// What is known of a part while a place is gone through.
struct Part {
    /// What does not come from what is remembered of the place.
    new: Taints,
    /// What is remembered; none if it was sanitized.
    state: Option<State>,
    shape: Shape,
}

impl Analysis<'_> {
    /// What a place holds; tells if it is a sink.
    pub(super) fn place(&mut self, place: &Place) -> Known {
        let (part, object) = self.parts(place);
        let mut taints = part.new;
        if let Some(state) = &part.state {
            taints = taints.union(&state.taints());
        }
        let node = place.offsets.last().map_or_else(
            || match place.base {
                Base::Variable { node, .. } => node,
                _ => None,
            },
            |offset| offset.node,
        );
        if node.is_some_and(|node| self.is_safe_node(node)) {
            taints = Taints::default();
        }
        let origin = self.origin_of(place, place.offsets.len());
        self.at_sinks(origin, &taints, &Shape::default(), |hit, _| hit.is_best);
        Known { taints, shape: part.shape, object }
    }

    /// Goes through a place from its base on. Every part of it may be a source, sanitizer or sink by itself.
    fn parts(&mut self, place: &Place) -> (Part, Taints) {
        let mut part = self.base(place);
        let mut object = Taints::default();
        for count in 0..=place.offsets.len() {
            if !self.may_go_on() {
                break;
            }
            let origin = self.origin_of(place, count);
            let spot = Spot::new(self.program, place, count);
            let sanitizers = self.sanitizers(origin);
            if !sanitizers.is_empty() {
                self.sanitize(&sanitizers, spot.as_ref());
                part = Part { new: Taints::default(), state: None, shape: Shape::default() };
                object = Taints::default();
                continue;
            }
            if self.spec.options.taint_only_propagate_through_assignments {
                part.new = Taints::default();
                part.state = part.state.map(|_| State::Unknown);
            }
            object = part.shape.gather(part.state.as_ref().map(State::taints).unwrap_or_default());
            part = self.part(place, count, origin, spot.as_ref(), part);
        }
        (part, object)
    }

    fn part(&mut self, place: &Place, count: usize, origin: Origin, spot: Option<&Spot>, sub: Part) -> Part {
        let (state, shape) = match sub.state {
            None => (None, Shape::default()),
            Some(state) => match spot.and_then(|spot| self.environment.find(spot)) {
                Some(cell) if cell.state == State::Unknown => (Some(state), cell.shape),
                Some(cell) => (Some(cell.state), cell.shape),
                None => (Some(state), Shape::default()),
            },
        };
        let remembered = state.as_ref().map(State::taints).unwrap_or_default();
        let from_sources = self.place_sources(origin, spot, &sub.new.union(&remembered));
        let offset = count.checked_sub(1).and_then(|at| place.offsets.get(at));
        let from_index = match offset.map(|offset| offset.step) {
            Some(Step::Index(index)) => {
                let (taints, _) = self.expression(index);
                if self.goes_through_indexes() { taints } else { Taints::default() }
            }
            _ => Taints::default(),
        };
        let mut new = from_sources;
        if !self.spec.options.taint_only_propagate_through_assignments {
            new = sub.new.union(&new).union(&from_index);
        }
        let brought = self.propagate(origin, spot, &new.union(&remembered), &shape);
        new = new.union(&brought);
        let all = remembered.union(&new);
        self.at_sinks(origin, &all, &Shape::default(), |hit, _| hit.is_exact);
        Part { new, state, shape }
    }

    fn base(&mut self, place: &Place) -> Part {
        let unknown = Part { new: Taints::default(), state: Some(State::Unknown), shape: Shape::default() };
        let Base::Pointer(value) = place.base else { return unknown };
        let program = self.program;
        match program.expression(value).map(|expression| &expression.kind) {
            Some(ExpressionKind::Read(pointer)) => self.parts(pointer).0,
            Some(_) => {
                let (new, shape) = self.expression(value);
                Part { new, shape, ..unknown }
            }
            None => unknown,
        }
    }

    /// Where a place up to a part stands.
    fn origin_of(&self, place: &Place, count: usize) -> Origin {
        match count.checked_sub(1) {
            Some(at) => place.offsets.get(at).map_or(Origin::NONE, |offset| offset.origin),
            None => match place.base {
                Base::Variable { origin, .. } | Base::This { origin, .. } => origin,
                Base::Pointer(value) => {
                    self.program.expression(value).map_or(Origin::NONE, |expression| expression.origin)
                }
            },
        }
    }

    /// The taints of the sources that a place is; some of them stay with its variable.
    fn place_sources(&mut self, origin: Origin, spot: Option<&Spot>, incoming: &Taints) -> Taints {
        let sources = self.sources(origin, true);
        if sources.is_empty() {
            return Taints::default();
        }
        let (mut only, mut stay, mut pass) = (Vec::new(), Vec::new(), Vec::new());
        for hit in sources {
            match self.source_rule(hit.index).map(|rule| rule.by_side_effect) {
                Some(SideEffect::Only) => only.push(hit.index),
                Some(SideEffect::Yes) if hit.is_exact => stay.push(hit.index),
                _ => pass.push(hit.index),
            }
        }
        let only = self.taints_of(&only, incoming);
        let stay = self.taints_of(&stay, incoming);
        let pass = self.taints_of(&pass, incoming);
        if let Some(spot) = spot {
            self.environment.add(spot, &only.union(&stay), &Shape::default());
        }
        stay.union(&pass)
    }

    /// The sources that something is.
    pub(super) fn sources(&mut self, origin: Origin, is_place: bool) -> Vec<Hit> {
        let Some(hits) = self.hits(origin) else { return Vec::new() };
        let is_one = |hit: &&Hit| match self.source_rule(hit.index) {
            Some(rule) if rule.by_side_effect == SideEffect::Only => is_place && hit.is_exact,
            Some(rule) => !rule.exact || hit.is_best,
            None => false,
        };
        hits.sources.iter().filter(is_one).copied().collect()
    }

    /// The sanitizers that something is.
    pub(super) fn sanitizers(&mut self, origin: Origin) -> Vec<Hit> {
        let Some(hits) = self.hits(origin) else { return Vec::new() };
        let is_one =
            |hit: &&Hit| self.sanitizer_rule(hit.index).is_some_and(|rule| !rule.exact || hit.is_best);
        hits.sanitizers.iter().filter(is_one).copied().collect()
    }

    fn sanitizer_rule(&self, index: u32) -> Option<&crate::rule::Sanitizer> {
        let entry = self.spec.sanitizers.get(index as usize)?.entry;
        self.spec.rule.sanitizers.get(entry)
    }

    /// Makes a place clean from here on, if a sanitizer says so.
    pub(super) fn sanitize(&mut self, sanitizers: &[Hit], spot: Option<&Spot>) {
        let is_cleaned = |hit: &Hit| {
            hit.is_exact && self.sanitizer_rule(hit.index).is_some_and(|rule| rule.by_side_effect)
        };
        if let Some(spot) = spot.filter(|_| sanitizers.iter().any(is_cleaned)) {
            self.environment.clean(spot);
        }
    }
}
