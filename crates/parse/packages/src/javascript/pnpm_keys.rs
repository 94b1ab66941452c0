use super::registry;

/// What a key of `packages` says by itself.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Key<'t> {
    /// The package's name; empty when the key does not tell it.
    pub(super) name: &'t str,
    /// The version, or what stands in its place (`file:…`, `https:…`); without the peers that it was resolved with.
    pub(super) version: &'t str,
    /// Whether the registry's own notation is used.
    pub(super) registry: bool,
}

/// Reads `/name/1.0.0_peers` (lockfileVersion 5), `/name@1.0.0(peers)` (6) or `name@1.0.0(peers)` (9), in the first
/// two perhaps behind a registry's host.
pub(super) fn parse(key: &str, fifth: bool) -> Key<'_> {
    let plain = without_peers(key);
    if let Some(path) = plain.strip_prefix('/') {
        let split = if fifth { split_fifth(path) } else { registry::split_at_sign(path) };
        return split.map_or(Key::default(), |(name, version)| Key { name, version, registry: true });
    }
    if plain.starts_with("file:") || plain.starts_with("link:") {
        return Key { name: "", version: plain, registry: false };
    }
    let host = plain.split('/').next().unwrap_or_default();
    if let Some(path) = plain.strip_prefix(host).and_then(|rest| rest.strip_prefix('/'))
        && host.contains('.')
        && !host.contains('@')
    {
        let split = if fifth { split_fifth(path) } else { registry::split_at_sign(path) };
        let found = split.filter(|(_, version)| version.starts_with(|c: char| c.is_ascii_digit()));
        let one_name = |name: &str| name.split('/').count() <= if name.starts_with('@') { 2 } else { 1 };
        return match found.filter(|(name, version)| one_name(name) && version.contains('.')) {
            Some((name, version)) => Key { name, version, registry: true },
            None => Key::default(),
        };
    }
    match registry::split_at_sign(plain) {
        Some((name, version)) => Key { name, version, registry: !version.contains([':', '/']) },
        None => Key::default(),
    }
}

/// A key or a version without `(peer@1.0.0)…` behind it.
pub(super) fn without_peers(key: &str) -> &str {
    key.find('(').and_then(|at| key.get(..at)).unwrap_or(key)
}

fn split_fifth(path: &str) -> Option<(&str, &str)> {
    let slashes = if path.starts_with('@') { 1 } else { 0 };
    let at = path.match_indices('/').nth(slashes)?.0;
    let version = path.get(at + 1..)?;
    Some((path.get(..at)?, version.split('_').next().unwrap_or(version)))
}

#[cfg(test)]
mod tests {
    use super::parse;

    fn check(key: &str, fifth: bool, name: &str, version: &str, registry: bool) {
        let found = parse(key, fifth);
        assert_eq!((found.name, found.version, found.registry), (name, version, registry), "{key}");
    }

    #[test]
    fn keys() {
        check("/a/1.0.0", true, "a", "1.0.0", true);
        check("/@s/a/1.0.0_react@17.0.2+x@1", true, "@s/a", "1.0.0", true);
        check("/a_b/1.0.0-rc.1_vue@3.0.0", true, "a_b", "1.0.0-rc.1", true);
        check("host.example/a/1.0.0", true, "a", "1.0.0", true);
        check("github.com/owner/a/0123456789abcdef", true, "", "", false);
        check("file:../a", true, "", "file:../a", false);
        check("/a@1.0.0", false, "a", "1.0.0", true);
        check("/@s/a@1.0.0(@t/b@2.0.0)(c@3.0.0)", false, "@s/a", "1.0.0", true);
        check("host.example/@s/a@1.0.0", false, "@s/a", "1.0.0", true);
        check("a@1.0.0(b@2.0.0(c@1.0.0))", false, "a", "1.0.0", true);
        check("@s/a@1.0.0", false, "@s/a", "1.0.0", true);
        check("a@file:../a", false, "a", "file:../a", false);
        check("a@https://host.example/a.tgz", false, "a", "https://host.example/a.tgz", false);
        check("github.com/owner/a/0123456", false, "", "", false);
        check("", false, "", "", false);
    }
}
