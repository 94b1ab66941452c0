//! What somebody who may write to the registry, and has no key, could try.

use andon_attestation::{base64_decode, base64_encode};
use andon_network::registry::{Document, IMAGE_MANIFEST, Manifest, Repository};
use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::Run;

/// How a signature of one image is passed off as one of another.
#[derive(Clone, Copy)]
pub(super) enum Forgery {
    /// As it is.
    Replayed,
    /// With the other image's digest written into what is signed.
    Altered,
}

impl Forgery {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Replayed => "replayed",
            Self::Altered => "altered",
        }
    }
}

impl Run<'_> {
    /// Puts all that lies beside the image `from` beside the image `to`.
    pub(super) fn forge(&self, from: &str, to: &str, other: &Manifest, forgery: Forgery) -> Result<()> {
        let digest = from.split_once('@').context("no digest")?.1.to_owned();
        let old = digest.trim_start_matches("sha256:").to_owned();
        let new = other.digest.trim_start_matches("sha256:").to_owned();
        let mut done = 0;
        self.with(from, |source| {
            for entry in source.referrers(&digest)?.manifests {
                let manifest = source.manifest(&entry.digest)?.context("a referrer is not there")?;
                let mut manifest: Value = serde_json::from_slice(&manifest.bytes)?;
                manifest["subject"] = serde_json::to_value(other.descriptor())?;
                self.copy(source, to, manifest, forgery, &old, &new, None)?;
                done += 1;
            }
            for suffix in ["sig", "att"] {
                let Some(manifest) = source.manifest(&format!("sha256-{old}.{suffix}"))? else { continue };
                let manifest = serde_json::from_slice(&manifest.bytes)?;
                let tag = format!("sha256-{new}.{suffix}");
                self.copy(source, to, manifest, forgery, &old, &new, Some(&tag))?;
                done += 1;
            }
            Ok(())
        })?;
        if done == 0 { bail!("there is nothing beside {from} to forge") } else { Ok(()) }
    }

    #[expect(clippy::too_many_arguments, reason = "what is copied, and what is written instead of what")]
    fn copy(
        &self,
        source: &mut Repository<'_>,
        to: &str,
        mut manifest: Value,
        forgery: Forgery,
        old: &str,
        new: &str,
        tag: Option<&str>,
    ) -> Result<()> {
        let document = Document::read(manifest.to_string().as_bytes()).map_err(anyhow::Error::msg)?;
        self.with(to, |target| {
            let config = document.config.context("no configuration")?;
            target.push_blob("", &source.blob(&config, 1 << 20)?)?;
            for (index, layer) in document.layers.unwrap_or_default().iter().enumerate() {
                let mut content = source.blob(layer, 1 << 20)?;
                if let Forgery::Altered = forgery {
                    content = altered(&content, old, new)?;
                }
                let stored = target.push_blob(&layer.media_type, &content)?;
                manifest["layers"][index]["digest"] = stored.digest.into();
                manifest["layers"][index]["size"] = stored.size.into();
            }
            let bytes = manifest.to_string().into_bytes();
            match tag {
                Some(tag) => target.push_manifest(Some(tag), IMAGE_MANIFEST, &bytes).map(|_| ())?,
                None => target.push_referrer(IMAGE_MANIFEST, &bytes).map(|_| ())?,
            }
            Ok(())
        })
    }
}

/// The content with one digest in the place of another, also inside an envelope.
fn altered(content: &[u8], old: &str, new: &str) -> Result<Vec<u8>> {
    let mut value: Value = serde_json::from_slice(content)?;
    for path in ["/payload", "/dsseEnvelope/payload"] {
        if let Some(payload) = value.pointer_mut(path) {
            let text =
                payload.as_str().and_then(|text| base64_decode(text.as_bytes())).context("no base64")?;
            let text = String::from_utf8(text)?.replace(old, new);
            *payload = base64_encode(text.as_bytes()).into();
        }
    }
    Ok(value.to_string().replace(old, new).into_bytes())
}
