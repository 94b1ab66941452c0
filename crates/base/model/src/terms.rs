use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

macro_rules! ordered_term {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        #[serde(rename_all = "lowercase")]
        pub enum $name { $($(#[$vdoc])* $variant),+ }

        impl $name {
            /// Every value, lowest first.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word used in files and output.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.pad(self.as_str()) }
        }

        impl FromStr for $name {
            type Err = String;
            fn from_str(text: &str) -> Result<Self, String> {
                Self::ALL.iter().copied().find(|v| v.as_str().eq_ignore_ascii_case(text)).ok_or_else(|| {
                    let known: Vec<_> = Self::ALL.iter().map(|v| v.as_str()).collect();
                    format!("`{text}` is none of: {}", known.join(", "))
                })
            }
        }
    };
}

ordered_term! {
    /// How bad it is if the finding is true.
    Severity {
        /// For information only.
        Info = "info",
        /// Little harm, or many conditions.
        Low = "low",
        /// Harm under common conditions.
        Medium = "medium",
        /// Serious harm.
        High = "high",
        /// Immediate, wide harm.
        Critical = "critical",
    }
}

ordered_term! {
    /// How sure the engine is that the finding is true. Independent of severity.
    Confidence {
        /// A hint; expect false alarms.
        Low = "low",
        /// More likely true than not.
        Medium = "medium",
        /// True nine times in ten or better.
        High = "high",
    }
}

ordered_term! {
    /// A station of the line.
    Stage {
        /// Threats and controls.
        Plan = "plan",
        /// Source code and its history.
        Code = "code",
        /// What was pulled in.
        Build = "build",
        /// The running application under test.
        Test = "test",
        /// The artefact.
        Package = "package",
        /// Where the artefact runs.
        Deploy = "deploy",
        /// Production.
        Monitor = "monitor",
        /// What was learnt.
        Feedback = "feedback",
    }
}
