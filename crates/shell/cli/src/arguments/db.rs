use clap::{Args, Subcommand};

use super::TextOrJson;

#[derive(Debug, Subcommand)]
pub(crate) enum DbCommand {
    /// Fetch advisories, or what changed since the last time
    Update(DbUpdateArguments),
    /// Say which advisories this machine has, and how old they are
    Status(DbStatusArguments),
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  andon db update                                       all ecosystems that Andon reads
  andon db update --ecosystem npm --ecosystem PyPI      only these; others stay as they are
  andon db update --from https://mirror.example/osv     a mirror
  andon db update --from /media/osv                     a copy of one, without any network

A mirror has <ecosystem>/all.zip, and may have <ecosystem>/modified_id.csv, <ecosystem>/<id>.json, \
ecosystems.txt, known_exploited_vulnerabilities.json and epss_scores-current.csv.gz.

HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY name proxies, SSL_CERT_FILE further certificates; \
ANDON_DATA_DIR is where the advisories are kept.

Exit codes: 0 all is up to date, 3 something is not; what was there before is still used.")]
pub(crate) struct DbUpdateArguments {
    /// A folder or an address with the same layout as OSV's bucket, instead of the public data
    #[arg(long, value_name = "DIR|URL")]
    pub(crate) from: Option<String>,
    /// Only this ecosystem, as OSV names it; may be repeated
    #[arg(long = "ecosystem", value_name = "NAME")]
    pub(crate) ecosystems: Vec<String>,
    /// Say nothing on standard error but errors
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  andon db status
  andon db status --format json

Exit codes: 0 there are advisories that can be used, 3 there are none.")]
pub(crate) struct DbStatusArguments {
    /// How to print it
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: TextOrJson,
}
