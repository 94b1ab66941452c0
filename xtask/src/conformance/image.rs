//! Components of an image, beside the lists of the package managers that put them there. Make those from the image's own
//! files, once unpacked to a folder `root`: `dpkg-query --admindir root/var/lib/dpkg -W` and, for each folder of Python
//! packages, `pip list --format json --path FOLDER`.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::PathBuf;

use andon_model::Component;
use anyhow::{Context, Result, ensure};
use clap::Args;
use serde::Deserialize;

use super::components::{listed, program};

/// Components of an image, beside what dpkg and pip list in it.
#[derive(Args)]
pub(crate) struct Image {
    /// The image: a layout or a tar on this machine, or the name of one in a registry.
    #[arg(long, value_name = "IMAGE")]
    image: PathBuf,
    /// What `dpkg-query -W` wrote.
    #[arg(long, value_name = "FILE", required_unless_present = "pip")]
    dpkg: Option<PathBuf>,
    /// What `pip list --format json` wrote, for each folder of packages.
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pip: Vec<PathBuf>,
    /// The `andon` to run. Without it, one is built.
    #[arg(long, value_name = "FILE")]
    binary: Option<PathBuf>,
}

/// Names and versions.
type Packages = BTreeSet<(String, String)>;

impl Image {
    pub(super) fn run(&self) -> Result<bool> {
        let andon = program(self.binary.as_deref())?;
        let image = self.image.as_os_str();
        let components = match self.image.exists() {
            true => listed(&andon, &[image])?,
            false => listed(&andon, &[OsStr::new("--image"), image])?,
        };
        let mut sound = true;
        if let Some(file) = &self.dpkg {
            sound &= report("dpkg", &dpkg(&read(file)?)?, &ours(&components, "pkg:deb/"));
        }
        if !self.pip.is_empty() {
            let mut expected = Packages::new();
            for file in &self.pip {
                let list = pip(&read(file)?);
                expected.extend(list.with_context(|| format!("in {}", file.display()))?);
            }
            sound &= report("pip", &expected, &ours(&components, "pkg:pypi/"));
        }
        Ok(sound)
    }
}

fn read(file: &PathBuf) -> Result<String> {
    std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))
}

fn ours(components: &[Component], kind: &str) -> Packages {
    let of_kind = components.iter().filter(|component| component.purl.starts_with(kind));
    let name = |component: &Component| match kind {
        "pkg:pypi/" => project(&component.name),
        _ => component.name.clone(),
    };
    of_kind.map(|component| (name(component), component.version.clone().unwrap_or_default())).collect()
}

/// `name[:architecture]`, a tab and the version, a line each.
fn dpkg(text: &str) -> Result<Packages> {
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    let packages: Packages = lines
        .map(|line| {
            let (name, version) = line.split_once('\t').with_context(|| format!("no tab: {line}"))?;
            let name = name.split(':').next().unwrap_or(name);
            Ok((name.to_owned(), version.trim().to_owned()))
        })
        .collect::<Result<_>>()?;
    ensure!(!packages.is_empty(), "dpkg lists nothing; was it given the image's folder?");
    Ok(packages)
}

#[derive(Deserialize)]
struct Project {
    name: String,
    version: String,
}

fn pip(text: &str) -> Result<Packages> {
    let projects: Vec<Project> = serde_json::from_str(text).context("it is no list of pip's")?;
    Ok(projects.into_iter().map(|each| (project(&each.name), each.version)).collect())
}

/// A name as pip compares names (PEP 503).
fn project(name: &str) -> String {
    let parts: Vec<&str> = name.split(['-', '_', '.']).filter(|part| !part.is_empty()).collect();
    parts.join("-").to_lowercase()
}

/// Prints in what two lists differ; whether in nothing.
fn report(peer: &str, expected: &Packages, found: &Packages) -> bool {
    let differences = differences(expected, found);
    println!(
        "{peer}: {} packages, {} in ours, {} differences",
        expected.len(),
        found.len(),
        differences.len()
    );
    differences.iter().for_each(|line| println!("  {line}"));
    differences.is_empty()
}

fn differences(expected: &Packages, found: &Packages) -> Vec<String> {
    let missing = expected.difference(found).map(|(name, version)| format!("missing {name} {version}"));
    missing
        .chain(found.difference(expected).map(|(name, version)| format!("extra {name} {version}")))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_compared_by_name_and_version() {
        let component = |purl: &str, name: &str, version: &str| Component {
            purl: purl.to_owned(),
            name: name.to_owned(),
            version: Some(version.to_owned()),
            ..Component::default()
        };
        let components = [
            component("pkg:deb/debian/libc6@2.36?arch=amd64", "libc6", "2.36"),
            component("pkg:deb/debian/bash@5.2", "bash", "5.2"),
            component("pkg:pypi/charset-normalizer@2.1.1", "charset-normalizer", "2.1.1"),
        ];
        let check = |kind: &str, peer: Packages, expected: &[&str]| {
            assert_eq!(differences(&peer, &ours(&components, kind)), expected, "{kind}");
        };
        check("pkg:deb/", dpkg("libc6:amd64\t2.36\nbash\t5.2\n").unwrap(), &[]);
        check(
            "pkg:deb/",
            dpkg("libc6\t2.37\n").unwrap(),
            &["missing libc6 2.37", "extra bash 5.2", "extra libc6 2.36"],
        );
        let listed = r#"[{"name": "Charset_Normalizer", "version": "2.1.1"}]"#;
        check("pkg:pypi/", pip(listed).unwrap(), &[]);
        check("pkg:pypi/", pip("[]").unwrap(), &["extra charset-normalizer 2.1.1"]);
        assert!(dpkg("").is_err() && dpkg("bash 5.2").is_err() && pip("{}").is_err());
    }
}
