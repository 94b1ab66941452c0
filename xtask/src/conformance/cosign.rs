//! Signatures of images and attestations, both ways between cosign and us: everything in every format, through a
//! registry that knows OCI 1.1 and one that does not, with either kind of key. What is forged must be refused by both.

mod forge;
mod registries;
mod table;
mod tool;

use std::path::PathBuf;

use andon_attestation::{KeyKind, PublicKey, SecretKey, Signer};
use andon_network::registry::{Credentials, IMAGE_INDEX, IMAGE_MANIFEST, Manifest, Reference, Repository};
use andon_network::{Client, Settings};
use andon_signing::image::{Format, ImageError, PredicateKind, Signing, Wanted, attest, sign, verify};
use andon_system::OsSystem;
use anyhow::{Context, Result};
use clap::Args;
use serde_json::{Map, json};

use forge::Forgery;
use registries::Registries;
use table::{Row, Table};
use tool::Tool;

/// Signatures of images and attestations, both ways between cosign and us, through registries on this machine.
#[derive(Args)]
pub(crate) struct Cosign {
    /// The cosign to compare with, version 3.
    #[arg(long, value_name = "FILE")]
    cosign: PathBuf,
    /// A docker-registry of version 2, which knows no referrers; by itself the one on PATH.
    #[arg(long, value_name = "FILE")]
    docker_registry: Option<PathBuf>,
}

/// What lies beside an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    Signature,
    /// Of an image for several platforms.
    IndexSignature,
    Attestation,
}

/// How it lies there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum How {
    Bundle,
    Tag,
    /// The older format in a manifest that refers to the image; an experiment of cosign that we only read.
    Referrer,
}

/// The kind of attestation that is made.
pub(super) const KIND: &str = "spdxjson";
pub(super) const PREDICATE: &str = r#"{"spdxVersion":"SPDX-2.3"}"#;

/// Keys of one kind.
pub(super) struct Keys {
    kind: KeyKind,
    ours: SecretKey,
    stranger: SecretKey,
}

struct Run<'a> {
    tool: &'a Tool,
    client: Client,
    table: Table,
    count: u32,
}

/// One combination.
#[derive(Clone, Copy)]
struct Case<'a> {
    registry: &'a str,
    host: &'a str,
    keys: &'a Keys,
    what: What,
    how: How,
    we_sign: bool,
}

impl Cosign {
    pub(super) fn run(&self) -> Result<bool> {
        let registries = Registries::start(self.docker_registry.as_deref())?;
        let tool = Tool::new(&self.cosign)?;
        let client = Client::new(&OsSystem, Settings::default())?;
        let mut run = Run { tool: &tool, client, table: Table::default(), count: 0 };
        for kind in [KeyKind::EcdsaP256, KeyKind::Ed25519] {
            let keys = Keys::new(kind);
            tool.import(&keys)?;
            for (registry, host) in registries.hosts() {
                for what in [What::Signature, What::IndexSignature, What::Attestation] {
                    for how in [How::Bundle, How::Tag, How::Referrer] {
                        for we_sign in [true, false] {
                            let experiment = how == How::Referrer;
                            if experiment && (we_sign || what == What::Attestation) {
                                continue;
                            }
                            run.case(Case { registry, host: &host, keys: &keys, what, how, we_sign })?;
                        }
                    }
                }
            }
        }
        print!("{}", run.table);
        Ok(run.table.is_sound())
    }
}

impl Keys {
    fn new(kind: KeyKind) -> Self {
        // Nobody is to trust these.
        let key = |seed: u8| SecretKey::generate(kind, &[seed; 32]);
        Self { kind, ours: key(1), stranger: key(2) }
    }
}

impl Run<'_> {
    fn case(&mut self, case: Case<'_>) -> Result<()> {
        self.count += 1;
        let name = format!("{}/row{}", case.host, self.count);
        let image = self.push(&name, case.what, &name)?;
        let pinned = format!("{name}@{}", image.digest);
        let made = match case.we_sign {
            true => self.sign(&pinned, &image, &case).map_err(|error| error.to_string()),
            false => self.tool.sign(&pinned, &case)?,
        };
        let mut row = Row::new(&case);
        if let Err(message) = made {
            row.made(&message);
            self.table.add(row);
            return Ok(());
        }
        row.ours(self.verify(&name, case.keys.ours.public(), case.what)?.map_err(|error| error.to_string()));
        row.theirs(self.tool.verify(&pinned, &case, case.keys.ours.public())?);
        let (ours, theirs) = self.both(&pinned, &case, case.keys.stranger.public())?;
        row.refused("wrong key", ours, theirs);
        for forgery in [Forgery::Replayed, Forgery::Altered] {
            let target = format!("{name}-{}", forgery.name());
            let other = self.push(&target, case.what, &target)?;
            self.forge(&pinned, &format!("{target}@{}", other.digest), &other, forgery)?;
            let (ours, theirs) =
                self.both(&format!("{target}@{}", other.digest), &case, case.keys.ours.public())?;
            row.refused(forgery.name(), ours, theirs);
        }
        self.table.add(row);
        Ok(())
    }

    /// Whether each of us accepts an image.
    fn both(&self, name: &str, case: &Case<'_>, key: &PublicKey) -> Result<(bool, bool)> {
        let ours = self.verify(name, key, case.what)?;
        if let Err(error) = &ours {
            let refusal = error.is_refusal();
            anyhow::ensure!(refusal, "we could not look at {name}: {error}");
        }
        Ok((ours.is_ok(), self.tool.verify(name, case, key)?.is_ok()))
    }

    fn with<T>(&self, name: &str, work: impl FnOnce(&mut Repository<'_>) -> Result<T>) -> Result<T> {
        let reference = Reference::parse(name)?;
        work(&mut Repository::to_push(&self.client, &reference, &Credentials::Anonymous))
            .with_context(|| format!("with {name}"))
    }

    /// Pushes a small image, or an index of one, that differs by `seed`.
    fn push(&self, name: &str, what: What, seed: &str) -> Result<Manifest> {
        self.with(name, |repository| {
            let config =
                json!({"os": "linux", "architecture": "amd64", "rootfs": {"type": "layers", "diff_ids": []}});
            let config = repository
                .push_blob("application/vnd.oci.image.config.v1+json", config.to_string().as_bytes())?;
            let layer = repository.push_blob("application/vnd.oci.image.layer.v1.tar", seed.as_bytes())?;
            let image =
                json!({"schemaVersion": 2, "mediaType": IMAGE_MANIFEST, "config": config, "layers": [layer]});
            let tag = (what != What::IndexSignature).then_some("latest");
            let image = repository.push_manifest(tag, IMAGE_MANIFEST, image.to_string().as_bytes())?;
            if what == What::IndexSignature {
                let mut entry = serde_json::to_value(image.descriptor)?;
                entry["platform"] = json!({"os": "linux", "architecture": "amd64"});
                let index = json!({"schemaVersion": 2, "mediaType": IMAGE_INDEX, "manifests": [entry]});
                repository.push_manifest(Some("latest"), IMAGE_INDEX, index.to_string().as_bytes())?;
            }
            repository.manifest("latest")?.context("the image that was pushed is not there")
        })
    }

    fn sign(&self, name: &str, image: &Manifest, case: &Case<'_>) -> Result<()> {
        let format = if case.how == How::Bundle { Format::Bundle } else { Format::Tag };
        let signing = Signing { signer: &case.keys.ours, format, created: "2026-01-01T00:00:00Z" };
        self.with(name, |repository| {
            match case.what {
                What::Attestation => {
                    let predicate: Map<_, _> = serde_json::from_str(PREDICATE)?;
                    let kind = PredicateKind::parse(KIND).context("no such kind")?;
                    attest(repository, image, &kind, predicate, &signing)?
                }
                _ => sign(repository, image, &signing)?,
            };
            Ok(())
        })
    }

    fn verify(&self, name: &str, key: &PublicKey, what: What) -> Result<Result<(), ImageError>> {
        let wanted = match what {
            What::Attestation => Wanted::Attestation(PredicateKind::parse(KIND).context("no such kind")?),
            _ => Wanted::Signature,
        };
        self.with(name, |repository| Ok(verify(repository, std::slice::from_ref(key), &wanted).map(|_| ())))
    }
}
