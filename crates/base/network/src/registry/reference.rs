use std::fmt;

use crate::address::is_loopback;
use crate::registry::RegistryError;

/// The name of an image in a registry, as Docker writes it: `[registry/]name[:tag][@sha256:…]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    inner: oci_spec::distribution::Reference,
}

impl Reference {
    /// Reads a name. Without a registry it is Docker's, without a tag `latest`.
    ///
    /// # Errors
    /// When it is no such name, or has a digest of another kind than SHA-256.
    pub fn parse(text: &str) -> Result<Self, RegistryError> {
        const LONGEST: usize = 1024;
        let failed = |reason: &str| RegistryError::Reference {
            text: text.chars().filter(|letter| !letter.is_control()).take(200).collect(),
            reason: reason.to_owned(),
        };
        if text.len() > LONGEST {
            return Err(failed("it is too long"));
        }
        let inner: oci_spec::distribution::Reference =
            text.parse().map_err(|error: oci_spec::distribution::ParseError| failed(&error.to_string()))?;
        if inner.digest().is_some_and(|digest| !is_sha256(digest)) {
            return Err(failed("its digest is no SHA-256 in lower case"));
        }
        if inner.repository().bytes().any(|byte| byte.is_ascii_uppercase()) {
            return Err(failed("only a tag may have capital letters"));
        }
        // A name that the address cannot hold would name another place there.
        let base = format!("https://{}/", inner.resolve_registry());
        let url = crate::address::parse(&base).map_err(|_| failed("its registry is no host"))?;
        if url.path() != "/" || !url.username().is_empty() || url.query().is_some() {
            return Err(failed("its registry is no host"));
        }
        Ok(Self { inner })
    }

    /// The registry's host, and its port if it has one.
    pub fn registry(&self) -> &str {
        self.inner.resolve_registry()
    }

    /// The name inside the registry.
    pub fn repository(&self) -> &str {
        self.inner.repository()
    }

    /// The tag, if there is one; a digest counts more.
    pub fn tag(&self) -> Option<&str> {
        self.inner.tag()
    }

    /// The digest that the image must have, `sha256:…`.
    pub fn digest(&self) -> Option<&str> {
        self.inner.digest()
    }

    /// The same repository, and a manifest of it by its digest. `None` when that is no SHA-256.
    pub fn with_digest(&self, digest: &str) -> Option<Self> {
        sha256(digest)?;
        let (registry, repository) = (self.inner.registry().to_owned(), self.repository().to_owned());
        let inner = oci_spec::distribution::Reference::with_digest(registry, repository, digest.to_owned());
        Some(Self { inner })
    }

    /// The repository's name, with the registry and without tag and digest.
    pub fn name(&self) -> String {
        format!("{}/{}", self.inner.registry(), self.repository())
    }

    /// What a manifest is asked for by.
    pub(crate) fn version(&self) -> &str {
        self.digest().or(self.tag()).unwrap_or("latest")
    }

    /// The address of the registry's interface: over TLS, except on this machine.
    pub(crate) fn base(&self) -> String {
        let host = self.registry();
        let name =
            if host.starts_with('[') { host.split_inclusive(']').next() } else { host.split(':').next() };
        let scheme = if name.is_some_and(is_loopback) { "http" } else { "https" };
        format!("{scheme}://{host}/v2/{}", self.repository())
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.inner.whole())
    }
}

/// The hexadecimal part of `sha256:…`.
pub(crate) fn sha256(digest: &str) -> Option<&str> {
    let hex = digest.strip_prefix("sha256:")?;
    let fine = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    (hex.len() == 64 && hex.bytes().all(fine)).then_some(hex)
}

fn is_sha256(digest: &str) -> bool {
    sha256(digest).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_docker_reads_them() {
        let check = |text: &str, registry: &str, base: &str, version: &str| {
            let reference = Reference::parse(text).unwrap();
            assert_eq!((reference.registry(), reference.base().as_str()), (registry, base), "{text}");
            assert_eq!(reference.version(), version, "{text}");
        };
        check("localhost:5000/a/b", "localhost:5000", "http://localhost:5000/v2/a/b", "latest");
        check("127.0.0.1:5000/a:1.0", "127.0.0.1:5000", "http://127.0.0.1:5000/v2/a", "1.0");
        check("r.example/a:1", "r.example", "https://r.example/v2/a", "1");
        let digest = format!("sha256:{}", "a".repeat(64));
        check(&format!("r.example:8/a:1@{digest}"), "r.example:8", "https://r.example:8/v2/a", &digest);
        let hub = Reference::parse("debian").unwrap();
        assert_eq!(hub.to_string(), "docker.io/library/debian:latest");
    }

    #[test]
    fn what_names_no_image_is_refused() {
        let digest = |text: String| format!("r.example/a@{text}");
        for wrong in [
            String::new(),
            "r.example/UPPER".to_owned(),
            "UPPER/case".to_owned(),
            "r.example/../a".to_owned(),
            "r.example/a b".to_owned(),
            "https://r.example/a".to_owned(),
            digest("sha256:abc".to_owned()),
            digest(format!("sha256:{}", "A".repeat(64))),
            digest(format!("sha512:{}", "a".repeat(128))),
            "x".repeat(2000),
        ] {
            assert!(Reference::parse(&wrong).is_err(), "{wrong}");
        }
    }
}
