use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

use andon_model::{Component, ComponentKind, Scope};
use serde::de::MapAccess;

use super::{CHECKSUMS, SUBJECT, kind_of};
use crate::collect::{Collector, Said};
use crate::document::{Distribution, Problem, ProblemKind, Sbom, quote};
use crate::hints::{self, Hints, OWN};
use crate::identity::{Claim, identify};
use crate::lenient::{Each, Filled, List, Object, Text, fill, skip, texts};
use crate::{SbomKind, licence};

/// Reads a document; what comes after a break is missing, and told.
pub(crate) fn read(bytes: &[u8]) -> Sbom {
    let mut document = Document::default();
    let damage = fill(&mut document, bytes);
    document.collector.problems.extend(damage);
    document.finish(bytes.len())
}

#[derive(Default)]
struct Document<'de> {
    version: String,
    collector: Collector<'de>,
    /// What the document says that it is about.
    described: BTreeSet<Cow<'de, str>>,
    /// Texts of licences that are not on SPDX's list.
    extracted: HashMap<Cow<'de, str>, String>,
    /// Problems of packages; those of the subject do not count.
    problems: Vec<(Cow<'de, str>, Problem)>,
}

impl<'de> Object<'de> for Document<'de> {
    fn member<A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        match key {
            "spdxVersion" => {
                self.version = map.next_value::<Text<'de>>()?.trim_start_matches("SPDX-").to_owned()
            }
            "packages" => drop(map.next_value_seed(Each::new(self, Self::add))?),
            "files" => drop(map.next_value_seed(Each::new(self, Self::add_file))?),
            "relationships" => drop(map.next_value_seed(Each::new(self, Self::relate))?),
            "documentDescribes" => drop(map.next_value_seed(Each::new(self, Self::describe))?),
            "hasExtractedLicensingInfos" => drop(map.next_value_seed(Each::new(self, Self::extract))?),
            _ => skip(map)?,
        }
        Ok(())
    }
}

impl<'de> Document<'de> {
    fn finish(mut self, size: usize) -> Sbom {
        // A document about one thing among others has a subject; one that describes each of its packages has none.
        let only = self.described.first().filter(|reference| {
            self.described.len() == 1 && (self.collector.len() > 1 || reference.as_ref() == SUBJECT)
        });
        let mut subject = only.and_then(|reference| self.collector.promote(reference));
        let of_others =
            self.problems.into_iter().filter(|(reference, _)| subject.is_none() || Some(reference) != only);
        self.collector.problems.extend(of_others.map(|(_, problem)| problem));
        let distribution = self.collector.distribution.take();
        let (mut components, problems) = self.collector.finish(size, true);
        for component in components.iter_mut().chain(subject.as_mut()) {
            for licence in &mut component.licenses {
                if let Some(text) = self.extracted.get(licence.as_str()) {
                    licence.clone_from(text);
                }
            }
        }
        Sbom {
            kind: SbomKind::Spdx,
            version: self.version,
            subject,
            components,
            distribution,
            complete: None,
            problems,
        }
    }

    fn describe(&mut self, reference: Text<'de>) {
        self.described.insert(reference.0);
    }

    fn add_file(&mut self, Filled(file): Filled<FileEntry<'de>>) {
        self.collector.other(file.reference.0);
    }

    fn extract(&mut self, Filled(info): Filled<Extracted<'de>>) {
        let short = info.text.given().filter(|text| text.len() <= SHORT);
        let text = info.name.given().filter(|name| !licence::says_nothing(name)).or(short);
        if let Some(text) = text.filter(|text| text.len() <= SHORT) {
            self.extracted.insert(info.reference.0, text.to_owned());
        }
    }

    fn add(&mut self, Filled(package): Filled<Package<'de>>) {
        let reference = package.reference.0.clone();
        let kind = package.kind();
        if package.hints.grouping && kind == ComponentKind::Application && package.purls.is_empty() {
            return self.collector.subject(reference);
        }
        if kind == ComponentKind::File && package.purls.is_empty() {
            return self.collector.other(reference);
        }
        if kind == ComponentKind::OperatingSystem {
            let text = |member: &Text<'_>| member.trim().to_owned();
            let found = Distribution {
                id: text(&package.name).to_ascii_lowercase(),
                version: text(&package.version),
            };
            self.collector.distribution = Some(found);
        } else if self.collector.distribution.is_none() {
            self.collector.distribution = package.purls.first().and_then(|purl| hints::distribution_of(purl));
        }
        let mut problems = Vec::new();
        let found = package.component(&mut problems);
        self.problems.extend(problems.into_iter().map(|problem| (reference.clone(), problem)));
        match found {
            Some((component, said)) => self.collector.add(reference, component, said),
            None => self.collector.other(reference),
        }
    }

    fn relate(&mut self, Filled(relationship): Filled<Relationship<'de>>) {
        let (a, b) = (relationship.from.0, relationship.to.0);
        let external =
            |reference: &str| matches!(reference, "NONE" | "NOASSERTION") || reference.contains(':');
        if external(&a) || external(&b) {
            return;
        }
        let backwards = match &*relationship.kind {
            "DESCRIBES" => {
                self.described.insert(b);
                return;
            }
            "DESCRIBED_BY" => {
                self.described.insert(a);
                return;
            }
            "DEPENDS_ON" | "HAS_PREREQUISITE" | "DYNAMIC_LINK" | "STATIC_LINK" => {
                return self.collector.depends(a, b, Scope::Runtime);
            }
            // The specification's example of a build dependency is one of Maven's scope `compile`.
            "DEPENDENCY_OF"
            | "RUNTIME_DEPENDENCY_OF"
            | "BUILD_DEPENDENCY_OF"
            | "PROVIDED_DEPENDENCY_OF"
            | "PREREQUISITE_FOR" => Scope::Runtime,
            "OPTIONAL_DEPENDENCY_OF" | "OPTIONAL_COMPONENT_OF" => Scope::Optional,
            "DEV_DEPENDENCY_OF" | "TEST_DEPENDENCY_OF" | "DEV_TOOL_OF" | "TEST_TOOL_OF" | "BUILD_TOOL_OF" => {
                Scope::Development
            }
            _ => return,
        };
        self.collector.depends(b, a, backwards);
    }
}

/// Longest text that passes as the name of a licence, in bytes.
const SHORT: usize = 256;

texts!(FileEntry { reference: "SPDXID" });
texts!(Extracted { reference: "licenseId", name: "name", text: "extractedText" });
texts!(Relationship { from: "spdxElementId", to: "relatedSpdxElement", kind: "relationshipType" });
texts!(Checksum { algorithm: "algorithm", value: "checksumValue" });
texts!(External { kind: "referenceType", locator: "referenceLocator" });
texts!(Annotation { annotator: "annotator", comment: "comment" });

/// A package as the document has it.
#[derive(Default)]
struct Package<'de> {
    reference: Text<'de>,
    name: Text<'de>,
    version: Text<'de>,
    purpose: Text<'de>,
    declared: Text<'de>,
    concluded: Text<'de>,
    source: Text<'de>,
    file: Text<'de>,
    purls: Vec<Text<'de>>,
    checksums: List<Filled<Checksum<'de>>>,
    hints: Hints,
}

impl<'de> Object<'de> for Package<'de> {
    fn member<A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        match key {
            "SPDXID" => self.reference = map.next_value()?,
            "name" => self.name = map.next_value()?,
            "versionInfo" => self.version = map.next_value()?,
            "primaryPackagePurpose" => self.purpose = map.next_value()?,
            "licenseDeclared" => self.declared = map.next_value()?,
            "licenseConcluded" => self.concluded = map.next_value()?,
            "sourceInfo" => self.source = map.next_value()?,
            "packageFileName" => self.file = map.next_value()?,
            "externalRefs" => drop(map.next_value_seed(Each::new(&mut self.purls, take_purl))?),
            "checksums" => self.checksums = map.next_value()?,
            "annotations" => drop(map.next_value_seed(Each::new(&mut self.hints, take_annotation))?),
            _ => skip(map)?,
        }
        Ok(())
    }
}

fn take_purl<'de>(purls: &mut Vec<Text<'de>>, Filled(reference): Filled<External<'de>>) {
    let is_purl = &*reference.kind == "purl" || reference.kind.ends_with("/references/purl");
    if is_purl && reference.locator.given().is_some() && !purls.contains(&reference.locator) {
        purls.push(reference.locator);
    }
}

fn take_annotation(hints: &mut Hints, Filled(annotation): Filled<Annotation<'_>>) {
    const TRIVY: &str = "aquasecurity:trivy:";
    let Some((name, value)) = annotation.comment.split_once(": ") else { return };
    if name.starts_with(OWN) || name.starts_with(TRIVY) {
        hints.take(name, value);
    } else if annotation.annotator.starts_with("Tool: trivy") {
        hints.take(&format!("{TRIVY}{name}"), value);
    }
}

impl Package<'_> {
    fn kind(&self) -> ComponentKind {
        kind_of(&self.purpose)
    }

    fn component(&self, problems: &mut Vec<Problem>) -> Option<(Component, Said)> {
        let claim = Claim {
            purl: self.purls.first().and_then(Text::given),
            group: None,
            name: self.name.given(),
            version: self.version.given().filter(|version| *version != "NOASSERTION"),
            kind: self.kind(),
        };
        let identity = identify(&claim, problems)?;
        if let Some(more) = self.purls.len().checked_sub(1).filter(|more| *more > 0) {
            let detail =
                format!("`{}` has {more} more package URLs, which were passed over", quote(&identity.name));
            problems.push(Problem::new(ProblemKind::OddPurl, detail));
        }
        let paths = self.file.given().into_iter().chain(self.hints.paths.iter().map(String::as_str));
        let locations = paths.map(|path| self.location(path)).collect();
        let component = Component {
            upstream: self
                .source_package()
                .or_else(|| self.hints.upstream(&identity.purl, identity.version.as_deref())),
            purl: identity.purl.to_string(),
            name: identity.name,
            version: identity.version,
            kind: claim.kind,
            scope: self.hints.scope.unwrap_or_default(),
            requirement: self.hints.requirement.clone(),
            licenses: self.licenses(),
            checksums: self.checksums(),
            locations,
            ..Component::default()
        };
        Some((component, Said { scope: self.hints.scope, relation: self.hints.relation }))
    }

    /// A path with a line after it, as we write it.
    fn location(&self, text: &str) -> andon_model::Location {
        match text.rsplit_once(':').map(|(path, line)| (path, line.parse().ok())) {
            Some((path, Some(line))) => hints::location(path, Some(line)),
            _ => hints::location(text, None),
        }
    }

    /// The source package, as Trivy writes it.
    fn source_package(&self) -> Option<andon_model::Upstream> {
        let (name, version) = self.source.strip_prefix("built package from: ")?.trim().split_once(' ')?;
        Some(andon_model::Upstream { name: name.to_owned(), version: version.to_owned() })
    }

    fn licenses(&self) -> Vec<String> {
        let said = [&self.declared, &self.concluded];
        let text = said.into_iter().filter_map(Text::given).find(|text| !licence::says_nothing(text));
        text.map(licence::conjuncts).unwrap_or_default()
    }

    fn checksums(&self) -> Vec<String> {
        let told = self.checksums.0.iter().filter_map(|entry| {
            let (ours, _) =
                CHECKSUMS.iter().find(|(_, theirs)| theirs.eq_ignore_ascii_case(&entry.0.algorithm))?;
            Some(format!("{ours}:{}", entry.0.value.given()?.to_ascii_lowercase()))
        });
        told.chain(self.hints.checksums.iter().cloned()).collect()
    }
}
