//! What the definitions of the types say, in one table.

use std::borrow::Cow;

use crate::{Purl, PurlError};

/// Whether a type's package URLs have a namespace.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Namespace {
    Required,
    Optional,
    Prohibited,
}

use Namespace::{Optional, Prohibited, Required};

/// What a type does with upper case and with names.
struct Definition {
    namespace: Namespace,
    /// Parts that are written in lower case: of `n`amespace, name (`p`ackage) and `v`ersion.
    lower: &'static str,
}

/// The definition of a type; of one that is not registered, that of `generic`.
fn definition(kind: &str) -> Definition {
    let (namespace, lower) = match kind {
        "alpm" | "apk" | "bitbucket" | "composer" | "deb" | "github" => (Required, "np"),
        "bazel" | "cargo" | "cocoapods" | "conda" | "cran" | "gem" | "hackage" | "julia" | "mlflow"
        | "nuget" | "opam" | "vcpkg" => (Prohibited, ""),
        "bitnami" | "chrome-extension" | "otp" | "pub" => (Prohibited, "p"),
        "brew" | "hex" | "luarocks" => (Optional, "np"),
        "git" | "golang" | "maven" | "swift" => (Required, ""),
        "huggingface" => (Required, "v"),
        "oci" | "pypi" => (Prohibited, "pv"),
        "qpkg" | "rpm" => (Required, "n"),
        "vscode-extension" => (Required, "npv"),
        "yocto" => (Optional, "n"),
        _ => (Optional, ""),
    };
    Definition { namespace, lower }
}

/// Whether the slashes of the name are part of the path: a `git` URL has its host as namespace and all that follows
/// as name.
pub(crate) fn has_path_name(purl: &Purl) -> bool {
    purl.kind == "git" && purl.namespace.is_some()
}

/// Whether a type may contain the character.
pub(crate) fn in_kind(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '-')
}

/// Whether a text is the key of a qualifier.
pub(crate) fn is_key(key: &str) -> bool {
    key.starts_with(|c: char| c.is_ascii_lowercase())
        && key
            .bytes()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, b'.' | b'-' | b'_'))
}

/// Brings namespace, name and version into the form that the type asks for.
pub(crate) fn normalise(purl: &mut Purl) {
    if has_path_name(purl) {
        split_host(purl);
    }
    let definition = definition(&purl.kind);
    let folds_host = folds_case(purl);
    if definition.lower.contains('n') || folds_host {
        purl.namespace.iter_mut().for_each(lower);
    }
    if definition.lower.contains('p') || folds_host {
        lower(&mut purl.name);
    }
    if definition.lower.contains('v') {
        purl.version.iter_mut().for_each(lower);
    }
    match purl.kind.as_str() {
        "pypi" if purl.name.contains('_') => purl.name = purl.name.replace('_', "-"),
        "pub" => {
            let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
            purl.name = purl.name.chars().map(|c| if plain(c) { c } else { '_' }).collect();
        }
        _ => {}
    }
}

/// Holds a package URL against the definition of its type.
pub(crate) fn check(purl: &Purl) -> Result<(), PurlError> {
    let needs = |key: &str| purl.qualifier(key).is_none();
    let rule = match (definition(&purl.kind).namespace, purl.namespace.is_some()) {
        (Required, false) => "needs a namespace",
        (Prohibited, true) => "has no namespace",
        _ => match purl.kind.as_str() {
            "chrome-extension" if !is_extension(&purl.name) => "has a name of 32 letters from a to p",
            "chrome-extension" if !purl.version().is_none_or(is_dotted) => {
                "has a version of one to four numbers"
            }
            "cpan" if purl.name.contains("::") => "names a distribution, not a module",
            "julia" if needs("uuid") => "needs the qualifier `uuid`",
            "swid" if needs("tag_id") => "needs the qualifier `tag_id`",
            _ => return Ok(()),
        },
    };
    Err(PurlError::Definition { kind: purl.kind.clone(), rule })
}

fn lower(text: &mut String) {
    if let Cow::Owned(folded) = lowered(text) {
        *text = folded;
    }
}

fn lowered(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.to_lowercase())
    }
}

/// Servers of a type for which most are particular about case, but these are not.
fn folds_case(purl: &Purl) -> bool {
    match purl.kind.as_str() {
        "git" => purl.namespace().is_some_and(|host| {
            ["github", "github.com", "bitbucket", "bitbucket.org"]
                .iter()
                .any(|one| host.eq_ignore_ascii_case(one))
        }),
        "mlflow" => purl.qualifier("repository_url").is_some_and(|url| url.contains("databricks")),
        _ => false,
    }
}

/// Moves what is not the host from the namespace to the name.
fn split_host(purl: &mut Purl) {
    let namespace = purl.namespace.take().unwrap_or_default();
    let mut segments = namespace.split('/').chain(purl.name.split('/')).filter(|segment| !segment.is_empty());
    let host = segments.next().unwrap_or_default().to_owned();
    let name = crate::join_segments(segments);
    if name.is_empty() {
        purl.name = host;
    } else {
        purl.namespace = Some(host);
        purl.name = name;
    }
}

fn is_extension(name: &str) -> bool {
    name.len() == 32 && name.bytes().all(|byte| matches!(byte, b'a'..=b'p'))
}

fn is_dotted(version: &str) -> bool {
    version.split('.').count() <= 4
        && version.split('.').all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
}
