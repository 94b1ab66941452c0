//! Python's requirement files, project files, lock files and installed metadata.

mod metadata;
mod pep508;
mod pipfile;
mod pipfile_lock;
mod poetry;
mod poetry_lock;
mod pylock;
mod pyproject;
mod reference;
mod requirements;
mod uv_lock;

pub(crate) use metadata::metadata;
pub(crate) use pipfile::pipfile;
pub(crate) use pipfile_lock::pipfile_lock;
pub(crate) use poetry_lock::poetry_lock;
pub(crate) use pylock::pylock;
pub(crate) use pyproject::pyproject;
pub(crate) use requirements::requirements;
pub(crate) use uv_lock::uv_lock;

use andon_purl::Purl;

/// The package URL of a distribution. Names are written as PEP 503 normalises them, so that every file's spelling of
/// a name gives the same package.
fn pypi(name: &str) -> Purl {
    let mut normal = String::with_capacity(name.len());
    let mut divided = false;
    for c in name.chars() {
        if matches!(c, '-' | '_' | '.') {
            divided = true;
            continue;
        }
        if std::mem::take(&mut divided) && !normal.is_empty() {
            normal.push('-');
        }
        normal.push(c.to_ascii_lowercase());
    }
    Purl::new("pypi", &normal)
}

/// A digest as lock files write it (`sha256:…`), if it is one of the algorithms that are kept.
fn checksum(text: &str) -> Option<String> {
    let (algorithm, hex) = text.split_once(':')?;
    let known = ["sha256", "sha384", "sha512", "sha1", "md5"].contains(&algorithm);
    (known && !hex.is_empty() && hex.bytes().all(|byte| byte.is_ascii_hexdigit())).then(|| text.to_owned())
}

#[cfg(test)]
mod tests;
