//! Pairs of versions in their order. They are not part of this repository: clone `google/osv-scalibr` and name its
//! `semantic/testdata`.

use std::cmp::Ordering;
use std::path::{Path, PathBuf};

use andon_versions::{Scheme, Version};
use anyhow::{Context, Result, ensure};
use clap::Args;

use super::report::Report;

/// Compare pairs of versions.
#[derive(Args)]
pub(crate) struct Versions {
    /// A folder with files such as `debian-versions.txt`, at any depth, whose lines read `1.0 < 1.1`.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
}

/// The schemes, by how the names of their files begin.
const SCHEMES: [(&str, Scheme); 12] = [
    ("alpine-", Scheme::Alpine),
    ("cran-", Scheme::Cran),
    ("debian-", Scheme::Debian),
    ("hackage-", Scheme::Hackage),
    ("maven-", Scheme::Maven),
    ("nuget-", Scheme::Nuget),
    ("packagist-", Scheme::Packagist),
    ("pub-", Scheme::Pub),
    ("pypi-", Scheme::Pypi),
    ("redhat-", Scheme::Redhat),
    ("rubygems-", Scheme::RubyGems),
    ("semver-", Scheme::Semver),
];

/// Pairs that contradict others of the same files: with them there is a circle, such as `2.9.0.RC3 < 2.9.0`,
/// `2.9.0 < 2.9.0-1`, `2.9.0-1 < 2.9.0.RC1`. Our orders are total, so these cannot hold. Of packagist's, `#` would be
/// equal to every number.
const CONTRADICTED: [(Scheme, &str); 4] = [
    (Scheme::Maven, "1.0.0-gradle-rework-beta3 < 1.0.0.RC7-3"),
    (Scheme::Maven, "1.1.0-01-glassfish < 1.1.0.Beta1"),
    (Scheme::Maven, "2.9.0-1 < 2.9.0.RC1"),
    (Scheme::Packagist, "1.2.3.# = 1.2.3.1"),
];

impl Versions {
    pub(super) fn run(&self) -> Result<bool> {
        let mut report = Report::default();
        for entry in
            ignore::WalkBuilder::new(&self.data).standard_filters(false).sort_by_file_path(Ord::cmp).build()
        {
            let entry = entry.with_context(|| format!("cannot read {}", self.data.display()))?;
            let name = entry.file_name().to_string_lossy();
            let scheme =
                SCHEMES.iter().find(|(prefix, _)| name.starts_with(prefix) && name.ends_with(".txt"));
            if let Some((_, scheme)) = scheme {
                check_file(entry.path(), *scheme, &mut report)?;
            }
        }
        ensure!(report.cases() > 0, "{} has no files such as `debian-versions.txt`", self.data.display());
        report.print();
        Ok(report.all_held())
    }
}

fn check_file(path: &Path, scheme: Scheme, report: &mut Report) -> Result<()> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    for (index, line) in text.lines().enumerate() {
        if line.trim().is_empty() || line.starts_with("# ") || line.starts_with("// ") {
            continue;
        }
        if CONTRADICTED.contains(&(scheme, line)) {
            println!("{}:{}: {line}: left out, it contradicts other pairs", path.display(), index + 1);
            continue;
        }
        report.add(path, index + 1, check_line(scheme, line).as_deref());
    }
    Ok(())
}

/// What is wrong with our answer; `None` if it is what the line says.
fn check_line(scheme: Scheme, line: &str) -> Option<String> {
    let [left, sign, right] = line.split_whitespace().collect::<Vec<_>>()[..] else {
        return Some(format!("`{line}` is no pair of versions"));
    };
    let expected = match sign {
        "<" => Ordering::Less,
        "=" => Ordering::Equal,
        ">" => Ordering::Greater,
        _ => return Some(format!("`{line}` is no pair of versions")),
    };
    let answer = Version::parse(scheme, left)
        .and_then(|left| Version::parse(scheme, right).map(|right| left.compare(&right)))
        .map_err(|error| error.to_string());
    (answer != Ok(expected)).then(|| format!("{line}: {answer:?}"))
}
