use crate::{Purl, from_osv, osv_name_key, osv_package};

/// Compares what OSV calls a package, and the package URL that comes of that again.
fn check(purl: &str, distro: Option<&str>, ecosystem: &str, name: &str, back: &str) {
    let purl = Purl::parse(purl).unwrap();
    let found = osv_package(&purl, distro);
    assert_eq!(found, Some((ecosystem.to_owned(), name.to_owned())), "{purl}");
    assert_eq!(from_osv(ecosystem, name).unwrap().to_string(), back);
}

#[test]
fn languages() {
    let same = |purl: &str, ecosystem, name| check(purl, None, ecosystem, name, purl);
    same("pkg:npm/%40babel/core", "npm", "@babel/core");
    same("pkg:npm/left-pad", "npm", "left-pad");
    same("pkg:maven/org.apache.logging.log4j/log4j-core", "Maven", "org.apache.logging.log4j:log4j-core");
    same("pkg:golang/github.com/gin-gonic/gin", "Go", "github.com/gin-gonic/gin");
    same("pkg:golang/stdlib", "Go", "stdlib");
    same("pkg:composer/symfony/http-kernel", "Packagist", "symfony/http-kernel");
    same("pkg:cargo/time", "crates.io", "time");
    same("pkg:gem/rails", "RubyGems", "rails");
    same("pkg:github/tj-actions/changed-files", "GitHub Actions", "tj-actions/changed-files");
    same("pkg:vscode-extension/redhat/java", "VSCode", "redhat.java");
    same("pkg:swift/github.com/apple/swift-nio", "SwiftURL", "github.com/apple/swift-nio");
    check("pkg:pypi/zope.interface@5", None, "PyPI", "zope-interface", "pkg:pypi/zope-interface");
    check("pkg:nuget/Newtonsoft.Json@9", None, "NuGet", "Newtonsoft.Json", "pkg:nuget/Newtonsoft.Json");
}

#[test]
fn distributions() {
    let same = |purl: &str, ecosystem, name| check(purl, None, ecosystem, name, purl);
    same("pkg:deb/debian/curl?distro=debian-12", "Debian:12", "curl");
    same("pkg:deb/ubuntu/curl?distro=ubuntu-22.04", "Ubuntu:22.04:LTS", "curl");
    same("pkg:deb/ubuntu/curl?distro=ubuntu-24.10", "Ubuntu:24.10", "curl");
    same("pkg:apk/wolfi/curl", "Wolfi", "curl");
    same("pkg:rpm/opensuse/curl?distro=opensuse-15.5", "openSUSE:Leap 15.5", "curl");
    let debian = "pkg:deb/debian/curl?distro=debian-12";
    check("pkg:deb/debian/curl@1?distro=bookworm", None, "Debian:12", "curl", debian);
    check("pkg:deb/debian/curl@1", Some("debian-12.5"), "Debian:12", "curl", debian);
    check("pkg:deb/debian/curl@1", None, "Debian", "curl", "pkg:deb/debian/curl");
    let alpine = "pkg:apk/alpine/curl?distro=alpine-3.19";
    check("pkg:apk/alpine/curl@1?distro=alpine-3.19.1", None, "Alpine:v3.19", "curl", alpine);
    check("pkg:apk/alpine/curl@1?distro=3.19.1", None, "Alpine:v3.19", "curl", alpine);
    let alma = "pkg:rpm/almalinux/curl?distro=almalinux-9";
    check("pkg:rpm/almalinux/curl@1", Some("almalinux-9.3"), "AlmaLinux:9", "curl", alma);
    let rocky = "pkg:rpm/rocky/curl?distro=rocky-9";
    check("pkg:rpm/rocky-linux/curl?distro=rocky-linux-9.3", None, "Rocky Linux:9", "curl", rocky);
    let sles = "pkg:rpm/sles/curl?distro=sles-15.5";
    let enterprise = "SUSE:Linux Enterprise Server 15 SP5";
    assert_eq!(osv_package(&Purl::parse(sles).unwrap(), None).unwrap().0, enterprise);
    assert_eq!(from_osv("Ubuntu:Pro:18.04:LTS", "x").unwrap().qualifier("distro"), Some("ubuntu-18.04"));
}

#[test]
fn unknown_to_osv() {
    for text in ["pkg:generic/openssl@1", "pkg:rpm/fedora/curl", "pkg:deb/curl", "pkg:alpm/arch/pacman"] {
        assert_eq!(osv_package(&Purl::parse(text).unwrap(), None), None, "{text}");
    }
    assert_eq!(from_osv("Android", "platform/frameworks/base"), None);
}

#[test]
fn names_of_one_package_have_one_key() {
    assert_eq!(osv_name_key("PyPI", "Zope_.-Interface"), "zope-interface");
    assert_eq!(osv_name_key("NuGet", "Newtonsoft.Json"), "newtonsoft.json");
    assert_eq!(osv_name_key("Maven", "com.H2:Core"), "com.H2:Core");
}
