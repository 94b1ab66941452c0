use std::collections::HashMap;

/// How the paths of a report become those of the repository.
#[derive(Debug, Clone, Default)]
pub struct ReportPaths {
    prefixes: Vec<String>,
    /// The repository's files by their last part.
    files: HashMap<String, Vec<String>>,
}

/// Files of one name that are compared; more are not told apart.
const MOST_OF_A_NAME: usize = 1000;

impl ReportPaths {
    /// Paths below one of these folders lose it: where the repository was checked out when the tests ran, or, for Go, the
    /// module's path.
    pub fn below(prefixes: &[&str]) -> Self {
        let prefixes =
            prefixes.iter().map(|prefix| clean(prefix)).filter(|prefix| !prefix.is_empty()).collect();
        Self { prefixes, files: HashMap::new() }
    }

    /// With the repository's files, relative to its root: a path that is none of them becomes the only one that ends with
    /// it, as for JaCoCo, which knows packages, not folders.
    #[must_use]
    pub fn with_files<'f>(mut self, files: impl IntoIterator<Item = &'f str>) -> Self {
        for file in files {
            let name = file.rsplit('/').next().unwrap_or(file);
            let same = self.files.entry(name.to_owned()).or_default();
            if same.len() < MOST_OF_A_NAME {
                same.push(file.to_owned());
            }
        }
        self
    }

    /// The path in the repository. `sources` are folders that the report itself names.
    pub(super) fn resolve(&self, path: &str, sources: &[String]) -> String {
        let cleaned = clean(path);
        let mut candidates = vec![self.strip(&cleaned)];
        if !is_absolute(&cleaned) {
            candidates.extend(sources.iter().map(|source| self.strip(&clean(&format!("{source}/{path}")))));
        }
        if self.files.is_empty() {
            // A folder of the report that lies below a known one says more than the bare path.
            let better = candidates.iter().skip(1).find(|candidate| !is_absolute(candidate));
            return better.or(candidates.first()).cloned().unwrap_or(cleaned);
        }
        let known = |path: &str| {
            let name = path.rsplit('/').next().unwrap_or(path);
            self.files.get(name).map(Vec::as_slice).unwrap_or_default()
        };
        if let Some(found) = candidates.iter().find(|path| known(path).contains(path)) {
            return found.clone();
        }
        let ending = format!("/{}", cleaned.trim_start_matches('/'));
        let mut matches =
            known(&cleaned).iter().filter(|file| file.ends_with(&ending) || ends_with(&ending, file));
        match (matches.next(), matches.next()) {
            (Some(only), None) => only.clone(),
            _ => candidates.swap_remove(0),
        }
    }

    fn strip(&self, path: &str) -> String {
        let stripped =
            self.prefixes.iter().find_map(|prefix| path.strip_prefix(prefix.as_str())?.strip_prefix('/'));
        stripped.unwrap_or(path).to_owned()
    }
}

/// Whether an absolute path ends with a file of the repository.
fn ends_with(path: &str, file: &str) -> bool {
    path.strip_suffix(file).is_some_and(|before| before.ends_with('/'))
}

fn is_absolute(path: &str) -> bool {
    path.starts_with('/') || path.as_bytes().get(1) == Some(&b':')
}

/// With `/`, without `.` and `..` where they can be resolved.
fn clean(path: &str) -> String {
    let path = path.trim().replace('\\', "/");
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    let joined = parts.join("/");
    if path.starts_with('/') { format!("/{joined}") } else { joined }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resolving() {
        let plain = ReportPaths::below(&["/ci/build/", "example.org/tool"]);
        let known = ReportPaths::below(&["/ci/build"]).with_files([
            "src/main/java/org/a/B.java",
            "src/x.py",
            "lib/x.py",
            "web/a.ts",
        ]);
        let none: &[String] = &[];
        let sources = ["/ci/build/src".to_owned()];
        let rows = [
            (&plain, "/ci/build/src/./a.rs", none, "src/a.rs"),
            (&plain, "/ci/builder/a.rs", none, "/ci/builder/a.rs"),
            (&plain, "example.org/tool/cmd/a.go", none, "cmd/a.go"),
            (&plain, "src\\b\\..\\a.cs", none, "src/a.cs"),
            (&plain, "a.py", &sources, "src/a.py"),
            (&plain, "../../a", none, "../../a"),
            (&known, "org/a/B.java", none, "src/main/java/org/a/B.java"),
            (&known, "x.py", none, "x.py"),
            (&known, "x.py", &sources, "src/x.py"),
            (&known, "/elsewhere/web/a.ts", none, "web/a.ts"),
            (&known, "nowhere.rs", none, "nowhere.rs"),
        ];
        for (paths, path, sources, expected) in rows {
            assert_eq!(paths.resolve(path, sources), expected, "{path}");
        }
    }
}
