//! What a component of somebody else's document is called here.

use andon_model::ComponentKind;
use andon_purl::Purl;

use crate::document::{Problem, ProblemKind, quote};

/// What a document says of a component's identity.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Claim<'a> {
    pub(crate) purl: Option<&'a str>,
    /// CycloneDX's group: the namespace, when the name does not contain it.
    pub(crate) group: Option<&'a str>,
    pub(crate) name: Option<&'a str>,
    pub(crate) version: Option<&'a str>,
    pub(crate) kind: ComponentKind,
}

/// An identity as an inventory wants it.
#[derive(Debug, PartialEq)]
pub(crate) struct Identity {
    pub(crate) purl: Purl,
    pub(crate) name: String,
    pub(crate) version: Option<String>,
}

/// Longest name or package URL that is believed, in bytes.
const LONGEST: usize = 4096;

/// The identity that a claim amounts to, and what is odd about it. A component without a usable package URL is kept
/// as `pkg:generic/…`; one without any name, or with an absurdly long one, cannot be kept.
pub(crate) fn identify(claim: &Claim<'_>, problems: &mut Vec<Problem>) -> Option<Identity> {
    let Some(known) = claim.name.or(claim.purl) else {
        problems.push(Problem::new(
            ProblemKind::NotAuditable,
            "a component without name and package URL was left out",
        ));
        return None;
    };
    let longest =
        [claim.purl, claim.group, claim.name, claim.version].into_iter().flatten().map(str::len).max();
    if longest > Some(LONGEST) {
        let detail = format!(
            "`{}` was left out: its name, version or package URL is over {LONGEST} bytes",
            quote(known)
        );
        problems.push(Problem::new(ProblemKind::Limit, detail));
        return None;
    }
    let identity = match claim.purl.map(|text| (text, adopt(text))) {
        Some((text, Some((purl, mended)))) => {
            if let Some(why) = mended {
                let detail = format!("`{}` was read as `{purl}`: {why}", quote(text));
                problems.push(Problem::new(ProblemKind::OddPurl, detail));
            }
            of_purl(purl, claim)
        }
        Some((text, None)) => {
            let detail = format!(
                "`{}` is no package URL; `{}` is kept by its name and compared with no advisory",
                quote(text),
                quote(known)
            );
            problems.push(Problem::new(ProblemKind::NotAuditable, detail));
            of_name(known, claim)
        }
        None => {
            if needs_purl(claim.kind) {
                let detail = format!(
                    "`{}` has no package URL: it is kept by its name and compared with no advisory",
                    quote(known)
                );
                problems.push(Problem::new(ProblemKind::NotAuditable, detail));
            }
            return Some(of_name(known, claim));
        }
    };
    if identity.version.is_none() && needs_purl(claim.kind) && identity.purl.kind() != "generic" {
        let detail = format!("`{}` has no version: it is compared with no advisory", identity.purl);
        problems.push(Problem::new(ProblemKind::NotAuditable, detail));
    }
    Some(identity)
}

/// Whether advisories are about this kind of component.
fn needs_purl(kind: ComponentKind) -> bool {
    matches!(kind, ComponentKind::Library | ComponentKind::Application)
}

/// Reads a package URL, mending what can be mended; says what had to be.
fn adopt(text: &str) -> Option<(Purl, Option<String>)> {
    match Purl::parse(text) {
        Ok(purl) => {
            let broken = Purl::parse_strict(text).err().map(|error| error.to_string());
            return Some((purl, broken.or_else(|| unencoded(text).map(str::to_owned))));
        }
        Err(error) => {
            let because = |purl| (purl, Some(error.to_string()));
            if let Ok(purl) = Purl::parse(&encode_stray_percents(text)) {
                return Some(because(purl));
            }
            let path = text.strip_prefix("pkg:").unwrap_or(text);
            // `pkg:name@version`, the type forgotten.
            if path.len() < text.len()
                && !path.contains('/')
                && let Ok(purl) = Purl::parse(&format!("pkg:generic/{path}"))
            {
                return Some(because(purl));
            }
            // `npm/name@version`, the scheme forgotten.
            let kind = path.split_once('/').map(|(kind, _)| kind)?;
            if path.len() == text.len()
                && KNOWN_KINDS.contains(&kind)
                && let Ok(purl) = Purl::parse(&format!("pkg:{path}"))
            {
                return Some(because(purl));
            }
        }
    }
    None
}

/// What the standard's parsing forgives and its grammar does not have.
fn unencoded(text: &str) -> Option<&'static str> {
    let must_be_encoded = |c: char| {
        !c.is_ascii()
            || c.is_ascii_control()
            || matches!(c, ' ' | '"' | '<' | '>' | '\\' | '^' | '`' | '{' | '|' | '}')
    };
    if text.contains(must_be_encoded) {
        return Some("it has characters that must be percent-encoded");
    }
    let kind = text.split('/').find(|part| !part.is_empty() && *part != "pkg:").unwrap_or_default();
    kind.contains(|c: char| c.is_ascii_uppercase()).then_some("its type is not in lower case")
}

/// Types that are recognised without `pkg:` before them.
const KNOWN_KINDS: &[&str] = &[
    "apk",
    "cargo",
    "composer",
    "deb",
    "gem",
    "generic",
    "github",
    "githubactions",
    "golang",
    "hex",
    "maven",
    "npm",
    "nuget",
    "oci",
    "pub",
    "pypi",
    "rpm",
    "swift",
];

/// The text with every `%` that encodes nothing written as `%25`.
fn encode_stray_percents(text: &str) -> String {
    let mut mended = String::with_capacity(text.len() + 8);
    for (at, character) in text.char_indices() {
        mended.push(character);
        let digits = text.as_bytes().get(at + 1..at + 3).unwrap_or_default();
        if character == '%' && !(digits.len() == 2 && digits.iter().all(u8::is_ascii_hexdigit)) {
            mended.push_str("25");
        }
    }
    mended
}

fn of_purl(purl: Purl, claim: &Claim<'_>) -> Identity {
    let purl = match (purl.version(), claim.version) {
        (None, Some(version)) => purl.with_version(version),
        _ => purl,
    };
    let name = written_name(&purl, claim);
    let version = purl.version().map(|version| with_epoch(&purl, version));
    Identity { name, version, purl }
}

/// The name as the document writes it if it is only another spelling of the package URL's (`Django` of `pypi/django`).
fn written_name(purl: &Purl, claim: &Claim<'_>) -> String {
    let native = purl.native_name();
    let Some(name) = claim.name else { return native };
    let again = Purl::of_native(purl.kind(), name);
    let same = again.name() == purl.name()
        && (again.namespace() == purl.namespace() || native == again.native_name());
    if same { name.to_owned() } else { native }
}

/// The version as the distribution orders it: rpm's and dpkg's epoch can be a qualifier.
fn with_epoch(purl: &Purl, version: &str) -> String {
    let epoch = purl.qualifier("epoch").filter(|epoch| epoch.bytes().all(|byte| byte.is_ascii_digit()));
    match epoch {
        Some(epoch) if matches!(purl.kind(), "rpm" | "deb") && !version.contains(':') => {
            format!("{epoch}:{version}")
        }
        _ => version.to_owned(),
    }
}

fn of_name(known: &str, claim: &Claim<'_>) -> Identity {
    let name = match claim.group {
        Some(group) => format!("{group}/{known}"),
        None => known.to_owned(),
    };
    let purl = Purl::new("generic", known)
        .with_namespace(claim.group.unwrap_or_default())
        .with_version(claim.version.unwrap_or_default());
    Identity { version: claim.version.map(str::to_owned), name, purl }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(purl: &str, name: &str, version: &str, expected: &str, kinds: &[ProblemKind]) {
        let mut problems = Vec::new();
        let claim = Claim { purl: some(purl), name: some(name), version: some(version), ..Claim::default() };
        let identity = identify(&claim, &mut problems).expect("an identity");
        let shown = format!("{} {} {}", identity.purl, identity.name, identity.version.unwrap_or_default());
        assert_eq!(shown, expected);
        assert_eq!(problems.iter().map(|problem| problem.kind).collect::<Vec<_>>(), kinds, "{problems:?}");
    }

    fn some(text: &str) -> Option<&str> {
        Some(text).filter(|text| !text.is_empty())
    }

    #[test]
    fn proper_ones_are_taken_as_they_are() {
        check("pkg:pypi/django@4.2", "Django", "4.2", "pkg:pypi/django@4.2 Django 4.2", &[]);
        check("pkg:npm/%40a/b@1", "b", "1", "pkg:npm/%40a/b@1 @a/b 1", &[]);
        check("pkg:maven/g/a@1", "a", "1", "pkg:maven/g/a@1 g:a 1", &[]);
        check("pkg:npm/a", "a", "1.0", "pkg:npm/a@1.0 a 1.0", &[]);
        check(
            "pkg:rpm/fedora/curl@7.50.3-1?arch=i386&epoch=2",
            "curl",
            "7.50.3-1",
            "pkg:rpm/fedora/curl@7.50.3-1?arch=i386&epoch=2 curl 2:7.50.3-1",
            &[],
        );
    }

    #[test]
    fn odd_ones_are_mended_and_told() {
        use ProblemKind::{NotAuditable, OddPurl};
        check("pkg:NPM/a@1 beta", "a", "", "pkg:npm/a@1%20beta a 1 beta", &[OddPurl]);
        check("pkg:generic/100%@1", "x", "", "pkg:generic/100%25@1 100% 1", &[OddPurl]);
        check("pkg:left-pad@1", "left-pad", "1", "pkg:generic/left-pad@1 left-pad 1", &[OddPurl]);
        check("npm/left-pad@1", "left-pad", "1", "pkg:npm/left-pad@1 left-pad 1", &[OddPurl]);
        check("pkg:npm/a", "a", "", "pkg:npm/a a ", &[NotAuditable]);
        check("https://a.example/b", "b", "1", "pkg:generic/b@1 b 1", &[NotAuditable]);
        check("", "b", "1", "pkg:generic/b@1 b 1", &[NotAuditable]);
    }

    #[test]
    fn the_absurd_is_left_out_and_told() {
        let long = "x".repeat(LONGEST + 1);
        let mut problems = Vec::new();
        assert_eq!(identify(&Claim { name: Some(&long), ..Claim::default() }, &mut problems), None);
        assert_eq!(identify(&Claim::default(), &mut problems), None);
        assert_eq!(problems.len(), 2);
        assert!(problems.iter().all(|problem| problem.detail.len() < 300));
    }
}
