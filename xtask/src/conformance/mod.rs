//! `cargo xtask conformance`: our answers beside those that a naive reading of the rules gives, our output beside the
//! schema of its format.

mod commits;
mod components;
mod corpus;
mod cosign;
mod cosign_files;
mod examples;
mod gitlab;
mod image;
mod ledger;
mod naive;
mod osv;
mod purl;
mod report;
mod rules;
mod sarif;
mod sbom;
mod schema;
mod secrets;
mod test_results;
mod versions;

use anyhow::Result;
use clap::Subcommand;

pub(crate) use osv::{dumps, each_record};
pub(crate) use rules::{files_below, is_rule_file};

/// Compare our answers with those of a naive reference, our output with published schemas.
#[derive(Subcommand)]
pub(crate) enum Conformance {
    /// The configurations of gitleaks and betterleaks: which rules load, and whether each finds over a corpus exactly
    /// what its expression, run over whole texts without any prefilter, finds.
    Secrets(secrets::Secrets),
    /// The records of OSV's dumps: whether each is read, and whether the versions that it lists lie in its ranges.
    Osv(osv::Osv),
    /// What `andon scan --format sarif` writes, checked against the schema that OASIS publishes.
    Sarif(sarif::Sarif),
    /// The package URL specification's own test cases.
    Purl(purl::PurlCases),
    /// SBOMs and VEX documents that we write, checked against the schemas of CycloneDX, SPDX and OpenVEX.
    Sbom(sbom::SbomDocuments),
    /// GitLab's reports that we write, checked against the schemas that GitLab publishes.
    Gitlab(gitlab::Gitlab),
    /// Components of an image, beside what dpkg and pip list in it.
    Image(image::Image),
    /// Who signed commits and tags, beside what git says with ssh-keygen and gpg.
    Commits(commits::Commits),
    /// Counts of tests and coverage, beside the exit codes and own reports of the tools that ran them.
    TestResults(test_results::TestResults),
    /// Components of projects, beside the listings of package managers and other tools.
    Components(components::Components),
    /// Proofs of inclusion and consistency that another implementation made, good and bad.
    Ledger(ledger::LedgerProofs),
    /// Pairs of versions of osv-scalibr.
    Versions(versions::Versions),
    /// Signatures of images and attestations, both ways between cosign and us, through registries on this machine.
    Cosign(cosign::Cosign),
    /// Keys, signatures, bundles and statements of files, beside cosign.
    CosignFiles(cosign_files::CosignFiles),
    /// Rules for source code in Semgrep's format, on the test files beside them.
    Rules(rules::Rules),
}

impl Conformance {
    pub(crate) fn run(&self) -> Result<bool> {
        match self {
            Self::Secrets(secrets) => secrets.run(),
            Self::Osv(osv) => osv.run(),
            Self::Sarif(sarif) => sarif.run(),
            Self::Purl(purl) => purl.run(),
            Self::Sbom(sbom) => sbom.run(),
            Self::Gitlab(gitlab) => gitlab.run(),
            Self::Image(image) => image.run(),
            Self::Commits(commits) => commits.run(),
            Self::TestResults(results) => results.run(),
            Self::Components(components) => components.run(),
            Self::Ledger(proofs) => proofs.run(),
            Self::Versions(versions) => versions.run(),
            Self::Cosign(cosign) => cosign.run(),
            Self::CosignFiles(files) => files.run(),
            Self::Rules(rules) => rules.run(),
        }
    }
}
