use std::cmp::Ordering;

use crate::{Scheme, Version};

/// Versions separated by `<` or `=`, each compared with every other in the line.
fn check(scheme: Scheme, line: &str) {
    let mut ranked: Vec<(usize, Version)> = Vec::new();
    for (rank, equals) in line.split(" < ").enumerate() {
        let equals = equals.split(" = ").map(|text| Version::parse(scheme, text).unwrap());
        ranked.extend(equals.map(|version| (rank, version)));
    }
    for (left_rank, left) in &ranked {
        for (right_rank, right) in &ranked {
            assert_eq!(left.compare(right), left_rank.cmp(right_rank), "{scheme}: {left} and {right}");
        }
    }
}

#[test]
fn semantic() {
    let scheme = Scheme::Semver;
    check(scheme, "1.0.0-0 < 1.0.0-alpha < 1.0.0-alpha.1 < 1.0.0-alpha.beta < 1.0.0-beta.2 < 1.0.0-beta.11");
    check(scheme, "1.0.0-rc.1 < 1 = 1.0 = v1.0.0 = 1.0.0+build < 1.0.0.1 < 1.0.1 < 1.2 < 1.10 < 2");
    check(scheme, "0 < 0.0.0.1 < 0.1-a < 0.1 < 99999999999999999998 < 99999999999999999999");
    check(scheme, "go1.20rc1 < go1.20 < 1.20.3");
}

#[test]
fn nuget_and_pub() {
    check(Scheme::Nuget, "1.0.0-Beta = 1.0-beta < 1.0.0-beta.1 < 1.0.0+a = 1.0.0.0 < 1.0.0.1-a < 1.0.0.1");
    check(Scheme::Pub, "1.0.0-a < 1.0.0-a+1 < 1.0.0-b < 1.0.0 < 1.0.0+2 < 1.0.0+10 < 1.0.0+a < 1.0.1");
}

#[test]
fn pypi() {
    let scheme = Scheme::Pypi;
    check(
        scheme,
        "1.0.dev1 < 1.0a1.dev1 < 1.0a1 = 1.0-ALPHA.1 < 1.0b = 1.0beta0 < 1.0c1 = 1.0rc1 = 1.0.preview1",
    );
    check(
        scheme,
        "1.0rc1 < 1 = 1.0 = v1.0.0 < 1.0+a < 1.0+a.b < 1.0+1 < 1.0.post1.dev1 < 1.0-1 = 1.0.r1 < 1.1 < 1!0",
    );
    check(scheme, "0.1-bulbasaur < 0.1-charmander < 0.9-doduo < 0.0.dev0 < 10");
    check(scheme, "2.1.8 < 2.1.10 < 2.10.0 < 2.10.0.post0 < 2.10.1");
}

#[test]
fn maven() {
    let scheme = Scheme::Maven;
    check(
        scheme,
        "1-alpha-1 = 1a1 < 1-beta-1 < 1-M1 = 1-milestone-1 < 1-rc = 1cr < 1-SNAPSHOT < 1 = 1.0-GA = 1.final",
    );
    check(scheme, "1 < 1-sp < 1-abc < 1-xyz < 1-1 = 1-ga-1 < 1-2 < 1.0.1");
    check(scheme, "2.9.0.RC1 < 2.9.0.RC2 < 2.9 < 2.9-1 < 2.9.1.RC1 < 2.9.1");
    check(scheme, "4.1.0.Beta1 < 4.1.0.CR1 < 4.1.0.Final < 4.1.0.foo < 4.1.1.Final");
    check(scheme, "31.1-android < 31.1-jre < 32.0.0-android < 32.0.0-jre");
}

#[test]
fn rubygems() {
    let scheme = Scheme::RubyGems;
    check(
        scheme,
        "1.a.b < 1.a.0.b < 1.a = 1.0.a.0 < 1.a.0.1 < 1.a.1 < 1.b1 = 1.b.1 < 1 = 1.0 = 1.0.0 < 1.0.1 < 1.10",
    );
    check(scheme, "2.0.0-rc1 = 2.0.0.pre.rc1 < 2.0.0.rc1 < 2.0.0");
}

#[test]
fn packagist() {
    let scheme = Scheme::Packagist;
    check(
        scheme,
        "1.0-foo < 1.0-dev < 1.0a1 = 1.0-alpha1 < 1.0b1 < 1.0RC1 = 1.0.rc1 < 1.0 = v1.0 < 1.0.0 < 1.0pl1 < 1.1",
    );
    check(scheme, "dev-main < 0.1 < 10");
}

#[test]
fn debian() {
    let scheme = Scheme::Debian;
    check(scheme, "1.0~~ < 1.0~~a < 1.0~ < 1.0 = 0:1.0-0 = 1.00 < 1.0-1 < 1.0a < 1.0+b < 1.0.1 < 1:0.1");
    check(scheme, "2.36-9 < 2.36-9+deb12u1 < 2.36-9+deb12u10 < 2.37-0ubuntu1");
    assert!(Version::parse(scheme, "a:1").is_err());
}

#[test]
fn alpine() {
    let scheme = Scheme::Alpine;
    check(
        scheme,
        "1_alpha < 1_beta2 < 1_pre < 1_rc1 < 1 < 1-r1 = 1-r01 < 1-r10 < 1_cvs < 1_git20200101 < 1_p1 < 1a < 1b",
    );
    check(scheme, "1.0 < 1.05 < 1.1 < 1.9 < 1.10 < 2");
    check(scheme, "3.0~ab12-r1 < 3.0~ff00-r2 < 3.1_foo < 3.1");
    check(scheme, "5.7.1p1-r0 < 5.7.1p1-r2 < 5.7.1p1-r10");
}

#[test]
fn rpm() {
    let scheme = Scheme::Redhat;
    check(
        scheme,
        "1.0~rc1 < 1.0~rc1^git1 < 1.0 = 1_0 < 1.0-0 < 1.0-1.el9 < 1.0-1.el9_2 < 1.0^git1 < 1.0a < 1.0.1 < 1:0",
    );
    check(scheme, "0:3.10.0-229.1.2.ael7b < 3.10.0-229.1.2.el7 < 3.10.0-229.4");
}

#[test]
fn numbers_only() {
    check(Scheme::Cran, "0.9 < 0.75 < 0.75.0 < 1.0-0 < 1.0-1 < 1.0.2");
    check(Scheme::Hackage, "1 < 1.0 < 1.0.0 < 1.1 < 1.11");
    assert!(Version::parse(Scheme::Cran, "1.a").is_err());
    assert!(Version::parse(Scheme::Hackage, "1.").is_err());
}

#[test]
fn what_has_no_place() {
    for scheme in Scheme::ALL {
        for text in ["", "  ", "1\u{0}", "1\n2"] {
            assert!(Version::parse(scheme, text).is_err(), "{scheme}: {text:?}");
        }
        let (origin, zero) = (Version::origin(scheme), Version::parse(scheme, "0").unwrap());
        assert_eq!(origin.compare(&zero), Ordering::Less, "{scheme}");
        assert_eq!(Version::parse_event(scheme, "0").unwrap(), origin);
        assert_eq!(Version::parse_event(scheme, "1").unwrap(), Version::parse(scheme, "1").unwrap());
    }
    assert!(Version::parse(Scheme::Semver, "latest").is_err());
}
