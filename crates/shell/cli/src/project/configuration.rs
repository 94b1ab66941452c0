use std::path::Path;

use andon_config::Config;
use andon_scan::config_source::ConfigSource;
use andon_system::System;
use anyhow::Context;

use super::read_text;

/// What `andon.yaml` says, with its text for the decision's record.
pub(crate) struct Configuration {
    pub(crate) config: Config,
    /// Name and text; `None` when there is no file and the built-in configuration holds.
    pub(crate) file: Option<(String, String)>,
}

const NAME: &str = "andon.yaml";
const LARGEST: u64 = 1 << 20;

impl Configuration {
    /// Reads `named`, a file that the user named, or else `andon.yaml` of the source.
    ///
    /// # Errors
    /// When it cannot be read or used; says the line.
    pub(crate) fn read(
        system: &dyn System,
        source: &dyn ConfigSource,
        named: Option<&Path>,
    ) -> anyhow::Result<Self> {
        let file = match named {
            Some(path) => Some((path.display().to_string(), read_text(system, path, LARGEST)?)),
            None => text_of(source, NAME)?.map(|text| (NAME.to_owned(), text)),
        };
        let config = match &file {
            Some((name, text)) => {
                Config::from_yaml(name, text).context("the configuration cannot be used")?
            }
            None => Config::built_in(),
        };
        Ok(Self { config, file })
    }
}

/// A file of the source as text.
///
/// # Errors
/// When it is there and cannot be read, or is not UTF-8.
pub(super) fn text_of(source: &dyn ConfigSource, path: &str) -> anyhow::Result<Option<String>> {
    let Some(bytes) = source.read(path)? else { return Ok(None) };
    String::from_utf8(bytes).map(Some).with_context(|| format!("{path} is not UTF-8 text"))
}
