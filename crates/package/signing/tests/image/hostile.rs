use andon_attestation::{KeyKind, SecretKey, Signer};
use andon_signing::image::{Format, ImageError, SIMPLE_SIGNING, Wanted};
use serde_json::{Value, json};

use crate::oci::{INDEX, Kind, MODERN, OLD, Registry, digest};
use crate::{attestation, attested, key, missing, refused, signed, verified};

fn registry(kind: Kind) -> (Registry, String, SecretKey) {
    let registry = Registry::start(kind);
    let image = registry.put_image("1");
    (registry, image, key(KeyKind::EcdsaP256, 1))
}

fn tag(image: &str, suffix: &str) -> String {
    format!("{}{suffix}", image.replace(':', "-"))
}

/// The manifest at `place` with a change, also in its only layer's content.
fn changed(
    registry: &Registry,
    place: &str,
    change: impl Fn(&mut Value),
    content: impl Fn(String) -> String,
) -> Value {
    let mut manifest = registry.manifest(place).unwrap();
    let old = registry.blob(manifest["layers"][0]["digest"].as_str().unwrap()).unwrap();
    let new = content(String::from_utf8(old).unwrap());
    manifest["layers"][0]["digest"] = registry.put_blob(new.as_bytes()).into();
    manifest["layers"][0]["size"] = new.len().into();
    change(&mut manifest);
    manifest
}

#[test]
fn altered_signatures_are_refused() {
    let (_, _, ours) = registry(OLD);
    let check = |change: &dyn Fn(&mut Value), content: &dyn Fn(String) -> String, expected: &str| {
        let (registry, _, _) = registry(OLD);
        let place = signed(&registry, "app:1", &ours, Format::Tag).place;
        let manifest = changed(&registry, &place, change, content);
        registry.put_manifest(Some(&place), &manifest);
        refused(verified(&registry, "app:1", ours.public(), &Wanted::Signature), expected);
    };
    let (no, same) = (|_: &mut Value| {}, |text: String| text);
    check(&no, &|text| text.replace("app", "apq"), "not signed by an accepted key");
    check(&no, &|text| format!("{text} "), "not signed by an accepted key");
    let annotation = "dev.cosignproject.cosign/signature";
    check(&|manifest| manifest["layers"][0]["annotations"][annotation] = "!".into(), &same, "no base64");
    check(
        &|manifest| manifest["layers"][0]["annotations"] = json!({}),
        &same,
        "not signed by an accepted key",
    );
    check(&|manifest| manifest["layers"][0]["size"] = 1.into(), &same, "has more than the 1 bytes");
    check(
        &|manifest| manifest["layers"][0]["digest"] = digest(b"none").into(),
        &same,
        "does not have the blob",
    );
    check(
        &|manifest| manifest["layers"][0]["size"] = u64::MAX.into(),
        &same,
        "more than the limit of 67108864",
    );
    check(&|manifest| manifest["layers"][0]["mediaType"] = "text/plain".into(), &same, "text/plain");
}

#[test]
fn a_signature_of_another_image_is_refused() {
    for kind in [MODERN, OLD] {
        let (registry, image, ours) = registry(kind);
        let other = registry.put_image("other");
        for format in [Format::Bundle, Format::Tag] {
            signed(&registry, "app:other", &ours, format);
            attested(&registry, "app:other", &ours, format, "openvex");
        }
        // Copied under the tags of ours.
        for suffix in [".sig", ".att"] {
            let there = digest(registry.manifest(&tag(&other, suffix)).unwrap().to_string().as_bytes());
            registry.retag(&tag(&image, suffix), &there);
        }
        let of_other = format!("it is about {other}, not about this image");
        refused(verified(&registry, "app:1", ours.public(), &Wanted::Signature), &of_other);
        refused(verified(&registry, "app:1", ours.public(), &attestation("openvex")), "not about this image");
    }
}

#[test]
fn a_registry_that_lists_what_is_about_other_images_is_seen() {
    // As it is, and with the manifest's subject changed to ours.
    for rewritten in [false, true] {
        for kind in [MODERN, OLD] {
            let (registry, image, ours) = registry(kind);
            registry.put_image("other");
            let place = signed(&registry, "app:other", &ours, Format::Bundle).place;
            let subject = |manifest: &mut Value| {
                if rewritten {
                    manifest["subject"]["digest"] = image.as_str().into();
                }
            };
            let manifest = changed(&registry, &place, subject, |text| text);
            let name = registry.put_manifest(None, &manifest);
            let size = manifest.to_string().len();
            let entry = json!({"mediaType": manifest["mediaType"], "digest": name, "size": size});
            let index = json!({"schemaVersion": 2, "mediaType": INDEX, "manifests": [entry]});
            registry.put_manifest(Some(&tag(&image, "")), &index);
            let body = index.to_string().into_bytes();
            registry.twist(move |seen, answer| {
                let list = seen.path.contains("/referrers/") && answer.0 == 200;
                list.then(|| (200, vec![format!("Content-Type: {INDEX}")], body.clone()))
            });
            let expected =
                if rewritten { "its statement is not about this image" } else { "it is about sha256:" };
            refused(verified(&registry, "app:1", ours.public(), &Wanted::Signature), expected);
        }
    }
}

#[test]
fn how_a_list_describes_its_entries_does_not_matter() {
    for artifact in [Value::Null, "application/vnd.oci.empty.v1+json".into(), "text/plain".into()] {
        let (registry, _, ours) = registry(MODERN);
        let place = signed(&registry, "app:1", &ours, Format::Bundle).place;
        let size = registry.manifest(&place).unwrap().to_string().len();
        let entry =
            json!({"mediaType": "text/plain", "digest": place, "size": size, "artifactType": artifact});
        // A stranger's note that is said to be a bundle.
        let note = json!({"schemaVersion": 2, "layers": []});
        let other = registry.put_manifest(None, &note);
        let claimed = "application/vnd.dev.sigstore.bundle.v0.3+json";
        let false_entry = json!({"mediaType": "x", "digest": other, "size": 1, "artifactType": claimed});
        let index = json!({"schemaVersion": 2, "mediaType": INDEX, "manifests": [false_entry, entry]});
        registry.twist(move |seen, _| {
            let list = seen.path.contains("/referrers/");
            list.then(|| (200, vec![format!("Content-Type: {INDEX}")], index.to_string().into_bytes()))
        });
        let found = verified(&registry, "app:1", ours.public(), &Wanted::Signature).unwrap();
        assert_eq!((found.proofs.len(), found.rejected.len()), (1, 0));
    }
}

#[test]
fn bundles_that_make_no_sense_are_refused() {
    let check = |change: &dyn Fn(&mut Value), content: &dyn Fn(String) -> String, expected: &str| {
        let (registry, _, ours) = registry(MODERN);
        let place = signed(&registry, "app:1", &ours, Format::Bundle).place;
        let manifest = changed(&registry, &place, change, content);
        let hide = registry.put_manifest(None, &manifest);
        registry.falsify(&place, b"{}");
        assert_ne!(hide, place);
        refused(verified(&registry, "app:1", ours.public(), &Wanted::Signature), expected);
    };
    let (no, same) = (|_: &mut Value| {}, |text: String| text);
    check(&no, &|_| "{}".to_owned(), "media type");
    check(&no, &|_| "[".repeat(100_000), "cannot read the bundle");
    check(&no, &|text| text.replace("publicKey", "certificate"), "tied to a certificate");
    check(&no, &|text| text.replace("\"payloadType\":", "\"payload\":\"\",\"payloadType\":"), "cannot read");
    check(&no, &|text| text.replace("in-toto", "in-tutu"), "not an in-toto statement");
    check(&no, &|text| text.replace("\"sig\":\"", "\"sig\":\"AAAA"), "not signed by an accepted key");
    check(
        &|manifest| {
            let layer = manifest["layers"][0].clone();
            manifest["layers"] = json!([layer, layer]);
        },
        &|text| format!("{text} "),
        "the only layer of its manifest",
    );
    check(&|manifest| manifest["layers"][0]["size"] = 3.into(), &same, "has more than the 3 bytes");
}

#[test]
fn an_image_that_is_not_what_its_name_says_is_refused() {
    let (registry, image, ours) = registry(MODERN);
    signed(&registry, "app:1", &ours, Format::Bundle);
    registry.falsify(&image, br#"{"schemaVersion": 2, "layers": []}"#);
    let pinned = verified(&registry, &format!("app@{image}"), ours.public(), &Wanted::Signature).unwrap_err();
    assert!(matches!(pinned, ImageError::Registry(_)), "{pinned}");
    let (registry, _, _) = self::registry(MODERN);
    signed(&registry, "app:1", &ours, Format::Bundle);
    registry.put_image("2");
    let other = digest(registry.manifest("2").unwrap().to_string().as_bytes());
    registry.retag("1", &other);
    missing(verified(&registry, "app:1", ours.public(), &Wanted::Signature), "has no signature");
    let none = verified(&registry, "app:none", ours.public(), &Wanted::Signature).unwrap_err();
    assert!(!none.is_refusal() && none.to_string().contains("does not have"), "{none}");
}

#[test]
fn there_is_an_end_to_what_is_looked_at() {
    let (registry, image, ours) = registry(OLD);
    let payload = registry.put_blob(b"x");
    let layer = json!({"mediaType": SIMPLE_SIGNING, "digest": payload, "size": 1});
    let manifest = json!({"schemaVersion": 2, "layers": vec![layer; 1001]});
    registry.put_manifest(Some(&tag(&image, ".sig")), &manifest);
    refused(verified(&registry, "app:1", ours.public(), &Wanted::Signature), "list of at most 1000");
    registry.server.fail(
        &format!("v2/app/manifests/{}", tag(&image, ".sig")),
        &[crate::server::Fault::Status(429, "Retry-After: 3600\r\n")],
    );
    let busy = verified(&registry, "app:1", ours.public(), &Wanted::Signature).unwrap_err();
    assert!(!busy.is_refusal() && busy.to_string().contains("asks to wait 3600 s"), "{busy}");
}
