use super::document::Descriptor;
use super::{ImageError, Platform};

const REF_NAME: &str = "org.opencontainers.image.ref.name";
const FULL_NAME: &str = "io.containerd.image.name";

/// The names that an index gives an image.
pub(crate) fn names(descriptor: &Descriptor) -> Vec<String> {
    let full = descriptor.annotation(FULL_NAME);
    full.or(descriptor.annotation(REF_NAME)).map(str::to_owned).into_iter().collect()
}

/// Whether an image of this name, or with this digest, is the one that was asked for.
pub(crate) fn is_named(name: &str, reference: &str) -> bool {
    name == reference
        || name.strip_suffix(reference).is_some_and(|before| before.ends_with([':', '/']))
        || (!has_tag(reference) && is_named(name, &format!("{reference}:latest")))
}

fn has_tag(reference: &str) -> bool {
    reference.rsplit('/').next().is_some_and(|last| last.contains([':', '@']))
}

/// The descriptors of a layout's index that the reference means.
pub(crate) fn by_reference<'a>(
    descriptors: &'a [Descriptor],
    reference: Option<&str>,
) -> Result<Vec<&'a Descriptor>, ImageError> {
    let images: Vec<&Descriptor> = descriptors.iter().filter(|each| !is_attestation(each)).collect();
    let Some(reference) = reference else { return one_name(images) };
    let digest = reference.rsplit('@').next().unwrap_or(reference);
    let meant: Vec<&Descriptor> = images
        .iter()
        .copied()
        .filter(|each| {
            let named = [FULL_NAME, REF_NAME].iter().filter_map(|key| each.annotation(key));
            each.digest == digest || named.into_iter().any(|name| is_named(name, reference))
        })
        .collect();
    if meant.is_empty() {
        return Err(choice(format!("no image is called `{reference}`"), &images));
    }
    Ok(meant)
}

/// Without a reference there must be no more than one name; images without one are told apart by their platform.
fn one_name(images: Vec<&Descriptor>) -> Result<Vec<&Descriptor>, ImageError> {
    let mut named = images.iter().filter(|each| !names(each).is_empty());
    match named.next() {
        Some(first) if named.any(|other| other.digest != first.digest) => {
            Err(choice("several images are there; say which one by its tag".to_owned(), &images))
        }
        _ => Ok(images),
    }
}

/// The one for the platform.
pub(crate) fn by_platform<'a>(
    descriptors: &[&'a Descriptor],
    wanted: Option<&Platform>,
) -> Result<&'a Descriptor, ImageError> {
    let images: Vec<&Descriptor> = descriptors.iter().copied().filter(|each| !is_attestation(each)).collect();
    if let Some(wanted) = wanted {
        let fits = |each: &&&Descriptor| each.platform.as_ref().is_none_or(|platform| wanted.takes(platform));
        return images
            .iter()
            .find(fits)
            .copied()
            .ok_or_else(|| choice(format!("there is no image for {wanted}"), &images));
    }
    let usual = [Platform::this_processor(), Platform::linux("amd64")];
    let of = |platform: &Platform| {
        images.iter().copied().find(|each| each.platform.as_ref().is_some_and(|other| platform.takes(other)))
    };
    match images.as_slice() {
        [only] => Ok(only),
        [first, rest @ ..] if rest.iter().all(|other| other.digest == first.digest) => Ok(first),
        _ => usual
            .iter()
            .find_map(of)
            .ok_or_else(|| choice("say which platform of the image is meant".to_owned(), &images)),
    }
}

/// BuildKit's attestations stand among the platforms as images for `unknown/unknown`.
fn is_attestation(descriptor: &Descriptor) -> bool {
    descriptor.annotation("vnd.docker.reference.type").is_some()
        || descriptor.platform.as_ref().is_some_and(|platform| platform.os == "unknown")
}

fn choice(wanted: String, images: &[&Descriptor]) -> ImageError {
    let describe = |each: &&Descriptor| {
        let platform = each.platform.as_ref().map(ToString::to_string);
        let words: Vec<String> = names(each).into_iter().chain(platform).collect();
        if words.is_empty() { each.digest.clone() } else { words.join(" ") }
    };
    let mut available: Vec<String> = images.iter().take(20).map(describe).collect();
    if available.is_empty() {
        available.push("nothing".to_owned());
    }
    ImageError::Choice { wanted, available }
}

impl Platform {
    /// Reads `os/architecture` or `os/architecture/variant`; an architecture alone is one of Linux.
    pub fn parse(text: &str) -> Option<Self> {
        let parts: Vec<&str> = text.split('/').collect();
        let [os, architecture, variant] = match parts.as_slice() {
            [architecture] => ["linux", *architecture, ""],
            [os, architecture] => [*os, *architecture, ""],
            [os, architecture, variant] => [*os, *architecture, *variant],
            _ => return None,
        };
        let architecture = match architecture {
            "x86_64" => "amd64",
            "aarch64" => "arm64",
            other => other,
        };
        let platform =
            Self { os: os.to_owned(), architecture: architecture.to_owned(), variant: variant.to_owned() };
        (!os.is_empty() && !architecture.is_empty()).then_some(platform)
    }

    fn linux(architecture: &str) -> Self {
        Self { os: "linux".to_owned(), architecture: architecture.to_owned(), variant: String::new() }
    }

    fn this_processor() -> Self {
        match std::env::consts::ARCH {
            "x86_64" => Self::linux("amd64"),
            "aarch64" => Self::linux("arm64"),
            other => Self::linux(other),
        }
    }

    fn takes(&self, other: &Self) -> bool {
        self.os == other.os
            && self.architecture == other.architecture
            && (self.variant.is_empty() || self.variant == other.variant)
    }
}

impl std::fmt::Display for Platform {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}/{}", self.os, self.architecture)?;
        if self.variant.is_empty() { Ok(()) } else { write!(formatter, "/{}", self.variant) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references() {
        let name = "registry.example/team/app:1.2";
        for (reference, meant) in [
            ("registry.example/team/app:1.2", true),
            ("team/app:1.2", true),
            ("app:1.2", true),
            ("1.2", true),
            ("2", false),
            ("pp:1.2", false),
            ("app", false),
            ("", false),
        ] {
            assert_eq!(is_named(name, reference), meant, "{reference}");
        }
        assert!(is_named("registry.example/app:latest", "app"));
    }

    #[test]
    fn platforms() {
        for (text, platform) in [
            ("linux/arm64", Some("linux/arm64")),
            ("arm64", Some("linux/arm64")),
            ("linux/x86_64", Some("linux/amd64")),
            ("linux/arm/v7", Some("linux/arm/v7")),
            ("linux/", None),
            ("a/b/c/d", None),
        ] {
            assert_eq!(Platform::parse(text).map(|platform| platform.to_string()).as_deref(), platform);
        }
    }
}
