use andon_network::registry::{
    Credentials, Descriptor, Document, IMAGE_INDEX, IMAGE_MANIFEST, Reference, RegistryError, Repository,
    digest_of, referrers_tag,
};
use serde_json::{Value, json};

use crate::client;
use crate::support::oci::{Kind, MODERN, OLD, Registry, digest};
use crate::support::server::Fault;

/// Does something with a repository of a registry.
fn with<T>(registry: &Registry, image: &str, work: impl FnOnce(&mut Repository<'_>) -> T) -> T {
    let reference = Reference::parse(&registry.name(image)).unwrap();
    let client = client(&[]);
    work(&mut Repository::to_push(&client, &reference, &Credentials::Anonymous))
}

#[track_caller]
fn refused<T: std::fmt::Debug>(result: Result<T, RegistryError>, expected: &str) {
    let error = result.unwrap_err().to_string();
    assert!(error.contains(expected), "{error}");
}

/// Something about an image, which differs by `number`.
fn about(repository: &mut Repository<'_>, subject: &Descriptor, number: usize) -> Value {
    let layer = repository.push_blob("application/x", number.to_string().as_bytes()).unwrap();
    let config = repository.push_blob("application/vnd.oci.empty.v1+json", b"{}").unwrap();
    json!({"schemaVersion": 2, "mediaType": IMAGE_MANIFEST, "artifactType": "application/x", "config": config,
        "layers": [layer], "subject": subject, "annotations": {"number": number.to_string()}})
}

fn push_about(registry: &Registry, number: usize) -> Descriptor {
    with(registry, "app:1", |repository| {
        let image = repository.image().unwrap().descriptor();
        let manifest = about(repository, &image, number).to_string();
        repository.push_referrer(IMAGE_MANIFEST, manifest.as_bytes()).unwrap()
    })
}

#[test]
fn blobs_and_manifests_come_back_as_they_were() {
    let registry = Registry::start(MODERN);
    with(&registry, "team/app:1", |repository| {
        let layer: Vec<u8> = (0..300_000_u32).map(|index| (index % 251) as u8).collect();
        let pushed = repository.push_blob("application/x", &layer).unwrap();
        assert_eq!(repository.blob(&pushed, 1 << 20).unwrap(), layer);
        assert!(
            repository.has_blob(&pushed.digest).unwrap() && !repository.has_blob(&digest(b"no")).unwrap()
        );
        registry.server.seen();
        repository.push_blob("application/x", &layer).unwrap();
        assert_eq!(registry.server.seen().len(), 1, "what is there is not sent again");

        let manifest =
            json!({"schemaVersion": 2, "mediaType": IMAGE_MANIFEST, "config": pushed, "layers": []});
        let bytes = manifest.to_string().into_bytes();
        let stored = repository.push_manifest(Some("1"), IMAGE_MANIFEST, &bytes).unwrap().descriptor;
        assert_eq!(repository.image().unwrap().bytes, bytes);
        assert_eq!(repository.head("1").unwrap().unwrap(), stored);
        assert_eq!(repository.head(&stored.digest).unwrap().unwrap(), stored);
        assert_eq!(repository.manifest("2").unwrap(), None);
        assert_eq!(repository.head("2").unwrap(), None);
        for tag in ["a", "b", "c"] {
            repository.push_manifest(Some(tag), IMAGE_MANIFEST, &bytes).unwrap();
        }
        assert_eq!(repository.tags().unwrap(), ["1", "a", "b", "c"], "of several pages");
        refused(repository.push_manifest(Some("x"), IMAGE_MANIFEST, b"{"), "MANIFEST_INVALID");
    });
}

#[test]
fn uploads_that_break_are_begun_anew() {
    let registry = Registry::start(MODERN);
    registry.server.fail("v2/app/blobs/uploads/1", &[Fault::Hangup, Fault::Hangup, Fault::Hangup]);
    registry.server.fail("v2/app/blobs/uploads/", &[Fault::Status(503, "")]);
    let pushed = with(&registry, "app", |repository| repository.push_blob("x", b"content").unwrap());
    assert_eq!(registry.blob(&pushed.digest).unwrap(), b"content");

    registry.server.fail("v2/app/blobs/uploads/", &[Fault::Status(429, "Retry-After: 3600\r\n")]);
    let busy = with(&registry, "app", |repository| repository.push_blob("x", b"other"));
    refused(busy, "too many requests (status 429); the server asks to wait 3600 s");
    registry.server.fail("v2/app/blobs/uploads/", &[Fault::Status(429, "Retry-After: 1\r\n")]);
    with(&registry, "app", |repository| repository.push_blob("x", b"other").unwrap());
}

#[test]
fn what_is_about_an_image_is_found_again() {
    let check = |kind: Kind, tagged: bool| {
        let registry = Registry::start(kind);
        let image = registry.put_image("1");
        let none = with(&registry, "app", |repository| repository.referrers(&image).unwrap());
        assert_eq!((none.manifests.len(), none.native), (0, !tagged));
        let pushed: Vec<Descriptor> = (0..5).map(|number| push_about(&registry, number)).collect();
        push_about(&registry, 0);
        let found = with(&registry, "app", |repository| repository.referrers(&image).unwrap());
        assert_eq!((found.manifests.len(), found.native), (5, !tagged));
        assert!(pushed.iter().all(|one| found.manifests.iter().any(|each| each.digest == one.digest)));
        assert!(found.manifests.iter().all(|each| each.artifact_type.as_deref() == Some("application/x")));
        assert!(found.manifests.iter().all(|each| each.annotations.contains_key("number")));
        assert_eq!(registry.tags().contains(&referrers_tag(&image).unwrap()), tagged);
    };
    check(MODERN, false);
    check(OLD, true);
    check(Kind { conditional: true, ..OLD }, true);
}

#[test]
fn concurrent_changes_of_an_index_are_all_kept() {
    for conditional in [true, false] {
        let registry = Registry::start(Kind { conditional, ..OLD });
        let image = registry.put_image("1");
        std::thread::scope(|scope| {
            for number in 0..4 {
                let registry = &registry;
                scope.spawn(move || push_about(registry, number));
            }
        });
        let found = with(&registry, "app", |repository| repository.referrers(&image).unwrap());
        if conditional {
            assert_eq!(found.manifests.len(), 4);
        } else {
            assert!(
                (1..=4).contains(&found.manifests.len()),
                "without conditions one may be lost, never damaged"
            );
        }
    }
}

#[test]
fn a_lost_change_is_made_again() {
    // Somebody writes the index over ours once, as one who read it before us would.
    let registry = Registry::start(OLD);
    let image = registry.put_image("1");
    let tag = referrers_tag(&image).unwrap();
    let empty = json!({"schemaVersion": 2, "mediaType": IMAGE_INDEX, "manifests": []});
    let old = registry.put_manifest(None, &empty);
    let (other, path) = (registry.clone(), format!("/v2/app/manifests/{tag}"));
    let done = std::sync::atomic::AtomicBool::new(false);
    registry.twist(move |seen, _| {
        let ours = seen.method == "PUT" && seen.path == path;
        if ours && !done.swap(true, std::sync::atomic::Ordering::SeqCst) {
            other.retag(&tag, &old);
        }
        None
    });
    let pushed = push_about(&registry, 1);
    let found = with(&registry, "app", |repository| repository.referrers(&image).unwrap());
    assert_eq!(found.manifests.iter().map(|each| &each.digest).collect::<Vec<_>>(), [&pushed.digest]);
}

#[test]
fn a_tag_that_is_no_index_is_not_overwritten() {
    let registry = Registry::start(OLD);
    let image = registry.put_image("1");
    let tag = referrers_tag(&image).unwrap();
    registry.retag(&tag, &image);
    let read = with(&registry, "app", |repository| repository.referrers(&image));
    refused(read, "is an image instead of an index");
    let pushed = with(&registry, "app:1", |repository| {
        let subject = repository.image().unwrap().descriptor();
        let manifest = about(repository, &subject, 1).to_string();
        repository.push_referrer(IMAGE_MANIFEST, manifest.as_bytes())
    });
    refused(pushed, "is an image instead of an index");
    assert_eq!(digest_of(registry.manifest(&tag).unwrap().to_string().as_bytes()), image);
    let nothing = json!({"schemaVersion": 2, "layers": []}).to_string();
    refused(
        with(&registry, "app", |repository| repository.push_referrer(IMAGE_MANIFEST, nothing.as_bytes())),
        "is about nothing",
    );
    assert!(Document::read(nothing.as_bytes()).is_ok());
}
