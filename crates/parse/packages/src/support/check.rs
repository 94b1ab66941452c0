use crate::{Format, Listing, Package, Source, parse};
use andon_model::{Relation, Scope};

/// Reads a text and compares what was read with lines of the form that [`show`] writes. Indentation does not matter.
pub(crate) fn check(format: Format, text: &str, expected: &str) {
    let shown = show(&parse(format, text.as_bytes()));
    let tidy = |text: &str| {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        lines.collect::<Vec<_>>().join("\n")
    };
    assert_eq!(tidy(&shown), tidy(expected), "\n{shown}");
}

/// A listing as lines: `#` the project, `+` what it includes, `!` problems; packages with their lines, and what is not
/// usual about them.
pub(crate) fn show(listing: &Listing) -> String {
    let mut lines = Vec::new();
    if let Some(project) = &listing.project {
        let purl = project.purl.as_ref().map(ToString::to_string).unwrap_or_default();
        lines.push(format!("# {purl} {}", project.licenses.join(" ")));
    }
    lines.extend(listing.packages.iter().map(|package| show_package(listing, package)));
    lines.extend(listing.includes.iter().map(|include| format!("+ {include}")));
    lines.extend(listing.problems.iter().map(|problem| {
        let line = problem.region.map(|region| format!("{}: ", region.start_line)).unwrap_or_default();
        format!("! {line}{}", problem.detail)
    }));
    lines.join("\n")
}

fn show_package(listing: &Listing, package: &Package) -> String {
    let region = package.region.unwrap_or_default();
    let mut line = format!("{} {}", name(package), region.start_line);
    if region.end_line != region.start_line {
        line += &format!("-{}", region.end_line);
    }
    line += match package.relation {
        Relation::Unknown => "",
        Relation::Transitive => " transitive",
        Relation::Direct => " direct",
    };
    line += match package.scope {
        Scope::Runtime => "",
        Scope::Optional => " optional",
        Scope::Development => " dev",
    };
    line += &match &package.source {
        Source::Registry => String::new(),
        Source::Git { url, commit } => format!(" git:{url}#{}", commit.as_deref().unwrap_or_default()),
        Source::Archive(address) => format!(" archive:{address}"),
        Source::Local(path) => format!(" local:{path}"),
    };
    let mut add = |mark: &str, text: &str| line.push_str(&format!(" {mark}{text}"));
    package.requirement.iter().for_each(|requirement| add("wants ", requirement));
    package.licenses.iter().for_each(|license| add("licence ", license));
    package.checksums.iter().for_each(|sum| add("", sum.get(..12).unwrap_or(sum)));
    let needs = package.dependencies.iter().filter_map(|at| listing.packages.get(*at as usize));
    let needs: Vec<_> = needs.map(name).collect();
    if !needs.is_empty() {
        add("> ", &needs.join(", "));
    }
    line
}

fn name(package: &Package) -> String {
    let version = package.purl.version().map(|version| format!("@{version}")).unwrap_or_default();
    package.purl.native_name() + &version
}
