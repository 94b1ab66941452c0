use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How well a command is shut in. Ordered from least to most.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum SealLevel {
    /// Not at all, even where it could be: for steps that build seals of their own.
    None,
    /// Landlock and seccomp.
    Restricted,
    /// Namespaces of its own as well.
    #[default]
    Full,
}

impl SealLevel {
    /// The word used in files and output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Restricted => "restricted",
            Self::Full => "full",
        }
    }
}

impl fmt::Display for SealLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
