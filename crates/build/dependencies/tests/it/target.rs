use std::sync::Arc;

use andon_advisories::Builder;
use andon_dependencies::{AdvisorySource, Dependencies, Settings};
use andon_model::{
    Content, Engine, Finding, Interest, Inventory, LayerRef, Occurrence, Origin, Outcome, Snapshot, Unit,
};

/// A target with nothing else to ask for.
pub(crate) struct Nothing;

impl Snapshot for Nothing {
    fn read(&self, _path: &str) -> Option<Vec<u8>> {
        None
    }
}

/// Files in one place or another.
#[derive(Default)]
pub(crate) struct Target(Vec<Unit>);

impl Target {
    /// Adds a file of a tree.
    pub(crate) fn file(self, path: &str, text: &str) -> Self {
        let place = Occurrence { nested: path.contains("!/"), ..Occurrence::in_tree(path) };
        self.at(&place, text)
    }

    /// Adds a file of a layer.
    pub(crate) fn layer(self, index: u32, visible: bool, path: &str, text: &str) -> Self {
        let layer =
            LayerRef { index, digest: format!("sha256:{index}"), instruction: format!("RUN {index}") };
        let origin = Origin::Layer { layer, visible };
        self.at(&Occurrence { path: path.to_owned(), nested: path.contains("!/"), origin }, text)
    }

    fn at(mut self, place: &Occurrence, text: &str) -> Self {
        let engine = Dependencies::new(settings());
        let mut facts: Vec<Vec<u8>> = engine.examine_path(&place.path).into_iter().collect();
        if let Interest::As(form) = engine.interest(&place.path) {
            facts.push(engine.examine(&Content { bytes: text.as_bytes(), form }).facts);
        }
        let facts = facts.into_iter().filter(|facts| !facts.is_empty());
        self.0.extend(facts.map(|facts| Unit { facts, occurrences: vec![place.clone()] }));
        self
    }

    pub(crate) fn judged(&self, settings: Settings) -> Outcome {
        Dependencies::new(settings).combine(&self.0, &Nothing)
    }

    /// What it is made of, a line each: package URL, what it is for, how it comes in, where, what it needs.
    pub(crate) fn components(&self) -> Vec<String> {
        let inventory: Inventory = self.judged(settings()).inventory.unwrap();
        let line = |component: &andon_model::Component| {
            let places: Vec<String> = component
                .locations
                .iter()
                .map(|place| {
                    let line = place.region.map_or(0, |region| region.start_line);
                    format!("{}:{line}", place.full_path())
                })
                .collect();
            let needs = if component.depends_on.is_empty() {
                String::new()
            } else {
                format!(" needs {}", component.depends_on.join(" "))
            };
            format!(
                "{} {:?} {:?} {}{needs}",
                component.purl,
                component.scope,
                component.relation,
                places.join(" ")
            )
            .to_lowercase()
        };
        inventory.components.iter().map(line).collect()
    }

    /// Gaps of the coverage, `kind subject: detail`.
    pub(crate) fn gaps(&self, settings: Settings) -> Vec<String> {
        let gaps = self.judged(settings).gaps;
        gaps.iter().map(|gap| format!("{:?} {}: {}", gap.kind, gap.subject, gap.detail)).collect()
    }
}

pub(crate) fn settings() -> Settings {
    Settings::at("2026-01-31T00:00:00Z".parse().unwrap())
}

/// The settings with an index of these OSV records.
pub(crate) fn with_advisories(ecosystems: &[&str], records: &[&str]) -> Settings {
    let mut builder = Builder::in_memory();
    for ecosystem in ecosystems {
        builder.declare(ecosystem, "2026-01-30T00:00:00Z");
    }
    for record in records {
        builder.add_json(ecosystems[0], record.as_bytes()).unwrap();
    }
    let mut bytes = Vec::new();
    builder.finish(&mut bytes, "2026-01-30T00:00:00Z").unwrap();
    let source: AdvisorySource = Arc::new(bytes);
    Settings { advisories: Some(source), ..settings() }
}

pub(crate) fn titles(findings: &[Finding]) -> Vec<String> {
    findings
        .iter()
        .map(|finding| format!("{} {}: {}", finding.severity, finding.rule.id, finding.title))
        .collect()
}
