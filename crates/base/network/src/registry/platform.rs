use std::fmt;

use crate::registry::RegistryError;

/// What an image runs on, in Go's words as the OCI image specification uses them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Platform {
    /// The operating system.
    pub os: String,
    /// The processor.
    pub architecture: String,
    /// A kind of the processor; empty when it does not matter.
    pub variant: String,
}

impl Platform {
    /// Reads `os/architecture` or `os/architecture/variant`.
    ///
    /// # Errors
    /// When it is neither.
    pub fn parse(text: &str) -> Result<Self, RegistryError> {
        let failed = || RegistryError::Platform(text.chars().take(100).collect());
        let word = |text: &str| {
            !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.')
        };
        let mut parts = text.split('/');
        let (Some(os), Some(architecture)) = (parts.next(), parts.next()) else { return Err(failed()) };
        let variant = parts.next().unwrap_or_default();
        let fine = word(os) && word(architecture) && (variant.is_empty() || word(variant));
        if !fine || parts.next().is_some() || text.ends_with('/') {
            return Err(failed());
        }
        Ok(Self { os: os.to_owned(), architecture: architecture.to_owned(), variant: variant.to_owned() })
    }

    /// Linux on the processor of this machine.
    pub fn host() -> Self {
        let architecture = match std::env::consts::ARCH {
            "x86_64" => "amd64",
            "aarch64" => "arm64",
            "x86" => "386",
            "powerpc64" => "ppc64le",
            "loongarch64" => "loong64",
            other => other,
        };
        Self { os: "linux".to_owned(), architecture: architecture.to_owned(), variant: String::new() }
    }

    /// Whether what is asked for is what is offered; an empty variant fits any.
    pub(crate) fn fits(&self, offered: &Self) -> bool {
        let variant = match (self.variant.as_str(), offered.variant.as_str()) {
            ("", _) => true,
            // For this processor the first variant is not written.
            ("v8", "") => self.architecture == "arm64",
            (wanted, found) => wanted == found,
        };
        variant && self.os == offered.os && self.architecture == offered.architecture
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.os, self.architecture)?;
        if self.variant.is_empty() { Ok(()) } else { write!(formatter, "/{}", self.variant) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn platforms_are_read_and_compared() {
        let parse = |text: &str| Platform::parse(text).unwrap();
        for text in ["linux/amd64", "linux/arm64/v8"] {
            assert_eq!(parse(text).to_string(), text);
        }
        for wrong in ["", "linux", "linux/", "linux/amd64/", "a/b/c/d", "linux/amd 64", "/x"] {
            assert!(Platform::parse(wrong).is_err(), "{wrong}");
        }
        assert!(parse("linux/arm64").fits(&parse("linux/arm64/v8")));
        assert!(parse("linux/arm64/v8").fits(&parse("linux/arm64")));
        assert!(!parse("linux/arm/v6").fits(&parse("linux/arm/v7")));
        assert!(!parse("linux/amd64").fits(&parse("windows/amd64")));
        assert_eq!(Platform::host().os, "linux");
    }
}
