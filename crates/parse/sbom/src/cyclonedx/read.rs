use std::borrow::Cow;

use andon_model::{Component, ComponentKind, Scope};
use serde::de::MapAccess;

use super::{HASHES, kind_of};
use crate::collect::{Collector, Said};
use crate::document::{Distribution, Problem, Sbom};
use crate::hints::{self, Hints};
use crate::identity::{Claim, identify};
use crate::lenient::{Each, Fill, Filled, List, Object, Text, fill, skip, texts};
use crate::{SbomKind, licence};

/// Reads a document; what comes after a break is missing, and told.
pub(crate) fn read(bytes: &[u8]) -> Sbom {
    let mut document = Document::default();
    let damage = fill(&mut document, bytes);
    document.collector.problems.extend(damage);
    let distribution = document.collector.distribution.take();
    let (components, problems) = document.collector.finish(bytes.len(), false);
    Sbom {
        kind: SbomKind::CycloneDx,
        version: document.version,
        subject: document.subject,
        components,
        distribution,
        complete: document.complete,
        problems,
    }
}

#[derive(Default)]
struct Document<'de> {
    version: String,
    subject: Option<Component>,
    complete: Option<bool>,
    collector: Collector<'de>,
}

impl<'de> Object<'de> for Document<'de> {
    fn member<A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        match key {
            "specVersion" => self.version = map.next_value::<Text<'de>>()?.to_string(),
            "metadata" => {
                let Filled(Metadata(component)) = map.next_value()?;
                self.set_subject(component);
            }
            "components" => drop(map.next_value_seed(Each::new(self, Self::add))?),
            "dependencies" => drop(map.next_value_seed(Each::new(self, Self::depend))?),
            "compositions" => drop(map.next_value_seed(Each::new(self, Self::compose))?),
            _ => skip(map)?,
        }
        Ok(())
    }
}

impl<'de> Document<'de> {
    fn set_subject(&mut self, part: Part<'de>) {
        self.collector.subject(part.reference.0.clone());
        let (entry, nested) = part.split();
        // A project has often no package URL and no version; nothing is missing then.
        if let Some((component, _)) = entry.component(&mut Vec::new()) {
            self.subject = Some(component);
        }
        nested.into_iter().for_each(|part| self.add(part));
    }

    /// Adds a component and those inside it. The depth is bounded by the parser's limit on nesting.
    fn add(&mut self, part: Filled<Part<'de>>) {
        let (part, nested) = part.0.split();
        self.add_one(&part);
        nested.into_iter().for_each(|part| self.add(part));
    }

    fn add_one(&mut self, part: &Part<'de>) {
        let reference = part.reference.0.clone();
        if part.is_grouping() {
            return self.collector.subject(reference);
        }
        let kind = part.kind();
        if kind == ComponentKind::File && part.purl.given().is_none() {
            return self.collector.other(reference);
        }
        if let Some(found) = part.distribution() {
            self.collector.distribution = Some(found);
        }
        let mut problems = std::mem::take(&mut self.collector.problems);
        let found = part.component(&mut problems);
        self.collector.problems = problems;
        let Some((component, said)) = found else { return self.collector.other(reference) };
        if self.collector.distribution.is_none() {
            self.collector.distribution = part.purl.given().and_then(hints::distribution_of);
        }
        let reference = if reference.is_empty() { Cow::Owned(component.purl.clone()) } else { reference };
        self.collector.add(reference, component, said);
    }

    fn depend(&mut self, Filled(dependency): Filled<Dependency<'de>>) {
        for to in dependency.on.0 {
            self.collector.depends(dependency.reference.0.clone(), to.0, Scope::Runtime);
        }
    }

    fn compose(&mut self, Filled(composition): Filled<Composition<'de>>) {
        let aggregate = composition.0;
        if aggregate.starts_with("incomplete") {
            self.complete = Some(false);
        } else if &*aggregate == "complete" && self.complete.is_none() {
            self.complete = Some(true);
        }
    }
}

#[derive(Default)]
struct Metadata<'de>(Part<'de>);

impl<'de> Object<'de> for Metadata<'de> {
    fn member<A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        match key {
            "component" => map.next_value_seed(Fill(&mut self.0)),
            _ => skip(map),
        }
    }
}

/// A component as the document has it.
#[derive(Default)]
struct Part<'de> {
    reference: Text<'de>,
    type_name: Text<'de>,
    group: Text<'de>,
    name: Text<'de>,
    version: Text<'de>,
    purl: Text<'de>,
    scope: Text<'de>,
    licenses: List<Filled<Licence<'de>>>,
    hashes: List<Filled<Hash<'de>>>,
    occurrences: Vec<(String, Option<u32>)>,
    hints: Hints,
    nested: Vec<Filled<Part<'de>>>,
}

impl<'de> Object<'de> for Part<'de> {
    fn member<A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        match key {
            "bom-ref" => self.reference = map.next_value()?,
            "type" => self.type_name = map.next_value()?,
            "group" => self.group = map.next_value()?,
            "name" => self.name = map.next_value()?,
            "version" => self.version = map.next_value()?,
            "purl" => self.purl = map.next_value()?,
            "scope" => self.scope = map.next_value()?,
            "licenses" => self.licenses = map.next_value()?,
            "hashes" => self.hashes = map.next_value()?,
            "evidence" => {
                let Filled(Evidence(occurrences)) = map.next_value()?;
                self.occurrences = occurrences;
            }
            "properties" => drop(map.next_value_seed(Each::new(&mut self.hints, take_property))?),
            "components" => drop(map.next_value_seed(Each::new(&mut self.nested, Vec::push))?),
            _ => skip(map)?,
        }
        Ok(())
    }
}

fn take_property(hints: &mut Hints, Filled(property): Filled<Property<'_>>) {
    hints.take(&property.name, &property.value);
}

impl<'de> Part<'de> {
    fn split(mut self) -> (Self, Vec<Filled<Self>>) {
        let nested = std::mem::take(&mut self.nested);
        (self, nested)
    }

    fn kind(&self) -> ComponentKind {
        kind_of(&self.type_name)
    }

    /// A lock file that Trivy lists as an application whose dependencies are the file's direct ones.
    fn is_grouping(&self) -> bool {
        self.hints.grouping && self.kind() == ComponentKind::Application && self.purl.given().is_none()
    }

    fn distribution(&self) -> Option<Distribution> {
        if self.kind() != ComponentKind::OperatingSystem {
            return None;
        }
        let told = |hint: &str, member: &Text<'_>| {
            if hint.is_empty() { member.trim().to_owned() } else { hint.to_owned() }
        };
        let id = told(&self.hints.distribution.id, &self.name).to_ascii_lowercase();
        Some(Distribution { id, version: told(&self.hints.distribution.version, &self.version) })
    }

    fn component(&self, problems: &mut Vec<Problem>) -> Option<(Component, Said)> {
        let claim = Claim {
            purl: self.purl.given(),
            group: self.group.given(),
            name: self.name.given(),
            version: self.version.given(),
            kind: self.kind(),
        };
        let identity = identify(&claim, problems)?;
        let scope = self.hints.scope.or(match &*self.scope {
            "required" => Some(Scope::Runtime),
            "optional" => Some(Scope::Optional),
            "excluded" => Some(Scope::Development),
            _ => None,
        });
        let occurrences = self.occurrences.iter().map(|(path, line)| hints::location(path, *line));
        let component = Component {
            upstream: self.hints.upstream(&identity.purl, identity.version.as_deref()),
            purl: identity.purl.to_string(),
            name: identity.name,
            version: identity.version,
            kind: claim.kind,
            scope: scope.unwrap_or_default(),
            requirement: self.hints.requirement.clone(),
            licenses: self.licenses.0.iter().flat_map(|entry| entry.0.texts()).collect(),
            checksums: self.checksums(),
            locations: occurrences
                .chain(self.hints.paths.iter().map(|path| hints::location(path, None)))
                .collect(),
            ..Component::default()
        };
        Some((component, Said { scope, relation: self.hints.relation }))
    }

    fn checksums(&self) -> Vec<String> {
        let hashes = self.hashes.0.iter().filter_map(|entry| {
            let (ours, _) =
                HASHES.iter().find(|(_, theirs)| theirs.eq_ignore_ascii_case(&entry.0.algorithm))?;
            let content = entry.0.content.given()?;
            Some(format!("{ours}:{}", content.to_ascii_lowercase()))
        });
        hashes.chain(self.hints.checksums.iter().cloned()).collect()
    }
}

#[derive(Default)]
struct Licence<'de> {
    expression: Text<'de>,
    license: Filled<Named<'de>>,
}

impl<'de> Object<'de> for Licence<'de> {
    fn member<A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        match key {
            "expression" => self.expression = map.next_value()?,
            "license" => self.license = map.next_value()?,
            _ => skip(map)?,
        }
        Ok(())
    }
}

impl Licence<'_> {
    fn texts(&self) -> Vec<String> {
        let named = &self.license.0;
        let text = match self.expression.given() {
            Some(expression) => return licence::conjuncts(expression),
            None => named.id.given().or(named.name.given()),
        };
        text.filter(|text| !licence::says_nothing(text)).map(str::to_owned).into_iter().collect()
    }
}

texts!(Named { id: "id", name: "name" });
texts!(Hash { algorithm: "alg", content: "content" });
texts!(Property { name: "name", value: "value" });
texts!(Occurrence { location: "location", line: "line" });

#[derive(Default)]
struct Evidence(Vec<(String, Option<u32>)>);

impl<'de> Object<'de> for Evidence {
    fn member<A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        match key {
            "occurrences" => map.next_value_seed(Each::new(self, Self::add)).map(drop),
            _ => skip(map),
        }
    }
}

impl Evidence {
    fn add(&mut self, Filled(occurrence): Filled<Occurrence<'_>>) {
        if let Some(location) = occurrence.location.given() {
            self.0.push((location.to_owned(), occurrence.line.parse().ok()));
        }
    }
}

#[derive(Default)]
struct Dependency<'de> {
    reference: Text<'de>,
    on: List<Text<'de>>,
}

impl<'de> Object<'de> for Dependency<'de> {
    fn member<A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        match key {
            "ref" => self.reference = map.next_value()?,
            "dependsOn" => self.on = map.next_value()?,
            _ => skip(map)?,
        }
        Ok(())
    }
}

#[derive(Default)]
struct Composition<'de>(Text<'de>);

impl<'de> Object<'de> for Composition<'de> {
    fn member<A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        match key {
            "aggregate" => self.0 = map.next_value()?,
            _ => skip(map)?,
        }
        Ok(())
    }
}
