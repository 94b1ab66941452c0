//! Where the public data are, and what is fetched of them.

use crate::source::Addresses;

/// The ecosystems that are fetched when none are named: those whose components Andon reads.
pub const DEFAULT_ECOSYSTEMS: &[&str] = &[
    "AlmaLinux",
    "Alpine",
    "Chainguard",
    "CRAN",
    "crates.io",
    "Debian",
    "GitHub Actions",
    "Go",
    "Hackage",
    "Hex",
    "Maven",
    "npm",
    "NuGet",
    "Packagist",
    "Pub",
    "PyPI",
    "Red Hat",
    "Rocky Linux",
    "RubyGems",
    "SUSE",
    "SwiftURL",
    "Ubuntu",
    "Wolfi",
];

/// OSV's bucket (google.github.io/osv.dev/data), CISA's catalogue (www.cisa.gov/known-exploited-vulnerabilities-catalog)
/// and FIRST's scores (www.first.org/epss/data_stats).
pub(crate) fn public() -> Addresses {
    Addresses {
        base: "https://storage.googleapis.com/osv-vulnerabilities".to_owned(),
        exploited: "https://www.cisa.gov/sites/default/files/feeds/known_exploited_vulnerabilities.json"
            .to_owned(),
        probabilities: "https://epss.empiricalsecurity.com/epss_scores-current.csv.gz".to_owned(),
    }
}
