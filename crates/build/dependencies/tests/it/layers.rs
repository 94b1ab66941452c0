use crate::target::{Target, settings};

const RELEASE: &str = "ID=debian\nVERSION_ID=\"12\"\nPRETTY_NAME=\"Debian 12\"\n";
const OLD: &str = "Package: bash\nStatus: install ok installed\nArchitecture: amd64\nVersion: 5.2\n";
const NEW: &str = "Package: curl\nStatus: install ok installed\nArchitecture: amd64\nVersion: 7.88\nSource: curl-src (7.88-1)\n";

fn image() -> Target {
    Target::default()
        .layer(0, false, "var/lib/dpkg/status", OLD)
        .layer(1, true, "var/lib/dpkg/status", &format!("{OLD}\n{NEW}"))
        .layer(0, true, "usr/lib/os-release", RELEASE)
}

#[test]
fn system_packages_know_their_distribution_and_layer() {
    let inventory = image().judged(settings()).inventory.unwrap();
    let told: Vec<(String, u32)> = inventory
        .components
        .iter()
        .map(|component| (component.purl.clone(), component.locations[0].layer.as_ref().unwrap().index))
        .collect();
    assert_eq!(
        told,
        [
            ("pkg:deb/debian/bash@5.2?arch=amd64&distro=debian-12".to_owned(), 0),
            ("pkg:deb/debian/curl@7.88?arch=amd64&distro=debian-12".to_owned(), 1),
            ("pkg:generic/debian@12".to_owned(), 0),
        ]
    );
    let curl = &inventory.components[1];
    assert_eq!(curl.upstream.as_ref().map(|upstream| upstream.version.as_str()), Some("7.88-1"));
}

#[test]
fn what_a_system_package_brought_is_not_listed_twice() {
    let metadata = "usr/lib/python3/dist-packages/six-1.16.0.dist-info/METADATA";
    let six = "Name: six\nVersion: 1.16.0\n\n";
    let own = image().layer(1, true, metadata, six);
    assert!(own.components().iter().any(|line| line.starts_with("pkg:pypi/six")));
    let brought = own.layer(
        1,
        true,
        "var/lib/dpkg/info/python3-six.list",
        &format!("/.\n/{metadata}\n/usr/lib/os-release\n"),
    );
    assert!(!brought.components().iter().any(|line| line.starts_with("pkg:pypi/six")));
    assert!(
        brought.components().iter().any(|line| line.contains("distro=debian-12")),
        "os-release still counts"
    );
}

#[test]
fn lock_files_of_an_image_do_not_count() {
    let lock = r#"{"lockfileVersion": 3, "packages": {"node_modules/a": {"version": "1.0.0"}}}"#;
    assert!(Target::default().layer(0, true, "app/package-lock.json", lock).components().is_empty());
}

#[test]
fn a_distribution_past_its_end_is_a_finding() {
    let old = Target::default().layer(0, true, "etc/os-release", "ID=debian\nVERSION_ID=\"9\"\n");
    let findings = old.judged(settings()).findings;
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0].rule.id, "end-of-life-distribution");
    assert!(image().judged(settings()).findings.is_empty());
}
