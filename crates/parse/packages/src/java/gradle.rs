use andon_model::Scope;

use super::coordinates;
use crate::{
    Format, Listing, Package, Problem,
    support::{position::Lines, text},
};

/// Reads the lock file of a Gradle project or of its build scripts: `group:artifact:version=configuration,…` a line
/// (Gradle's manual, "Locking versions", the format of one file per project).
///
/// Configurations that only tests use (`testRuntimeClasspath`, `androidTestCompileClasspath`, …) and the build scripts'
/// own (`classpath`) are for development; all others count as what runs.
pub(crate) fn gradle_lock(bytes: &[u8]) -> Listing {
    let mut listing = Listing::new(Format::GradleLock);
    let (text, replaced) = text::decode(bytes);
    if replaced {
        listing.problem(
            "it has bytes that are not UTF-8, replaced by U+FFFD: write it again with --write-locks",
        );
    }
    let lines = Lines::new(&text);
    let mut at = 0;
    let mut unread = Vec::new();
    for line in text.split_inclusive('\n') {
        let range = at..at + line.trim_end().len();
        at += line.len();
        match read(line.trim()) {
            Line::Nothing => {}
            Line::Package(mut package) => {
                package.region = Some(lines.region(range));
                listing.packages.push(*package);
            }
            Line::Unread => unread.push(range),
        }
    }
    if let Some(first) = unread.first() {
        let count = unread.len();
        let detail = format!(
            "lines that are not group:artifact:version=configurations are not read ({count}): resolve merge conflicts, \
             or write the file again with --write-locks"
        );
        listing.problems.push(Problem { detail, region: Some(lines.region(first.clone())) });
    }
    listing
}

enum Line {
    Nothing,
    Package(Box<Package>),
    Unread,
}

fn read(line: &str) -> Line {
    if line.is_empty() || line.starts_with('#') {
        return Line::Nothing;
    }
    let Some((module, configurations)) = line.split_once('=') else { return Line::Unread };
    if module == "empty" {
        return Line::Nothing;
    }
    let mut parts = module.split(':');
    let (Some(group), Some(artifact), Some(version), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Line::Unread;
    };
    if !coordinates::is_id(group) || !coordinates::is_id(artifact) || !is_version(version) {
        return Line::Unread;
    }
    let mut package = Package::new(coordinates::maven(group, artifact).with_version(version));
    package.scope = scope(configurations);
    Line::Package(Box::new(package))
}

fn is_version(text: &str) -> bool {
    !text.is_empty() && text.len() <= 256 && !text.contains(|c: char| c.is_whitespace() || c.is_control())
}

fn scope(configurations: &str) -> Scope {
    let mut used = configurations.split(',').map(str::trim).filter(|name| !name.is_empty()).peekable();
    if used.peek().is_some() && used.all(is_development) { Scope::Development } else { Scope::Runtime }
}

/// `test…`, or `Test` as a word in the middle; `latestX` is none.
fn is_development(configuration: &str) -> bool {
    let inside =
        configuration.split("Test").skip(1).any(|rest| !rest.starts_with(|c: char| c.is_ascii_lowercase()));
    configuration == "classpath" || configuration.starts_with("test") || inside
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let listing = gradle_lock(text.as_bytes());
        let packages = listing.packages.iter().map(|package| {
            let line = package.region.map_or(0, |region| region.start_line);
            let (purl, scope) = (&package.purl, package.scope);
            let (group, version) = (purl.namespace().unwrap_or("-"), purl.version().unwrap_or("-"));
            format!("{line} {group} {} {version} {scope:?}", purl.name())
        });
        let problems = listing.problems.iter().map(|problem| {
            let line = problem.region.map_or(0, |region| region.start_line);
            format!("{line}! {}", problem.detail.split(&['(', ')'][..]).nth(1).unwrap_or_default())
        });
        assert_eq!(packages.chain(problems).collect::<Vec<_>>(), expected, "{text}");
    }

    #[test]
    fn lines() {
        check(
            "# a comment\norg.a:b:1.0=compileClasspath,runtimeClasspath\norg.a:c:2=testCompileClasspath\n\
             org.a:d:3=debugUnitTestRuntimeClasspath,testX\r\norg.a:e:4=classpath\norg.a:f:5=latestx\n\
             org.a:g:6=\norg.a:h:7=myTestingThing\nempty=annotationProcessor\n",
            &[
                "2 org.a b 1.0 Runtime",
                "3 org.a c 2 Development",
                "4 org.a d 3 Development",
                "5 org.a e 4 Development",
                "6 org.a f 5 Runtime",
                "7 org.a g 6 Runtime",
                "8 org.a h 7 Runtime",
            ],
        );
    }

    #[test]
    fn broken_files() {
        check(
            "<<<<<<< HEAD\norg.a:b:1=x\n=======\norg.a:b:2=x\n>>>>>>> other\n",
            &["2 org.a b 1 Runtime", "4 org.a b 2 Runtime", "1! 3"],
        );
        check("org.a:b=x\norg a:b:1=x\na:b:c:d=x\na:b:=x", &["1! 4"]);
        check("", &[]);
    }
}
