use andon_model::{Component, ComponentKind, Location, Region, Relation, Scope, Tool, Upstream};
use andon_purl::Purl;
use andon_sbom::{Document, Format, read, write};
use proptest::prelude::*;

const LICENCES: &[&str] = &[
    "MIT",
    "Apache-2.0 OR MIT",
    "GPL-2.0+",
    "Apache License 2.0",
    "GPL-2.0-only WITH Classpath-exception-2.0",
    "ü §",
];

prop_compose! {
    fn component()(
        kind in prop::sample::select(vec!["npm", "pypi", "cargo", "golang", "generic", "deb"]),
        namespace in "[a-z]{0,3}",
        name in "[a-zA-Z0-9._+ é-]{1,6}",
        version in prop::option::of("[0-9]{1,2}(:[0-9]|[.+~-][a-z0-9]){0,3}"),
        scope in prop::sample::select(vec![Scope::Development, Scope::Optional, Scope::Runtime]),
        relation in prop::sample::select(vec![Relation::Direct, Relation::Transitive, Relation::Unknown]),
        licenses in prop::sample::subsequence(LICENCES, 0..3),
        edges in prop::collection::vec(any::<prop::sample::Index>(), 0..4),
        line in prop::option::of(1_u32..1000),
        path in "[a-z/:0-9]{1,8}",
        extra in any::<bool>(),
    ) -> (Component, Vec<prop::sample::Index>) {
        let purl = Purl::new(kind, &name).with_namespace(&namespace).with_version(version.as_deref().unwrap_or(""));
        let region = line.map(|line| Region { start_line: line, end_line: line, ..Region::default() });
        let component = Component {
            name: purl.native_name(),
            version: purl.version().map(str::to_owned),
            purl: purl.to_string(),
            kind: ComponentKind::Library,
            scope,
            relation,
            requirement: extra.then(|| ">= 1, < 2".to_owned()),
            licenses: licenses.into_iter().map(str::to_owned).collect(),
            checksums: if extra { vec![format!("sha256:{}", "0a".repeat(32)), "odd:xyz".to_owned()] } else { Vec::new() },
            upstream: extra.then(|| Upstream { name: "source".to_owned(), version: "1:2-3".to_owned() }),
            locations: vec![Location { path, nested: vec!["b.jar".to_owned()], region, ..Location::default() }],
            depends_on: Vec::new(),
        };
        (component, edges)
    }
}

prop_compose! {
    fn components()(drawn in prop::collection::vec(component(), 0..12)) -> Vec<Component> {
        let purls: Vec<String> = drawn.iter().map(|(component, _)| component.purl.clone()).collect();
        let mut components: Vec<Component> = drawn
            .into_iter()
            .map(|(mut component, edges)| {
                component.depends_on = edges.iter().map(|edge| edge.get(&purls).clone()).collect();
                component.depends_on.retain(|purl| *purl != component.purl);
                component.depends_on.sort();
                component.depends_on.dedup();
                component
            })
            .collect();
        components.sort_by(|a, b| a.purl.cmp(&b.purl));
        components.dedup_by(|a, b| a.purl == b.purl);
        components
    }
}

fn check(components: &[Component], format: Format) {
    let subject =
        Component { name: "project".to_owned(), kind: ComponentKind::Application, ..Component::default() };
    let tool = Tool { name: "andon".to_owned(), version: "1".to_owned() };
    let document = Document {
        subject: &subject,
        components,
        tool: &tool,
        timestamp: "2026-01-02T03:04:05Z",
        complete: true,
        findings: &[],
    };
    let (mut first, mut second) = (Vec::new(), Vec::new());
    write(&document, format, &mut first).expect("a document");
    write(&document, format, &mut second).expect("a document");
    assert_eq!(first, second);
    let sbom = read(&first).expect("a document");
    let mut found = sbom.components;
    // SPDX has one expression for all licences; the order in it means nothing.
    let mut expected = components.to_vec();
    for component in found.iter_mut().chain(&mut expected) {
        component.licenses.sort();
    }
    assert_eq!(found, expected, "{}", String::from_utf8_lossy(&first));
    assert_eq!(sbom.subject.map(|subject| subject.name).as_deref(), Some("project"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn cyclonedx_keeps_everything(components in components()) {
        check(&components, Format::CycloneDx);
    }

    #[test]
    fn spdx_keeps_everything(components in components()) {
        check(&components, Format::Spdx);
    }

    #[test]
    fn truncated_documents_are_read_as_far_as_they_go(components in components(), cut in 0.0..1.0_f64) {
        let subject = Component { name: "project".to_owned(), ..Component::default() };
        let tool = Tool { name: "andon".to_owned(), version: "1".to_owned() };
        let document = Document {
            subject: &subject, components: &components, tool: &tool, timestamp: "2026-01-02T03:04:05Z",
            complete: true, findings: &[],
        };
        for format in [Format::CycloneDx, Format::Spdx] {
            let mut bytes = Vec::new();
            write(&document, format, &mut bytes).expect("a document");
            let head = 200.max((bytes.len() as f64 * cut) as usize).min(bytes.len() - 3);
            let Ok(sbom) = read(&bytes[..head]) else { continue };
            prop_assert!(sbom.problems.iter().any(|problem| problem.kind == andon_sbom::ProblemKind::Damaged));
            prop_assert!(sbom.components.len() <= components.len() + 1);
        }
    }
}
