use crate::Format::{self, BunLock, PackageJson, PackageLock, PnpmLock, YarnLock};
use crate::{Listing, parse};

fn problems(listing: &Listing) -> String {
    listing.problems.iter().map(|problem| problem.detail.as_str()).collect::<Vec<_>>().join("\n")
}

#[test]
fn deep_nesting() {
    let levels = 250;
    let text = "{\"lockfileVersion\": 1, \"dependencies\": ".to_owned()
        + &"{\"a\": {\"version\": \"1.0.0\", \"requires\": {\"b\": \"1\"}, \"dependencies\": ".repeat(levels)
        + "{\"b\": {\"version\": \"1.0.0\"}}"
        + &"}}".repeat(levels)
        + "}";
    let listing = parse(PackageLock, text.as_bytes());
    assert_eq!(listing.packages.len(), 201);
    assert!(problems(&listing).contains("more than 200 levels deep"), "{}", problems(&listing));
    let path = "node_modules/a/".repeat(100_000);
    let text = format!("{{\"packages\": {{\"{path}\": {{}}, \"node_modules/b\": {{\"version\": \"1\"}}}}}}");
    let listing = parse(PackageLock, text.as_bytes());
    assert_eq!(listing.packages.len(), 1);
    assert!(problems(&listing).contains("too long"));
}

#[test]
fn too_many_packages() {
    let entries: String = (0..200_100).map(|index| format!("\"p{index}\": \"1\",")).collect();
    let listing = parse(PackageJson, format!("{{\"dependencies\": {{{entries}\"z\": \"1\"}}}}").as_bytes());
    assert_eq!(listing.packages.len(), 200_000);
    assert!(problems(&listing).contains("more than 200000 packages"));
}

#[test]
fn a_bomb_of_aliases() {
    let mut text = "lockfileVersion: '9.0'\nx0: &x0 {a@1.0.0: {}}\n".to_owned();
    for level in 1..40 {
        let before = level - 1;
        text += &format!("x{level}: &x{level} {{a: *x{before}, b: *x{before}, c: *x{before}}}\n");
    }
    let listing = parse(PnpmLock, (text + "packages: *x39\n").as_bytes());
    assert!(problems(&listing).contains("once aliases are expanded"), "{}", problems(&listing));
}

#[test]
fn cycles() {
    let text = "a@1:\n  version \"1\"\n  dependencies:\n    b \"1\"\nb@1:\n  version \"1\"\n  dependencies:\n    a \"1\"\n    b \"1\"\n";
    let listing = parse(YarnLock, text.as_bytes());
    let needs: Vec<_> = listing.packages.iter().map(|package| package.dependencies.clone()).collect();
    assert_eq!(needs, [[1], [0]]);
}

#[test]
fn garbage_is_not_read_as_packages() {
    let mut state = 1_u64;
    let mut garbage = Vec::new();
    for _ in 0..200_000 {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        garbage.push((state >> 56) as u8);
    }
    for format in [PackageLock, YarnLock, PnpmLock, BunLock, PackageJson, Format::NodeModule] {
        let listing = parse(format, &garbage);
        assert!(!listing.problems.is_empty(), "{format:?}");
        assert!(listing.packages.len() < 10, "{format:?}");
        assert!(listing.problems.iter().all(|problem| problem.detail.len() < 600), "{format:?}");
    }
}

#[test]
fn nothing_at_all() {
    for format in [PackageLock, PnpmLock, BunLock, PackageJson, Format::NodeModule] {
        assert!(!parse(format, b"").problems.is_empty(), "{format:?}");
    }
}
