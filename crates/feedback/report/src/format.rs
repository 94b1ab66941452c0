use std::fmt;
use std::str::FromStr;

/// The forms in which a report can be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Format {
    /// For people, on a terminal.
    Text,
    /// The whole report; see [`crate::json_schema`].
    Json,
    /// SARIF 2.1.0.
    Sarif,
    /// GitLab's secret detection report.
    Gitlab,
    /// GitLab's dependency scanning report.
    GitlabDependencies,
    /// For a comment on a pull request.
    Markdown,
    /// The components as CycloneDX 1.6, with the vulnerabilities found in them.
    CycloneDx,
    /// The components as SPDX 2.3.
    Spdx,
    /// What exceptions and VEX statements say about vulnerabilities, as OpenVEX.
    OpenVex,
}

impl Format {
    /// Every format.
    pub const ALL: &'static [Self] = &[
        Self::Text,
        Self::Json,
        Self::Sarif,
        Self::Gitlab,
        Self::GitlabDependencies,
        Self::Markdown,
        Self::CycloneDx,
        Self::Spdx,
        Self::OpenVex,
    ];

    /// The word on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
            Self::Sarif => "sarif",
            Self::Gitlab => "gitlab",
            Self::GitlabDependencies => "gitlab-dependencies",
            Self::Markdown => "markdown",
            Self::CycloneDx => "cyclonedx",
            Self::Spdx => "spdx",
            Self::OpenVex => "openvex",
        }
    }

    /// Whether it lists components, so that it can be written only of a scan by an engine that looks for them.
    pub fn needs_inventory(self) -> bool {
        matches!(self, Self::CycloneDx | Self::Spdx | Self::OpenVex)
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A word that is no format.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{word}` is no format; use one of: text, json, sarif, gitlab, gitlab-dependencies, markdown, cyclonedx, spdx, \
     openvex"
)]
pub struct UnknownFormat {
    /// The word.
    pub word: String,
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        let known = Self::ALL.iter().copied().find(|format| format.as_str().eq_ignore_ascii_case(word));
        let known = known.or_else(|| word.eq_ignore_ascii_case("md").then_some(Self::Markdown));
        known.ok_or_else(|| UnknownFormat { word: word.to_owned() })
    }
}
