use std::borrow::Cow;
use std::collections::BTreeMap;

use andon_model::{Component, Relation, Scope};
use serde::Serialize;
use serde::ser::{SerializeSeq, Serializer};

use super::{CHECKSUMS, SUBJECT, purpose_name};
use crate::hints::{location_text, relation_name, scope_name};
use crate::licence::{self, Form};
use crate::output::{Node, Prepared};

/// The document with this namespace, ready to be serialised.
pub(crate) fn write<'a>(prepared: &'a Prepared<'a>, namespace: &str) -> impl Serialize + use<'a> {
    let document = prepared.document;
    let name = if document.subject.name.is_empty() { "unnamed" } else { &document.subject.name };
    SpdxDocument {
        version: "SPDX-2.3",
        licence: "CC0-1.0",
        id: DOCUMENT,
        name,
        namespace: namespace.to_owned(),
        creation: Creation {
            created: &prepared.timestamp,
            creators: [format!("Tool: {}-{}", document.tool.name, document.tool.version)],
            comment: (!document.complete)
                .then_some("The list is incomplete: not everything could be examined."),
        },
        packages: Packages(prepared),
        relationships: Relationships(prepared),
        extracted: extracted(prepared),
    }
}

const DOCUMENT: &str = "SPDXRef-DOCUMENT";
const NO_ASSERTION: &str = "NOASSERTION";

#[derive(Serialize)]
struct SpdxDocument<'a> {
    #[serde(rename = "spdxVersion")]
    version: &'static str,
    #[serde(rename = "dataLicense")]
    licence: &'static str,
    #[serde(rename = "SPDXID")]
    id: &'static str,
    name: &'a str,
    #[serde(rename = "documentNamespace")]
    namespace: String,
    #[serde(rename = "creationInfo")]
    creation: Creation<'a>,
    packages: Packages<'a>,
    relationships: Relationships<'a>,
    #[serde(rename = "hasExtractedLicensingInfos", skip_serializing_if = "Vec::is_empty")]
    extracted: Vec<Extracted<'a>>,
}

#[derive(Serialize)]
struct Creation<'a> {
    created: &'a str,
    creators: [String; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Package<'a> {
    #[serde(rename = "SPDXID")]
    id: Cow<'static, str>,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    version_info: Option<&'a str>,
    supplier: &'static str,
    download_location: &'static str,
    files_analyzed: bool,
    license_concluded: &'static str,
    license_declared: String,
    copyright_text: &'static str,
    primary_package_purpose: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    checksums: Vec<Checksum<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_refs: Option<[External<'a>; 1]>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    annotations: Vec<Annotation<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Checksum<'a> {
    algorithm: &'static str,
    checksum_value: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct External<'a> {
    reference_category: &'static str,
    reference_type: &'static str,
    reference_locator: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Annotation<'a> {
    annotation_date: &'a str,
    annotation_type: &'static str,
    annotator: String,
    comment: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Extracted<'a> {
    license_id: String,
    name: &'a str,
    extracted_text: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Relationship<'a> {
    spdx_element_id: &'a str,
    relationship_type: &'static str,
    related_spdx_element: &'a str,
}

/// The packages, made one by one as they are written.
struct Packages<'a>(&'a Prepared<'a>);

impl Serialize for Packages<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let prepared = self.0;
        let subject = package(prepared, SUBJECT.into(), prepared.document.subject, None);
        let others = prepared
            .nodes
            .iter()
            .map(|node| package(prepared, identifier(node.component).into(), node.component, Some(node)));
        serializer.collect_seq(std::iter::once(subject).chain(others))
    }
}

/// What the document describes, what that asks for or contains, and what each component needs.
struct Relationships<'a>(&'a Prepared<'a>);

impl Serialize for Relationships<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut seq = serializer.serialize_seq(None)?;
        let mut relate = |from: &str, kind, to: &str| {
            seq.serialize_element(&Relationship {
                spdx_element_id: from,
                relationship_type: kind,
                related_spdx_element: to,
            })
        };
        relate(DOCUMENT, "DESCRIBES", SUBJECT)?;
        for node in &self.0.nodes {
            let id = identifier(node.component);
            match (node.component.relation, node.component.scope) {
                (Relation::Direct, Scope::Runtime) => relate(SUBJECT, "DEPENDS_ON", &id)?,
                (Relation::Direct, Scope::Optional) => relate(&id, "OPTIONAL_DEPENDENCY_OF", SUBJECT)?,
                (Relation::Direct, Scope::Development) => relate(&id, "DEV_DEPENDENCY_OF", SUBJECT)?,
                _ if !node.needed => relate(SUBJECT, "CONTAINS", &id)?,
                _ => {}
            }
            for other in self.0.needs(node) {
                relate(&id, "DEPENDS_ON", &identifier(other.component))?;
            }
        }
        seq.end()
    }
}

fn package<'a>(
    prepared: &'a Prepared<'a>,
    id: Cow<'static, str>,
    component: &'a Component,
    node: Option<&Node<'_>>,
) -> Package<'a> {
    let purl = component.purl.as_str();
    Package {
        id,
        name: if component.name.is_empty() { "unnamed" } else { &component.name },
        version_info: component.version.as_deref().filter(|version| !version.is_empty()),
        supplier: NO_ASSERTION,
        download_location: NO_ASSERTION,
        files_analyzed: false,
        license_concluded: NO_ASSERTION,
        license_declared: declared(&component.licenses),
        copyright_text: NO_ASSERTION,
        primary_package_purpose: purpose_name(component.kind),
        checksums: component.checksums.iter().filter_map(|text| checksum(text)).collect(),
        external_refs: (!purl.is_empty()).then_some([External {
            reference_category: "PACKAGE-MANAGER",
            reference_type: "purl",
            reference_locator: purl,
        }]),
        annotations: notes(component, node, prepared.mixed)
            .into_iter()
            .map(|comment| Annotation {
                annotation_date: &prepared.timestamp,
                annotation_type: "OTHER",
                annotator: format!(
                    "Tool: {}-{}",
                    prepared.document.tool.name, prepared.document.tool.version
                ),
                comment,
            })
            .collect(),
    }
}

/// What SPDX has no member for, and what a reader would not see in the graph, as `name: value`.
fn notes(component: &Component, node: Option<&Node<'_>>, mixed: bool) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(node) = node {
        // A reader infers scopes from all the ways that lead to a component; only this one needs no telling.
        let plain = component.relation == Relation::Direct && component.scope == Scope::Runtime;
        if mixed && !plain {
            notes.push(format!("andon:scope: {}", scope_name(component.scope)));
        }
        if component.relation != node.visible_relation() {
            notes.push(format!("andon:relation: {}", relation_name(component.relation)));
        }
    }
    notes.extend(component.requirement.iter().map(|requirement| format!("andon:requirement: {requirement}")));
    let upstream = component.upstream.iter();
    notes.extend(upstream.map(|upstream| format!("andon:upstream: {}@{}", upstream.name, upstream.version)));
    let unknown = component.checksums.iter().filter(|text| checksum(text).is_none());
    notes.extend(unknown.map(|checksum| format!("andon:checksum: {checksum}")));
    // The line is always there, so that a colon in a path is no riddle.
    notes.extend(component.locations.iter().map(|location| {
        let line = location.region.map_or(0, |region| region.start_line);
        format!("andon:location: {}:{line}", location_text(location))
    }));
    notes
}

fn checksum(text: &str) -> Option<Checksum<'_>> {
    let (algorithm, value) = text.split_once(':')?;
    let (_, name) = CHECKSUMS.iter().find(|(ours, _)| *ours == algorithm)?;
    let valid = !value.is_empty() && value.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    valid.then_some(Checksum { algorithm: name, checksum_value: value })
}

/// One expression for all licences; those in other words by reference.
fn declared(licenses: &[String]) -> String {
    if licenses.is_empty() {
        return NO_ASSERTION.to_owned();
    }
    let terms: Vec<Cow<'_, str>> = licenses
        .iter()
        .map(|text| if needs_extraction(text) { reference(text).into() } else { text.as_str().into() })
        .collect();
    licence::conjunction(terms.iter().map(AsRef::as_ref))
}

fn needs_extraction(text: &str) -> bool {
    licence::form(text) == Form::Words
}

/// The licences that are not in SPDX's terms, each once.
fn extracted<'a>(prepared: &'a Prepared<'a>) -> Vec<Extracted<'a>> {
    let components = prepared.nodes.iter().map(|node| node.component);
    let texts = components.chain([prepared.document.subject]).flat_map(|component| &component.licenses);
    let by_reference: BTreeMap<String, &str> =
        texts.filter(|text| needs_extraction(text)).map(|text| (reference(text), text.as_str())).collect();
    by_reference
        .into_iter()
        .map(|(license_id, text)| Extracted { license_id, name: text, extracted_text: text })
        .collect()
}

fn reference(text: &str) -> String {
    format!("LicenseRef-{}", readable_and_unique(text))
}

fn identifier(component: &Component) -> String {
    let purl = &component.purl;
    format!("SPDXRef-{}", readable_and_unique(purl.strip_prefix("pkg:").unwrap_or(purl)))
}

/// The text in the characters that an identifier may have, cut where it gets long, and a digest that tells it apart.
fn readable_and_unique(text: &str) -> String {
    const READABLE: usize = 64;
    let mut readable = String::with_capacity(READABLE + 17);
    for character in text.chars().take(READABLE) {
        if character.is_ascii_alphanumeric() || character == '.' {
            readable.push(character);
        } else if !readable.ends_with('-') {
            readable.push('-');
        }
    }
    let digest = blake3::hash(text.as_bytes()).to_hex();
    format!("{}-{}", readable.trim_matches('-'), digest.get(..16).unwrap_or_default())
}
