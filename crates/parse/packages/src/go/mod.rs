//! Go's module files and the build information of programs that Go built.

mod build_info;
mod go_mod;
mod go_sum;

pub(crate) use build_info::{build_info, has_build_info};
pub(crate) use go_mod::go_mod;
pub(crate) use go_sum::go_sum;

use andon_purl::Purl;

/// The package URL of a module: its path's last element is the name.
fn module(path: &str) -> Purl {
    match path.rsplit_once('/') {
        Some((namespace, name)) => Purl::new("golang", name).with_namespace(namespace),
        None => Purl::new("golang", path),
    }
}

/// Whether this is a version of a module (`v1.2.3`, a pseudo-version) and not a query such as a branch.
fn is_version(text: &str) -> bool {
    text.strip_prefix('v').is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_digit()))
        && text.contains('.')
}

/// Whether a replacement is a folder and not a module.
fn is_folder(path: &str) -> bool {
    let drive = path.as_bytes().get(1) == Some(&b':');
    path == "."
        || path == ".."
        || drive
        || ["./", "../", "/", ".\\", "..\\"].iter().any(|start| path.starts_with(start))
}

#[cfg(test)]
mod tests;
