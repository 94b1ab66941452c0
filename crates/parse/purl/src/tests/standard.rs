use crate::Purl;

/// Parses one text and compares what it displays as; `!` stands for an error.
fn check(text: &str, expected: &str) {
    let shown = Purl::parse(text).map_or_else(|_| "!".to_owned(), |purl| purl.to_string());
    assert_eq!(shown, expected, "{text}");
}

#[test]
fn what_can_be_put_right_is() {
    check("pkg:npm/%40angular/animation@12.3.1", "pkg:npm/%40angular/animation@12.3.1");
    check("pkg:npm/@babel/core", "pkg:npm/%40babel/core");
    check("pkg:npm/@babel/core@7.1.0", "pkg:npm/%40babel/core@7.1.0");
    check("PKG://PyPI//Django_package@1.11", "pkg:pypi/django-package@1.11");
    check("pkg:brew/node@20@20.10.0", "pkg:brew/node%4020@20.10.0");
    check("pkg:docker/a/b@sha256%3Aff?Arch=x&z=&b=1", "pkg:docker/a/b@sha256:ff?arch=x&b=1");
    check("pkg:golang/x.org/y#/a/./../b/", "pkg:golang/x.org/y#a/b");
    check("pkg:git/codeberg.org/forgejo/forgejo@1", "pkg:git/codeberg.org/forgejo/forgejo@1");
    check("pkg:pub/Shared-Preferences@1", "pkg:pub/shared_preferences@1");
    check("pkg:deb/Debian/Curl@1:7%2B1", "pkg:deb/debian/curl@1:7%2B1");
}

#[test]
fn what_is_no_package_url_is_refused() {
    for text in [
        "",
        "pkg:",
        "pkg:npm",
        "pkg:npm/",
        "npm/left-pad@1",
        "pkg:3d/model",
        "pkg:n&m/x",
        "pkg:npm/@1.0",
        "pkg:npm/a%2",
        "pkg:npm/a%zz",
        "pkg:npm/%ff",
        "pkg:maven/a%2Fb/c",
        "pkg:npm/a?b%20c=1",
        "pkg:npm/a?b=1&B=2",
        "pkg:npm/a#x%2Fy",
    ] {
        check(text, "!");
    }
}

#[test]
fn definitions_bind_where_asked_for() {
    for text in [
        "pkg:swift/Alamofire@5.4.3",
        "pkg:cargo/a/b",
        "pkg:julia/Dates",
        "pkg:cpan/URI::Escape",
        "pkg:chrome-extension/dogs",
        "pkg:gem/a?Platform=java",
        "pkg:swift/github.com/Alamofire/@5",
    ] {
        assert!(Purl::parse_strict(text).is_err(), "{text}");
        assert!(Purl::parse(text).is_ok(), "{text}");
    }
    assert!(Purl::build("npm", None, "", None, [], None).is_err());
    assert!(Purl::build("n m", None, "a", None, [], None).is_err());
    assert!(Purl::build("npm", None, "a", None, [("a b", "1")], None).is_err());
}

#[test]
fn parts_can_be_set_and_taken_away() {
    let purl = Purl::new("npm", "core")
        .with_namespace("@babel")
        .with_version("7.0.0")
        .with_qualifier("VCS_url", "git+https://example.org/a")
        .with_qualifier("not a key", "1")
        .with_subpath("/lib/../index.js");
    let expected = "pkg:npm/%40babel/core@7.0.0?vcs_url=git%2Bhttps:%2F%2Fexample.org%2Fa#lib/index.js";
    assert_eq!(purl.to_string(), expected);
    assert_eq!(purl.qualifiers().collect::<Vec<_>>(), [("vcs_url", "git+https://example.org/a")]);
    assert_eq!(purl.clone().without_qualifiers().to_string(), "pkg:npm/%40babel/core@7.0.0");
    assert_eq!(purl.without_version().with_qualifier("vcs_url", "").version(), None);
}

#[test]
fn serialised_as_its_string() {
    let purl = Purl::new("maven", "core").with_namespace("org.example").with_version("1+2");
    let json = serde_json::to_string(&purl).unwrap();
    assert_eq!(json, "\"pkg:maven/org.example/core@1%2B2\"");
    assert_eq!(serde_json::from_str::<Purl>(&json).unwrap(), purl);
}
