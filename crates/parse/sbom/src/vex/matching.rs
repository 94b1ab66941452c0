use andon_purl::Purl;

use super::{VexProduct, VexStatement};
use crate::time;

/// Whether a statement is about this vulnerability in this component.
///
/// `ids` are all names that the vulnerability is known by; one that the statement has too is enough. `purl` is the
/// component that has it. `products` are what the component is part of: the image or project that was scanned, by its
/// package URL. A statement about a product is about everything in it, or about its subcomponents where it names some;
/// a statement about the component itself is about it wherever it is.
pub fn applies(statement: &VexStatement, ids: &[&str], purl: &Purl, products: &[Purl]) -> bool {
    let named = |name: &String| ids.iter().any(|id| id.eq_ignore_ascii_case(name));
    statement.vulnerability.iter().any(named)
        && statement.products.iter().any(|product| concerns(product, purl, products))
}

/// The statement that holds: of those that apply the one with the latest time, and of several of the same time the
/// last. Earlier statements are superseded, whatever they say.
pub fn latest<'a>(
    statements: &'a [VexStatement],
    ids: &[&str],
    purl: &Purl,
    products: &[Purl],
) -> Option<&'a VexStatement> {
    statements
        .iter()
        .filter(|statement| applies(statement, ids, purl, products))
        .max_by_key(|statement| time::instant(&statement.timestamp))
}

/// Whether what a statement names covers a component: type, namespace and name are equal, and so is whatever else the
/// statement's package URL has: version, qualifiers, subpath. Without a version it covers all.
pub fn purl_covers(named: &Purl, purl: &Purl) -> bool {
    named.kind() == purl.kind()
        && named.namespace() == purl.namespace()
        && named.name() == purl.name()
        && named.version().is_none_or(|version| purl.version() == Some(version))
        && named.subpath().is_none_or(|subpath| purl.subpath() == Some(subpath))
        && named.qualifiers().all(|(key, value)| purl.qualifier(key) == Some(value))
}

fn concerns(product: &VexProduct, purl: &Purl, products: &[Purl]) -> bool {
    if product.subcomponents.is_empty() {
        return names(&product.identifiers, purl)
            || products.iter().any(|whole| names(&product.identifiers, whole));
    }
    products.iter().any(|whole| names(&product.identifiers, whole))
        && product.subcomponents.iter().any(|part| names(part, purl))
}

fn names(identifiers: &[String], purl: &Purl) -> bool {
    identifiers.iter().any(|text| match Purl::parse(text) {
        Ok(named) => purl_covers(&named, purl),
        Err(_) => false,
    })
}

#[cfg(test)]
mod tests {
    use super::super::read;
    use super::*;

    fn statements(statements: &str) -> Vec<VexStatement> {
        let text = format!(
            r#"{{"@context": "https://openvex.dev/ns/v0.2.0", "@id": "urn:x", "author": "A",
                "timestamp": "2026-01-01T00:00:00Z", "version": 1, "statements": [{statements}]}}"#
        );
        read(text.as_bytes()).expect("a document").statements
    }

    fn check(product: &str, purl: &str, whole: Option<&str>, expected: bool) {
        let all = statements(&format!(
            r#"{{"vulnerability": {{"name": "CVE-1", "aliases": ["GHSA-a"]}}, "products": [{product}],
                "status": "fixed"}}"#
        ));
        let purl = Purl::parse(purl).expect("a package URL");
        let products: Vec<Purl> =
            whole.map(|whole| Purl::parse(whole).expect("a package URL")).into_iter().collect();
        assert_eq!(applies(&all[0], &["OSV-9", "ghsa-A"], &purl, &products), expected, "{product} {purl}");
        assert!(!applies(&all[0], &["CVE-11"], &purl, &products));
    }

    #[test]
    fn products_are_matched_by_package_url() {
        check(r#"{"@id": "pkg:npm/a"}"#, "pkg:npm/a@1", None, true);
        check(r#"{"@id": "pkg:npm/a@1"}"#, "pkg:npm/a@1?arch=x", None, true);
        check(r#"{"@id": "pkg:npm/a@1"}"#, "pkg:npm/a@2", None, false);
        check(r#"{"@id": "pkg:npm/a@1"}"#, "pkg:npm/a", None, false);
        check(r#"{"@id": "pkg:deb/debian/a@1?arch=x"}"#, "pkg:deb/debian/a@1?arch=y", None, false);
        check(r#"{"@id": "pkg:deb/debian/a@1"}"#, "pkg:deb/ubuntu/a@1", None, false);
        check(r#"{"@id": "urn:x", "identifiers": {"purl": "pkg:npm/a"}}"#, "pkg:npm/a@1", None, true);
        check(r#""pkg:npm/a""#, "pkg:npm/a@1", None, true);
        check(r#"{"@id": "pkg:oci/i"}"#, "pkg:npm/a@1", Some("pkg:oci/i@sha256:00"), true);
        check(r#"{"@id": "pkg:oci/i"}"#, "pkg:npm/a@1", Some("pkg:oci/j"), false);
    }

    #[test]
    fn subcomponents_narrow_a_product() {
        let product = r#"{"@id": "pkg:oci/i", "subcomponents": [{"@id": "pkg:npm/a"}]}"#;
        check(product, "pkg:npm/a@1", Some("pkg:oci/i"), true);
        check(product, "pkg:npm/b@1", Some("pkg:oci/i"), false);
        check(product, "pkg:npm/a@1", None, false);
    }

    #[test]
    fn later_statements_supersede() {
        let one = |status: &str, time: &str| {
            format!(
                r#"{{"vulnerability": {{"name": "CVE-1"}}, "products": [{{"@id": "pkg:npm/a"}}],
                    "status": "{status}", "timestamp": "{time}"}}"#
            )
        };
        let purl = Purl::parse("pkg:npm/a@1").expect("a package URL");
        let status = |texts: &[String]| {
            let all = statements(&texts.join(","));
            latest(&all, &["CVE-1"], &purl, &[]).map(|statement| statement.status.label())
        };
        let (early, late) = ("2026-01-01T00:00:00+00:00", "2026-01-01T00:30:00+00:00");
        assert_eq!(status(&[one("fixed", late), one("affected", early)]), Some("fixed"));
        assert_eq!(status(&[one("fixed", early), one("affected", late)]), Some("affected"));
        assert_eq!(
            status(&[one("fixed", early), one("under_investigation", early)]),
            Some("under_investigation")
        );
        // An hour later by the clock on the wall, half an hour earlier in truth.
        assert_eq!(
            status(&[one("fixed", late), one("affected", "2026-01-01T01:00:00+01:00")]),
            Some("fixed")
        );
        assert_eq!(status(&[]), None);
    }
}
