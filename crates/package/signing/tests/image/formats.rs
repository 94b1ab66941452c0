use andon_attestation::{KeyKind, Signer, predicate};
use andon_signing::image::{Format, SIGNATURE_PREDICATE, Wanted};

use crate::oci::{MODERN, OLD, Registry};
use crate::{attestation, attested, key, missing, refused, signed, verified};

#[test]
fn each_format_in_each_registry_with_each_key() {
    for kind in [MODERN, OLD] {
        for format in [Format::Bundle, Format::Tag] {
            for keys in [KeyKind::Ed25519, KeyKind::EcdsaP256] {
                let registry = Registry::start(kind);
                let image = registry.put_image("1");
                let (ours, theirs) = (key(keys, 1), key(keys, 2));
                let check = |wanted: &Wanted, signature: bool| {
                    let found = verified(&registry, "app:1", ours.public(), wanted).unwrap();
                    assert_eq!((found.digest.as_str(), found.rejected.len()), (image.as_str(), 0));
                    let [proof] = found.proofs.as_slice() else { panic!("{found:?}") };
                    assert_eq!((proof.format, &proof.key), (format, ours.public().id()));
                    assert_eq!(proof.statement.is_none(), signature && format == Format::Tag);
                    refused(
                        verified(&registry, "app:1", theirs.public(), wanted),
                        "not signed by an accepted key",
                    );
                };
                missing(verified(&registry, "app:1", ours.public(), &Wanted::Signature), "has no signature");
                let place = signed(&registry, "app:1", &ours, format).place;
                assert!(registry.manifest(&place).is_some(), "{place}");
                check(&Wanted::Signature, true);
                missing(
                    verified(&registry, "app:1", ours.public(), &attestation("spdxjson")),
                    "has no attestation https://spdx.dev/Document; it has a signature",
                );
                attested(&registry, &format!("app@{image}"), &ours, format, "spdxjson");
                check(&attestation("spdxjson"), false);
                check(&attestation(predicate::SPDX), false);
                check(&Wanted::Signature, true);
                missing(
                    verified(&registry, "app:1", ours.public(), &attestation("openvex")),
                    "it has a signature, an attestation https://spdx.dev/Document",
                );
            }
        }
    }
}

#[test]
fn an_attestation_is_no_signature() {
    for format in [Format::Bundle, Format::Tag] {
        let registry = Registry::start(MODERN);
        registry.put_image("1");
        let ours = key(KeyKind::EcdsaP256, 1);
        attested(&registry, "app:1", &ours, format, "cyclonedx");
        missing(
            verified(&registry, "app:1", ours.public(), &Wanted::Signature),
            "has no signature; it has an attestation https://cyclonedx.org/bom",
        );
    }
    // Nor is a statement under the tag of attestations that calls itself one.
    let registry = Registry::start(MODERN);
    registry.put_image("1");
    let ours = key(KeyKind::EcdsaP256, 1);
    attested(&registry, "app:1", &ours, Format::Tag, SIGNATURE_PREDICATE);
    assert!(verified(&registry, "app:1", ours.public(), &Wanted::Signature).is_err());
}

#[test]
fn what_is_there_is_kept() {
    for kind in [MODERN, OLD] {
        let registry = Registry::start(kind);
        registry.put_image("1");
        let keys = [key(KeyKind::EcdsaP256, 1), key(KeyKind::Ed25519, 2), key(KeyKind::EcdsaP256, 3)];
        for each in &keys {
            for format in [Format::Bundle, Format::Tag] {
                signed(&registry, "app:1", each, format);
                attested(&registry, "app:1", each, format, "slsaprovenance1");
            }
        }
        let again = signed(&registry, "app:1", &keys[0], Format::Tag).place;
        let layers = registry.manifest(&again).unwrap()["layers"].as_array().unwrap().len();
        assert_eq!(layers, 3, "the same signature is not added twice");
        for each in &keys {
            for wanted in [Wanted::Signature, attestation("slsaprovenance1")] {
                let found = verified(&registry, "app:1", each.public(), &wanted).unwrap();
                assert_eq!((found.proofs.len(), found.rejected.len()), (2, 4), "{found:?}");
            }
        }
    }
}

#[test]
fn what_we_do_not_know_of_other_layers_is_kept() {
    let registry = Registry::start(OLD);
    registry.put_image("1");
    let place = signed(&registry, "app:1", &key(KeyKind::EcdsaP256, 1), Format::Tag).place;
    let mut manifest = registry.manifest(&place).unwrap();
    manifest["layers"][0]["annotations"]["dev.sigstore.cosign/bundle"] = "x".into();
    manifest["layers"][0]["unknown"] = 1.into();
    registry.put_manifest(Some(&place), &manifest);
    signed(&registry, "app:1", &key(KeyKind::EcdsaP256, 2), Format::Tag);
    let now = registry.manifest(&place).unwrap();
    assert_eq!(now["layers"][0], manifest["layers"][0]);
    assert_eq!(now["layers"].as_array().unwrap().len(), 2);
}
