use sha2::{Digest, Sha256};

use super::{ConfigSource, ConfigSourceError};

/// Files that say how to scan, wherever a project keeps its own rules.
const FILES: [&str; 3] = ["andon.yaml", ".gitleaks.toml", ".gitleaksignore"];
const FOLDER: &str = ".andon/rules";

/// SHA-256 in hexadecimal over all that says how to scan: `andon.yaml`, `.gitleaks.toml`, `.gitleaksignore`, what is
/// below `.andon/rules`, and the files and folders of `rules` (`scan.rules` of `andon.yaml`). Each file's name and
/// content, in the order of the names, each after its length as eight little-endian bytes. A scan with another digest
/// had another configuration or other rules.
///
/// # Errors
/// When a file is there and cannot be read.
pub fn scan_digest(source: &dyn ConfigSource, rules: &[String]) -> Result<String, ConfigSourceError> {
    let mut names: Vec<String> = FILES.iter().map(|name| (*name).to_owned()).collect();
    names.extend(source.list(FOLDER)?);
    for place in rules {
        let place = place.trim_start_matches("./").trim_end_matches('/');
        names.push(place.to_owned());
        names.extend(source.list(place)?);
    }
    names.sort();
    names.dedup();
    let mut hash = Sha256::new();
    for name in names {
        let Some(content) = source.read(&name)? else { continue };
        for part in [name.as_bytes(), &content] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
    }
    Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use andon_system::MemorySystem;

    use super::*;
    use crate::config_source::WorkingTree;

    #[test]
    fn every_file_that_says_how_to_scan_counts() {
        let of = |files: &[(&str, &str)], rules: &[&str]| {
            let system =
                files.iter().fold(MemorySystem::new().file("/p/README", ""), |system, (name, text)| {
                    system.file(format!("/p/{name}"), text)
                });
            let rules: Vec<String> = rules.iter().map(|rule| (*rule).to_owned()).collect();
            scan_digest(&WorkingTree::new(&system, "/p".into()), &rules).unwrap()
        };
        let plain = of(&[], &[]);
        assert_eq!(plain, of(&[("a.py", "x")], &[]), "what is scanned does not count");
        assert_eq!(plain, of(&[(".andon/policy/a.rego", "x")], &[]), "nor do policies");
        let mut seen = vec![plain];
        for (files, rules) in [
            (vec![("andon.yaml", "version: 1")], vec![]),
            (vec![(".gitleaks.toml", "version: 1")], vec![]),
            (vec![(".andon/rules/a.toml", "x")], vec![]),
            (vec![(".andon/rules/a.toml", "y")], vec![]),
            (vec![("more/a.toml", "x")], vec!["more"]),
            (vec![("more/a.toml", "x")], vec!["./more/a.toml", "more/"]),
        ] {
            let digest = of(&files, &rules);
            if rules.len() == 2 {
                assert_eq!(seen.last(), Some(&digest), "a file counts once");
                continue;
            }
            assert!(!seen.contains(&digest), "{files:?}");
            seen.push(digest);
        }
    }
}
