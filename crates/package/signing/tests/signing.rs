//! Signing and verifying against registries on this machine.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "tests may fail loudly"
)]

mod image {
    mod formats;
    mod hostile;
}
#[path = "../../../base/network/tests/support/oci.rs"]
mod oci;
#[path = "../../../base/network/tests/support/server.rs"]
mod server;

use andon_attestation::{KeyKind, PublicKey, SecretKey, Signer};
use andon_network::registry::{Credentials, Reference, Repository};
use andon_network::{Client, Settings};
use andon_signing::image::{
    Format, ImageError, PredicateKind, Signed, Signing, Verified, Wanted, attest, sign, verify,
};
use andon_system::MemorySystem;
use oci::Registry;

fn key(kind: KeyKind, seed: u8) -> SecretKey {
    SecretKey::generate(kind, &[seed; 32])
}

fn client() -> Client {
    let settings = Settings {
        attempts: 2,
        first_wait: std::time::Duration::from_millis(5),
        longest_retry_after: std::time::Duration::from_secs(1),
        ..Settings::default()
    };
    Client::new(&MemorySystem::new(), settings).unwrap()
}

/// Does something with the image `name` of a registry.
fn with<T>(registry: &Registry, name: &str, work: impl FnOnce(&mut Repository<'_>) -> T) -> T {
    // To read the machine's certificates takes long.
    thread_local!(static CLIENT: Client = client());
    let reference = Reference::parse(&registry.name(name)).unwrap();
    CLIENT.with(|client| work(&mut Repository::to_push(client, &reference, &Credentials::Anonymous)))
}

const CREATED: &str = "2026-11-22T20:00:00Z";

fn signed(registry: &Registry, name: &str, signer: &dyn Signer, format: Format) -> Signed {
    with(registry, name, |repository| {
        let image = repository.image().unwrap();
        sign(repository, &image, &Signing { signer, format, created: CREATED }).unwrap()
    })
}

fn attested(registry: &Registry, name: &str, signer: &dyn Signer, format: Format, kind: &str) -> Signed {
    with(registry, name, |repository| {
        let image = repository.image().unwrap();
        let signing = Signing { signer, format, created: CREATED };
        let predicate = [("kind".to_owned(), kind.into())].into_iter().collect();
        attest(repository, &image, &PredicateKind::parse(kind).unwrap(), predicate, &signing).unwrap()
    })
}

fn verified(
    registry: &Registry,
    name: &str,
    key: &PublicKey,
    wanted: &Wanted,
) -> Result<Verified, ImageError> {
    with(registry, name, |repository| verify(repository, std::slice::from_ref(key), wanted))
}

fn attestation(kind: &str) -> Wanted {
    Wanted::Attestation(PredicateKind::parse(kind).unwrap())
}

#[track_caller]
fn missing(result: Result<Verified, ImageError>, expected: &str) {
    let error = result.unwrap_err();
    assert!(matches!(error, ImageError::Missing { .. }) && error.is_refusal(), "{error}");
    assert!(error.to_string().contains(expected), "{error}");
}

#[track_caller]
fn refused(result: Result<Verified, ImageError>, expected: &str) {
    let error = result.unwrap_err();
    assert!(matches!(error, ImageError::NotVerified { .. }) && error.is_refusal(), "{error}");
    assert!(error.to_string().contains(expected), "{error}");
}
