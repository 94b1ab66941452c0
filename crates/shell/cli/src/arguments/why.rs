use std::path::PathBuf;

use clap::Args;

use super::{ScanArguments, TextOrJson};

#[derive(Debug, Args)]
#[command(after_help = "\
Shows what the project asks for itself and how that leads to the package, shortest path first.

Examples:
  andon why lodash
  andon why lodash@4.17.20 web
  andon why org.apache.logging.log4j:log4j-core
  andon why pkg:pypi/urllib3 image.tar")]
pub(crate) struct WhyArguments {
    /// A name as its ecosystem writes it, NAME@VERSION or a package URL
    pub(crate) package: String,
    /// A folder, an image (OCI layout or tar), an SBOM or a file
    #[arg(default_value = ".")]
    pub(crate) target: PathBuf,
    /// How to print it
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: TextOrJson,
    /// Also files that git does not track
    #[arg(long)]
    pub(crate) untracked: bool,
    /// Read this file instead of the project's andon.yaml
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Say nothing on standard error but errors
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

impl WhyArguments {
    /// The scan that lists the components.
    pub(crate) fn scan(&self) -> ScanArguments {
        ScanArguments {
            target: self.target.clone(),
            untracked: self.untracked,
            config: self.config.clone(),
            engines: vec![andon_dependencies::NAME.to_owned()],
            no_gate: true,
            quiet: self.quiet,
            ..ScanArguments::default()
        }
    }
}
