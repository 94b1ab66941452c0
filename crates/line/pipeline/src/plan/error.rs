use andon_config::nearest;

/// Why nothing can be run.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// No stage is described.
    #[error(
        "andon.yaml describes no pipeline; add the key `pipeline` with its `stages` (`andon init` writes an example)"
    )]
    Nothing,
    /// Something that is not there is named.
    #[error("there is no {what} `{name}`{hint}")]
    Unknown {
        /// What kind of thing.
        what: &'static str,
        /// Its name as given.
        name: String,
        /// What may have been meant; starts with a separator.
        hint: String,
    },
    /// A variable has no value.
    #[error(
        "{user} takes `{variable}` from the variable {from}, which is not set; set it, or give `default` in andon.yaml"
    )]
    Unset {
        /// The step or service.
        user: String,
        /// The variable of the step.
        variable: String,
        /// The caller's variable.
        from: String,
    },
    /// The home folder is not known.
    #[error("`{path}` starts at the home folder, and HOME is not set")]
    NoHome {
        /// The path as written.
        path: String,
    },
}

/// Something that is not there, with what was probably meant.
pub(super) fn unknown<'a>(what: &'static str, name: &str, known: impl Iterator<Item = &'a str>) -> PlanError {
    let known: Vec<&str> = known.collect();
    let hint = match nearest(name, &known) {
        Some(word) => format!("; did you mean `{word}`?"),
        None if known.is_empty() => String::new(),
        None => format!("; known are {}", known.join(", ")),
    };
    PlanError::Unknown { what, name: name.to_owned(), hint }
}
