use std::borrow::Cow;

use andon_model::{Component, Scope};
use andon_purl::Purl;
use serde::Serialize;
use serde::ser::Serializer;

use super::vulnerabilities::{Vulnerability, vulnerabilities};
use super::{HASHES, type_name};
use crate::hints::{location_text, relation_name, scope_name};
use crate::licence::{self, Form};
use crate::output::{Node, Prepared};

/// The document with this serial number, ready to be serialised.
pub(crate) fn write<'a>(prepared: &'a Prepared<'a>, serial: &str) -> impl Serialize + use<'a> {
    let document = prepared.document;
    let subject = prepared.subject_reference();
    Bom {
        schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
        format: "CycloneDX",
        spec: "1.6",
        serial: serial.to_owned(),
        version: 1,
        metadata: Metadata {
            timestamp: &prepared.timestamp,
            tools: Tools { components: [tool(&document.tool.name, &document.tool.version)] },
            component: Part { reference: Some(subject.clone().into()), ..part(document.subject) },
        },
        components: Components(prepared),
        dependencies: Dependencies { prepared, subject: subject.clone() },
        compositions: [Composition {
            aggregate: if document.complete { "complete" } else { "incomplete" },
            assemblies: [subject.clone()],
            dependencies: [subject],
        }],
        vulnerabilities: vulnerabilities(prepared),
    }
}

#[derive(Serialize)]
struct Bom<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    #[serde(rename = "bomFormat")]
    format: &'static str,
    #[serde(rename = "specVersion")]
    spec: &'static str,
    #[serde(rename = "serialNumber")]
    serial: String,
    version: u32,
    metadata: Metadata<'a>,
    components: Components<'a>,
    dependencies: Dependencies<'a>,
    compositions: [Composition; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    vulnerabilities: Vec<Vulnerability<'a>>,
}

#[derive(Serialize)]
struct Metadata<'a> {
    timestamp: &'a str,
    tools: Tools<'a>,
    component: Part<'a>,
}

#[derive(Serialize)]
struct Tools<'a> {
    components: [Part<'a>; 1],
}

/// The components, made one by one as they are written.
struct Components<'a>(&'a Prepared<'a>);

impl Serialize for Components<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.nodes.iter().map(|node| {
            let mut part = part(node.component);
            part.scope = Some(scope(node.component.scope));
            part.properties.extend(graph_properties(node));
            part
        }))
    }
}

/// The subject's dependencies and those of every component.
struct Dependencies<'a> {
    prepared: &'a Prepared<'a>,
    subject: String,
}

impl Serialize for Dependencies<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let purl = |node: &Node<'_>| node.component.purl.clone();
        let of_subject =
            Dependency { reference: &self.subject, on: self.prepared.direct().map(purl).collect() };
        let of_components = self.prepared.nodes.iter().map(|node| Dependency {
            reference: &node.component.purl,
            on: self.prepared.needs(node).map(purl).collect(),
        });
        serializer.collect_seq(std::iter::once(of_subject).chain(of_components))
    }
}

#[derive(Serialize)]
struct Dependency<'a> {
    #[serde(rename = "ref")]
    reference: &'a str,
    #[serde(rename = "dependsOn", skip_serializing_if = "Vec::is_empty")]
    on: Vec<String>,
}

#[derive(Serialize)]
struct Composition {
    aggregate: &'static str,
    assemblies: [String; 1],
    dependencies: [String; 1],
}

#[derive(Serialize)]
struct Part<'a> {
    #[serde(rename = "type")]
    type_name: &'static str,
    #[serde(rename = "bom-ref", skip_serializing_if = "Option::is_none")]
    reference: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    group: Option<String>,
    name: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    hashes: Vec<Hash<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    licenses: Vec<Licence<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    purl: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    evidence: Option<Evidence>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    properties: Vec<Property<'a>>,
}

#[derive(Serialize)]
struct Hash<'a> {
    alg: &'static str,
    content: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum Licence<'a> {
    Expression(Cow<'a, str>),
    License(Named<'a>),
}

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum Named<'a> {
    Id(&'a str),
    Name(&'a str),
}

#[derive(Serialize)]
struct Evidence {
    occurrences: Vec<Occurrence>,
}

#[derive(Serialize)]
struct Occurrence {
    location: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
}

#[derive(Serialize)]
struct Property<'a> {
    name: &'static str,
    value: Cow<'a, str>,
}

/// CycloneDX's limit on versions, in characters.
const LONGEST_VERSION: usize = 1024;

fn tool<'a>(name: &'a str, version: &'a str) -> Part<'a> {
    Part {
        type_name: "application",
        reference: None,
        group: None,
        name: name.into(),
        version: Some(version),
        scope: None,
        hashes: Vec::new(),
        licenses: Vec::new(),
        purl: None,
        evidence: None,
        properties: Vec::new(),
    }
}

fn part(component: &Component) -> Part<'_> {
    let (group, name) = split_name(component);
    let occurrences: Vec<Occurrence> = component
        .locations
        .iter()
        .map(|location| Occurrence {
            location: location_text(location),
            line: location.region.map(|region| region.start_line),
        })
        .collect();
    let version = component.version.as_deref();
    Part {
        type_name: type_name(component.kind),
        reference: Some(component.purl.as_str().into()),
        group,
        name,
        version: version.filter(|version| version.chars().nth(LONGEST_VERSION).is_none()),
        scope: None,
        hashes: component.checksums.iter().filter_map(|checksum| hash(checksum)).collect(),
        licenses: licences(&component.licenses),
        purl: Some(component.purl.as_str()).filter(|purl| !purl.is_empty()),
        evidence: (!occurrences.is_empty()).then_some(Evidence { occurrences }),
        properties: properties(component),
    }
}

/// The group apart from the name, for ecosystems whose names have two parts that CycloneDX wants apart.
fn split_name(component: &Component) -> (Option<String>, Cow<'_, str>) {
    let whole = (None, Cow::Borrowed(component.name.as_str()));
    let Ok(purl) = Purl::parse(&component.purl) else { return whole };
    match purl.namespace() {
        Some(namespace) if matches!(purl.kind(), "npm" | "maven" | "composer") => {
            (Some(namespace.to_owned()), Cow::Owned(purl.name().to_owned()))
        }
        _ => whole,
    }
}

fn scope(scope: Scope) -> &'static str {
    match scope {
        Scope::Runtime => "required",
        Scope::Optional => "optional",
        Scope::Development => "excluded",
    }
}

fn hash(checksum: &str) -> Option<Hash<'_>> {
    let (algorithm, content) = checksum.split_once(':')?;
    let (_, alg) = HASHES.iter().find(|(ours, _)| *ours == algorithm)?;
    let valid = matches!(content.len(), 32 | 40 | 64 | 96 | 128)
        && content.bytes().all(|byte| byte.is_ascii_hexdigit());
    valid.then_some(Hash { alg, content })
}

/// A list of single licences, or one expression: the format allows no mixture.
fn licences(texts: &[String]) -> Vec<Licence<'_>> {
    let forms: Vec<Form> = texts.iter().map(|text| licence::form(text)).collect();
    let expression = forms.contains(&Form::Expression) || matches!(texts, [one] if is_recent(one));
    if expression && !forms.contains(&Form::Words) {
        let all = match texts {
            [one] => Cow::Borrowed(one.as_str()),
            several => Cow::Owned(licence::conjunction(several.iter().map(String::as_str))),
        };
        return vec![Licence::Expression(all)];
    }
    let named = texts.iter().zip(forms).map(|(text, form)| match form {
        Form::Identifier if !is_recent(text) => Named::Id(text),
        _ => Named::Name(text),
    });
    named.map(Licence::License).collect()
}

/// Identifiers that are younger than the list in CycloneDX's schema. As an expression they are valid nevertheless.
const RECENT: &[&str] = &[
    "BSD-2-Clause-pos-unchanged",
    "BSD-3-Clause-OpenWebUI",
    "BSD-Source-Code-no-disclaimer",
    "BSD-Source-alt-GPL",
    "BSD-ask-to-endorse",
    "Brian-Gladman-3-Clause-no-conversion",
    "Bugroff",
    "CC-BY-NC-3.0-IGO",
    "FDK-MPEG-H",
    "GFDL-1.1-invariants",
    "GFDL-1.1-no-invariants",
    "GFDL-1.2-invariants",
    "GFDL-1.2-no-invariants",
    "GFDL-1.3-invariants",
    "GFDL-1.3-no-invariants",
    "Hippocratic-3.0-core",
    "Informatica",
    "MVT-1.1",
    "atc-game",
];

fn is_recent(text: &str) -> bool {
    RECENT.contains(&text)
}

/// What CycloneDX has no member for.
fn properties(component: &Component) -> Vec<Property<'_>> {
    let mut properties = Vec::new();
    let mut add =
        |name, value: Cow<'_, str>| properties.push(Property { name, value: value.into_owned().into() });
    if let Some(requirement) = &component.requirement {
        add("andon:requirement", requirement.into());
    }
    if let Some(upstream) = &component.upstream {
        add("andon:upstream", format!("{}@{}", upstream.name, upstream.version).into());
    }
    for checksum in component.checksums.iter().filter(|checksum| hash(checksum).is_none()) {
        add("andon:checksum", checksum.into());
    }
    properties
}

/// What a reader would not see in the graph.
fn graph_properties(node: &Node<'_>) -> Vec<Property<'static>> {
    let component = node.component;
    let mut properties = Vec::new();
    if component.scope != Scope::Runtime {
        properties.push(Property { name: "andon:scope", value: scope_name(component.scope).into() });
    }
    if component.relation != node.visible_relation() {
        properties.push(Property { name: "andon:relation", value: relation_name(component.relation).into() });
    }
    properties
}
