//! Changes to what judges: policies, exceptions, other tools' ignore files and rule configuration, and comments that
//! silence a rule. A change may make them; it may not make them unseen.

mod compare;
mod markers;

use andon_model::{Gap, GapKind, ProtectedChange};
use andon_system::System;

use compare::{Changed, Version, changed_files};
use markers::new_markers;

/// The other side of a comparison.
#[derive(Clone, Copy)]
pub enum Head<'a> {
    /// A commit, compared with where it left the base.
    Revision(&'a str),
    /// The index.
    Index,
    /// The tracked files as they are on the disk.
    WorkingTree(&'a dyn System),
}

/// Whether a file (report path) says what is found, what counts or what is let through.
pub fn is_protected(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    path == "andon.yaml" || path.starts_with(".andon/") || NAMES.contains(&name)
}

/// What changed between `base` (a revision) and `head`: protected files, and comments on added lines, by path and
/// line.
///
/// # Errors
/// A coverage gap that says why the two sides cannot be compared.
pub fn changes(repo: &gix::Repository, base: &str, head: Head<'_>) -> Result<Vec<ProtectedChange>, Gap> {
    let changed = changed_files(repo, base, head).map_err(|reason| Gap {
        kind: GapKind::MissingObject,
        subject: base.to_owned(),
        detail: format!(
            "changes to policies and ignore comments are unknown: {reason}; fetch what is missing"
        ),
    })?;
    let mut found = Vec::new();
    for file in &changed {
        add_protected_file(file, &mut found);
        add_comments(repo, file, head, &mut found);
    }
    found.sort_by(|a, b| (&a.path, a.line, &a.detail).cmp(&(&b.path, b.line, &b.detail)));
    Ok(found)
}

/// The paths that differ between `base` (a revision) and `head`, sorted, both names of a renamed file.
///
/// # Errors
/// A coverage gap that says why the two sides cannot be compared.
pub fn touched(repo: &gix::Repository, base: &str, head: Head<'_>) -> Result<Vec<String>, Gap> {
    let changed = changed_files(repo, base, head).map_err(|reason| Gap {
        kind: GapKind::MissingObject,
        subject: base.to_owned(),
        detail: format!("the paths that the change touches are unknown: {reason}; fetch what is missing"),
    })?;
    let mut paths: Vec<String> =
        changed.into_iter().flat_map(|file| [Some(file.path), file.renamed_from]).flatten().collect();
    paths.sort();
    paths.dedup();
    Ok(paths)
}

/// Ignore files and configuration of the tools that teams already run, wherever they stand.
const NAMES: &[&str] = &[
    ".gitleaks.toml",
    ".gitleaksignore",
    ".betterleaks.toml",
    ".betterleaksignore",
    ".semgrepignore",
    ".semgrep.yml",
    ".semgrep.yaml",
    ".trivyignore",
    ".trivyignore.yaml",
    "trivy.yaml",
    ".checkov.yaml",
    ".checkov.yml",
    ".checkov.baseline",
    ".secrets.baseline",
    ".bandit",
    ".snyk",
    ".grype.yaml",
    ".hadolint.yaml",
    ".tfsec.yml",
    "osv-scanner.toml",
    "zizmor.yml",
    ".trufflehogignore",
];

fn add_protected_file(file: &Changed, found: &mut Vec<ProtectedChange>) {
    let mut add = |path: &str, what: &str| {
        if is_protected(path) {
            let detail = format!("{what}: it decides what is found or what counts");
            found.push(ProtectedChange { path: path.to_owned(), line: None, detail });
        }
    };
    match (&file.old, &file.new, &file.renamed_from) {
        (_, _, Some(from)) => {
            add(from, "removed (renamed)");
            add(&file.path, "added (renamed)");
        }
        (None, _, None) => add(&file.path, "added"),
        (_, Version::Gone, None) => add(&file.path, "removed"),
        _ => add(&file.path, "changed"),
    }
}

fn add_comments(repo: &gix::Repository, file: &Changed, head: Head<'_>, found: &mut Vec<ProtectedChange>) {
    let Some(new) = file.new.read(repo, head) else { return };
    if !markers::has_any(&new) {
        return;
    }
    let old = file.old.and_then(|id| Version::Blob(id).read(repo, head)).unwrap_or_default();
    for (line, marker) in new_markers(&old, &new) {
        let detail = format!("a new or changed line has `{marker}`, which silences a rule");
        found.push(ProtectedChange { path: file.path.clone(), line: Some(line), detail });
    }
}
