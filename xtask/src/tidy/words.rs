//! Words and lines that do not belong into the repository.

use super::files::File;

/// Left-overs, put together so that this file does not contain them.
const LEFT_OVERS: &[&str] = &[concat!("TO", "DO"), concat!("FIX", "ME"), concat!("dbg", "!(")];

/// Hosts of package registries: sources name packages, not where they are downloaded. Rules are exempt, since a
/// credential is often known by the host beside it.
const HOSTS: &[&str] = &[
    concat!("://crates", ".io"),
    concat!("index.crates", ".io"),
    concat!("static.crates", ".io"),
    concat!("pypi", ".org"),
    concat!("python", "hosted.org"),
    concat!("registry.npm", "js.org"),
    concat!("proxy.go", "lang.org"),
    concat!("registry-1.dock", "er.io"),
];

/// Paths of somebody's machine.
const MACHINE_PATHS: &[&str] = &[
    concat!("/ro", "ot/"),
    concat!("/wo", "rk/main"),
    concat!("/wo", "rk/shared"),
    concat!("C:\\Us", "ers\\"),
];

/// Files that only quote others, or are written by a tool.
const EXEMPT: &[&str] = &["Cargo.lock", "fuzz/Cargo.lock", "LICENSE"];

/// What is wrong with the lines of a file.
pub(super) fn check(file: &File) -> Vec<String> {
    if EXEMPT.contains(&file.path.as_str()) {
        return Vec::new();
    }
    let source =
        [".rs", ".toml", ".yml", ".yaml", ".rego", "/run"].iter().any(|end| file.path.ends_with(end));
    let rules = file.path.starts_with("rules/");
    let mut problems = Vec::new();
    for (index, line) in file.text.lines().enumerate() {
        let mut complain = |what: &str| problems.push(format!("{}:{}: {what}", file.path, index + 1));
        if source && LEFT_OVERS.iter().any(|word| is_left_over(line, word)) {
            complain("a left-over; do it or write it into the tracker");
        }
        if source && is_banner(line) {
            complain("a banner; the file is short enough without");
        }
        if !rules && HOSTS.iter().any(|host| line.contains(host)) {
            complain("names a package registry's host");
        }
        if MACHINE_PATHS.iter().any(|path| line.contains(path)) {
            complain("names a path of somebody's machine");
        }
    }
    problems
}

/// As a word of a comment or a macro call, not as part of a text that a rule or a test speaks of.
fn is_left_over(line: &str, word: &str) -> bool {
    let Some(at) = line.find(word) else { return false };
    let before = line.get(..at).unwrap_or_default();
    word.ends_with('(') || before.contains("//") || before.trim_start().starts_with('#')
}

fn is_banner(line: &str) -> bool {
    let line = line.trim();
    let Some(rest) = line.strip_prefix("//").or_else(|| line.strip_prefix('#')) else { return false };
    let rest = rest.trim_start();
    !rest.contains("BEGIN")
        && ["----", "====", "****", "####", "////"].iter().any(|banner| rest.starts_with(banner))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(path: &str, line: &str, expected: usize) {
        let problems = super::check(&File { path: path.to_owned(), text: line.to_owned() });
        assert_eq!(problems.len(), expected, "{path}: {line}: {problems:?}");
    }

    #[test]
    fn left_overs_are_found() {
        check("src/a.rs", &format!("// {}: later", LEFT_OVERS[0]), 1);
        check("src/a.rs", &format!("    {}x);", LEFT_OVERS[2]), 1);
        check("src/a.rs", &format!("[\"{}\"]", LEFT_OVERS[0]), 0);
        check("src/tests.rs", &format!("// {}", LEFT_OVERS[1]), 1);
        check("docs/a.md", LEFT_OVERS[0], 0);
    }

    #[test]
    fn banners_hosts_and_machine_paths_are_found() {
        check("src/a.rs", &format!("//{}", " ---".replace(' ', "-")), 1);
        check("src/a.rs", "// why -> because", 0);
        check("docs/a.md", &format!("https://{}/x", HOSTS[1]), 1);
        check("rules/secrets/a.toml", &format!("https://{}/x", HOSTS[3]), 0);
        check("docs/a.md", &format!("cd {}x", MACHINE_PATHS[0]), 1);
    }
}
