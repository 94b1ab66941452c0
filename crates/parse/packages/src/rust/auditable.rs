use andon_model::{Relation, Scope};
use andon_purl::Purl;
use object::{Object, ObjectSection};
use serde::Deserialize;

use crate::support::reach::{spread, tidy};
use crate::{Format, Listing, Package, Project, Source};

/// The list of a program of ten thousand packages is about 1 MiB.
const MAX_LIST: usize = 8 << 20;

/// Reads what cargo-auditable put into a program: zlib-compressed JSON in the section `.dep-v0`. What the root
/// needs is direct; the kind says what only build scripts and macros needed.
pub(crate) fn auditable(bytes: &[u8]) -> Listing {
    let mut listing = Listing::new(Format::RustBinary);
    if let Err(detail) = fill(bytes, &mut listing) {
        listing.problem(format!("the program's list of crates was not read: {detail}"));
    }
    listing
}

/// Whether a program has such a section.
pub(crate) fn is_auditable(file: &object::File<'_>) -> bool {
    section(file).is_some()
}

fn section<'d, 'f>(file: &'f object::File<'d>) -> Option<object::Section<'d, 'f>> {
    // Mach-O sections are found by this name too, whatever segment they lie in.
    file.section_by_name(".dep-v0")
}

#[derive(Deserialize)]
struct Audit {
    packages: Vec<Crate>,
}

#[derive(Deserialize)]
struct Crate {
    name: String,
    version: String,
    #[serde(default)]
    source: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    dependencies: Vec<u32>,
    #[serde(default)]
    root: bool,
}

fn fill(bytes: &[u8], listing: &mut Listing) -> Result<(), String> {
    let slices = crate::support::program::slices(bytes);
    let compressed = slices
        .into_iter()
        .filter_map(|slice| object::File::parse(slice).ok())
        .find_map(|file| section(&file)?.data().ok())
        .ok_or("the section .dep-v0 is missing or damaged; take the program from its build again")?;
    let json = inflate(compressed)?;
    let audit: Audit = serde_json::from_slice(&json).map_err(|error| {
        format!("its JSON does not parse ({error}); build the program again with a current cargo-auditable")
    })?;
    let count = audit.packages.len();
    let mut roots = Vec::new();
    let mut dangling = false;
    for krate in audit.packages {
        let package = package(&krate, count);
        dangling |= krate.dependencies.iter().any(|position| *position as usize >= count);
        if krate.root {
            roots.extend(package.dependencies.iter().copied());
            let purl = Some(package.purl.clone());
            listing.project = Some(Project { purl, licenses: Vec::new() });
        }
        listing.packages.push(package);
    }
    if dangling {
        listing.problem("the program's list of crates names dependencies that it does not list");
    }
    relate(&mut listing.packages, &roots);
    Ok(())
}

/// The list says itself what only the build needed; only the relation is worked out.
fn relate(packages: &mut [Package], direct: &[u32]) {
    let scopes: Vec<_> = packages.iter().map(|package| package.scope).collect();
    spread(packages, &direct.iter().map(|root| (*root, Scope::Runtime)).collect::<Vec<_>>());
    for (package, scope) in packages.iter_mut().zip(scopes) {
        package.scope = scope;
        if package.relation == Relation::Unknown && !direct.is_empty() && package.source == Source::Registry {
            package.relation = Relation::Transitive;
        }
    }
}

fn package(krate: &Crate, count: usize) -> Package {
    let mut package = Package::new(Purl::new("cargo", &krate.name).with_version(&krate.version));
    package.scope = if krate.kind == "build" { Scope::Development } else { Scope::Runtime };
    package.source = match krate.source.as_str() {
        "local" => Source::Local(String::new()),
        "git" => Source::Git { url: String::new(), commit: None },
        _ => Source::Registry,
    };
    let known = krate.dependencies.iter().filter(|position| (**position as usize) < count);
    package.dependencies = known.copied().collect();
    tidy(&mut package.dependencies);
    package
}

fn inflate(compressed: &[u8]) -> Result<Vec<u8>, String> {
    let mut decoder = flate2::Decompress::new(true);
    let mut json = Vec::new();
    loop {
        json.reserve(64 * 1024);
        let consumed = usize::try_from(decoder.total_in()).unwrap_or(usize::MAX);
        let rest = compressed.get(consumed..).unwrap_or_default();
        let before = (decoder.total_in(), decoder.total_out());
        let status = decoder
            .decompress_vec(rest, &mut json, flate2::FlushDecompress::None)
            .map_err(|error| format!("its compressed data is damaged ({error})"))?;
        if json.len() > MAX_LIST {
            return Err(format!("it unpacks to more than {MAX_LIST} bytes"));
        }
        if status == flate2::Status::StreamEnd {
            return Ok(json);
        }
        if before == (decoder.total_in(), decoder.total_out()) {
            return Err("its compressed data is cut off".to_owned());
        }
    }
}
