use crate::satisfies;

/// Compares the answers for versions separated by blanks, those before the `|` allowed, those after it not.
fn check(ecosystem: &str, requirement: &str, versions: &str) {
    let (allowed, refused) = versions.split_once('|').unwrap();
    for version in allowed.split_whitespace() {
        assert_eq!(satisfies(ecosystem, version, requirement), Some(true), "{version} {requirement}");
    }
    for version in refused.split_whitespace() {
        assert_eq!(satisfies(ecosystem, version, requirement), Some(false), "{version} {requirement}");
    }
}

#[test]
fn npm() {
    check("npm", "^1.2.3", "1.2.3 1.9.0 1.2.3+b | 1.2.2 2.0.0 2.0.0-rc.1 1.3.0-rc.1");
    check("npm", "^0.2.3", "0.2.9 | 0.3.0 0.2.2 1.0.0");
    check("npm", "^0.0.3 || ~2.1", "0.0.3 2.1.7 | 0.0.4 2.2.0");
    check("npm", "1.x", "1.0.0 1.99.0 | 2.0.0 0.9.0");
    check("npm", ">= 1.2 <3", "1.2.0 2.9.9 | 3.0.0 1.1.9 3.0.0-a");
    check("npm", "1.2.3 - 2.3", "1.2.3 2.3.9 | 2.4.0 1.2.2");
    check("npm", ">1.2", "1.3.0 | 1.2.9");
    check("npm", "", "0.0.1 9.0.0 | 1.0.0-a");
    check("npm", "^1.0.0-beta.2", "1.0.0-beta.3 1.0.0 1.1.0 | 1.0.0-beta.1 1.1.0-beta.3");
    for requirement in ["latest", "workspace:*", "npm:other@^1", "git+https://example.org/a.git#v1"] {
        assert_eq!(satisfies("npm", "1.0.0", requirement), None, "{requirement}");
    }
}

#[test]
fn cargo() {
    check("crates.io", "1.2", "1.2.0 1.9.9 | 2.0.0 1.1.0");
    check("crates.io", "0.3.1, <0.3.5", "0.3.4 | 0.3.5 0.4.0");
    check("crates.io", "=1.2.3", "1.2.3 | 1.2.4");
    check("crates.io", "~1.2.3", "1.2.9 | 1.3.0");
    check("crates.io", "*", "0.0.1 | 1.0.0-a");
}

#[test]
fn pypi() {
    check("PyPI", ">=1.2,<2", "1.2 1.9.post1 1.2+local | 2.0 1.1 2.0rc1 2.0.0 1.5rc1");
    check("PyPI", "~=1.4.2", "1.4.2 1.4.99 | 1.5 1.4.1 1.5.dev1");
    check("PyPI", "==1.2.*", "1.2 1.2.7.post1 | 1.3 1.1.9");
    check("PyPI", "!=1.2.*,>1", "1.3 | 1.2.1 1.0 1.0.post1");
    check("PyPI", ">=1.0rc1", "1.0rc1 1.0 | 1.0b1");
    check("PyPI", "^1.2; python_version > '3'", "1.2 1.9 | 2.0 1.1");
    check("PyPI", "", "1.0 | 1.0a1");
    assert_eq!(satisfies("PyPI", "1.0", "@ https://example.org/a.whl"), None);
}

#[test]
fn rubygems() {
    check("RubyGems", "~> 2.2", "2.2 2.9 | 3.0 2.1 3.0.rc1");
    check("RubyGems", "~> 2.2.1, != 2.2.5", "2.2.1 2.2.9 | 2.2.5 2.3 2.2.0");
    check("RubyGems", ">= 1.a", "1.0 1.rc1 | 0.9");
    check("RubyGems", ">= 1", "1.0 | 2.0.rc1");
    assert_eq!(satisfies("RubyGems", "1.0", "main"), None);
}

#[test]
fn packagist() {
    check("Packagist", "^1.2", "1.2.0 v1.9 | 2.0 1.1.9 2.0.0-beta1 1.3.0-beta1");
    check("Packagist", "~1.2", "1.2 1.9 | 2.0");
    check("Packagist", "~1.2.3 || 3.*", "1.2.9 3.4.5 | 1.3 2.0 4.0");
    check("Packagist", ">=1.0 <1.1 | >=1.2", "1.0.5 1.2.0 | 1.1.0");
    check("Packagist", "^1.0@beta", "1.0.0-beta2 1.1 | 2.0");
    check("Packagist", "1.0.2", "1.0.2 1.0.2.0 | 1.0.3");
    assert_eq!(satisfies("Packagist", "1.0", "dev-main"), None);
}
