use std::collections::HashMap;

use andon_containers::Place;
use andon_model::{Gap, LayerRef, Occurrence, Origin, Unit};

use super::contents::Slot;
use super::deep::Nested;
use super::engines::Engines;
use super::gathered::Gathered;
use super::visit::Visit;
use crate::cache::bit;

/// Puts visits together into what engines combine.
pub(super) struct Gathering<'a> {
    engines: &'a Engines<'a>,
    gathered: Gathered,
    /// Key of a content -> where it occurs, with the engines that examined it there.
    places: HashMap<[u8; 32], Vec<(Occurrence, u32)>>,
    /// By engine: first path, key, unit.
    units: Vec<Vec<(String, [u8; 32], Unit)>>,
    /// The layers of an image, the lowest first.
    layers: Vec<LayerRef>,
}

impl<'a> Gathering<'a> {
    pub(super) fn new(engines: &'a Engines<'a>) -> Self {
        let count = engines.len();
        Self {
            engines,
            gathered: Gathered::new(count),
            places: HashMap::new(),
            units: vec![Vec::new(); count],
            layers: Vec::new(),
        }
    }

    pub(super) fn with_layers(self, layers: Vec<LayerRef>) -> Self {
        Self { layers, ..self }
    }

    /// Adds what came of a file, and of what is in it.
    pub(super) fn add(&mut self, place: &Occurrence, visit: Visit) {
        self.gathered.count(self.engines, visit.examined, visit.cached, visit.size);
        if let Some(reason) = visit.skip {
            self.gathered.coverage.skip(reason, &place.path, visit.size);
        }
        let Some(rare) = visit.rare else { return };
        self.gathered.coverage.gaps.extend(rare.gaps);
        for (key, engines) in rare.keys {
            self.places.entry(key).or_default().push((place.clone(), engines));
        }
        for (engine, facts) in rare.path_facts {
            if let Some(units) = self.units.get_mut(usize::from(engine)) {
                let unit = Unit { facts, occurrences: vec![place.clone()] };
                units.push((place.path.clone(), [0; 32], unit));
            }
        }
        for nested in rare.nested {
            self.add_nested(nested);
        }
    }

    pub(super) fn add_nested(&mut self, nested: Nested) {
        let Nested { path, inside, layer, visit } = nested;
        let place = Occurrence { path, nested: inside, origin: self.origin(layer) };
        self.add(&place, visit);
    }

    fn origin(&self, place: Option<Place>) -> Origin {
        let layer = place.and_then(|place| Some((self.layers.get(place.layer)?, place.visible)));
        layer.map_or(Origin::Tree, |(layer, visible)| Origin::Layer { layer: layer.clone(), visible })
    }

    pub(super) fn gap(&mut self, gap: Gap) {
        self.gathered.coverage.gaps.push(gap);
    }

    pub(super) fn finish(mut self, slots: &HashMap<[u8; 32], Slot>) -> Gathered {
        let places = std::mem::take(&mut self.places);
        for (key, mut places) in places {
            if let Some(slot) = slots.get(&key) {
                places.sort_by(|(a, _), (b, _)| order(a).cmp(&order(b)));
                self.content_units(key, slot, &places);
            }
        }
        let mut gathered = self.gathered;
        for (engine, mut units) in gathered.engines.iter_mut().zip(self.units) {
            units.sort_by(|a, b| (&a.0, &a.1).cmp(&(&b.0, &b.1)));
            engine.units = units.into_iter().map(|(_, _, unit)| unit).collect();
        }
        let gaps = &mut gathered.coverage.gaps;
        gaps.sort_by(|a, b| (&a.subject, a.kind, &a.detail).cmp(&(&b.subject, b.kind, &b.detail)));
        gathered
    }

    fn content_units(&mut self, key: [u8; 32], slot: &Slot, places: &[(Occurrence, u32)]) {
        let Some(known) = &slot.known else { return };
        for entry in &known.facts {
            let here = places.iter().filter(|(_, examined)| examined & bit(entry.engine) != 0);
            let occurrences: Vec<Occurrence> = here.map(|(place, _)| place.clone()).collect();
            let Some(first) = occurrences.first().map(|occurrence| occurrence.path.clone()) else { continue };
            self.gathered.coverage.gaps.extend(entry.diagnostics.iter().map(|diagnostic| Gap {
                kind: diagnostic.kind,
                subject: first.clone(),
                detail: format!("{}: {}", self.engines.name(entry.engine), diagnostic.detail),
            }));
            if let Some(units) = self.units.get_mut(usize::from(entry.engine))
                && !entry.facts.is_empty()
            {
                units.push((first, key, Unit { facts: entry.facts.clone(), occurrences }));
            }
        }
    }
}

/// By path; in an image the lowest layer first.
fn order(place: &Occurrence) -> (&str, Option<u32>) {
    let layer = match &place.origin {
        Origin::Layer { layer, .. } => Some(layer.index),
        _ => None,
    };
    (&place.path, layer)
}
