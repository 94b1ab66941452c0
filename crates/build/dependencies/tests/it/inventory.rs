use crate::target::{Target, settings};

const LOCK: &str = r#"{"name": "app", "lockfileVersion": 3, "packages": {
  "": {"name": "app", "dependencies": {"a": "^1.0.0"}, "devDependencies": {"t": "1"}},
  "node_modules/a": {"version": "1.0.0", "dependencies": {"b": "2"}},
  "node_modules/b": {"version": "2.0.0"},
  "node_modules/t": {"version": "1.0.0", "dev": true}
}}"#;

#[test]
fn a_lock_file_with_its_manifest() {
    let target = Target::default()
        .file("web/package.json", r#"{"name": "app", "dependencies": {"a": "^1.0.0"}}"#)
        .file("web/package-lock.json", LOCK);
    assert_eq!(
        target.components(),
        [
            "pkg:npm/a@1.0.0 runtime direct web/package-lock.json:3 needs pkg:npm/b@2.0.0",
            "pkg:npm/b@2.0.0 runtime transitive web/package-lock.json:4",
            "pkg:npm/t@1.0.0 development direct web/package-lock.json:5",
        ]
    );
}

#[test]
fn a_manifest_without_a_lock_file_is_unpinned() {
    let target = Target::default().file("package.json", r#"{"dependencies": {"a": "^1.0.0", "b": "1.2.3"}}"#);
    assert_eq!(
        target.components(),
        ["pkg:npm/a runtime direct package.json:1", "pkg:npm/b@1.2.3 runtime direct package.json:1"]
    );
    let gaps = target.gaps(settings());
    assert!(gaps[0].starts_with("Unpinned package.json: a names no exact version"), "{gaps:?}");
}

#[test]
fn a_workspace_shares_the_lock_file_above() {
    let lock = "version = 4\n[[package]]\nname = \"app\"\nversion = \"0.1.0\"\ndependencies = [\"libc\", \"rand\"]\n\
        [[package]]\nname = \"libc\"\nversion = \"0.2.1\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\n\
        [[package]]\nname = \"rand\"\nversion = \"0.9.0\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\n\
        dependencies = [\"libc\"]\n";
    let target = Target::default()
        .file("Cargo.lock", lock)
        .file("crates/app/Cargo.toml", "[package]\nname = \"app\"\nversion = \"0.1.0\"\n[dev-dependencies]\nrand = \"0.9\"\n[dependencies]\nlibc = \"0.2\"\n");
    assert_eq!(
        target.components(),
        [
            "pkg:cargo/libc@0.2.1 runtime direct cargo.lock:6",
            "pkg:cargo/rand@0.9.0 development direct cargo.lock:10 needs pkg:cargo/libc@0.2.1",
        ]
    );
    assert!(!target.gaps(settings()).iter().any(|gap| gap.starts_with("Unpinned")));
}

#[test]
fn the_same_component_in_two_places_is_one() {
    let lock = LOCK.replace("\"a\": \"^1.0.0\"", "\"t\": \"1\"");
    let target = Target::default().file("one/package-lock.json", LOCK).file("two/package-lock.json", &lock);
    let components = target.components();
    assert_eq!(components.len(), 3, "{components:?}");
    assert!(components[2].contains("one/package-lock.json:5 two/package-lock.json:5"), "{components:?}");
    assert!(components[2].contains("runtime direct") || components[2].contains("development direct"));
}

#[test]
fn go_replaces_and_excludes() {
    let mod_file = "module example.org/app\n\ngo 1.22\n\nrequire (\n\texample.org/a v1.0.0\n\texample.org/b v1.1.0 // indirect\n\texample.org/c v1.0.0\n)\n\nreplace example.org/a => example.org/fork v1.5.0\n\nreplace example.org/c => ../c\n";
    let components = Target::default().file("go.mod", mod_file).components();
    let purls: Vec<&str> = components.iter().filter_map(|line| line.split(' ').next()).collect();
    assert!(purls.contains(&"pkg:golang/example.org/fork@v1.5.0"), "{purls:?}");
    assert!(purls.contains(&"pkg:golang/example.org/b@v1.1.0"), "{purls:?}");
    assert!(
        !purls.iter().any(|purl| purl.contains("example.org/a@") || purl.contains("example.org/c")),
        "{purls:?}"
    );
}

#[test]
fn python_metadata_names_what_is_installed_beside_it() {
    let place = "venv/lib/python3.11/site-packages";
    let target = Target::default()
        .file(
            &format!("{place}/flask-2.0.0.dist-info/METADATA"),
            "Name: Flask\nVersion: 2.0.0\nRequires-Dist: werkzeug (>=2)\nRequires-Dist: absent\n\n",
        )
        .file(&format!("{place}/werkzeug-2.1.0.dist-info/METADATA"), "Name: Werkzeug\nVersion: 2.1.0\n\n");
    let components = target.components();
    assert_eq!(components.len(), 2, "{components:?}");
    assert!(components[0].ends_with("needs pkg:pypi/werkzeug@2.1.0"), "{components:?}");
}

#[test]
fn archives_of_java_are_told_by_name_and_properties() {
    let target = Target::default()
        .file("lib/known-1.2.jar", "")
        .file(
            "lib/known-1.2.jar!/META-INF/maven/org.example/known/pom.properties",
            "groupId=org.example\nartifactId=known\nversion=1.2\n",
        )
        .file("app.war!/WEB-INF/lib/other-2.0.jar", "");
    let components = target.components();
    assert_eq!(components.len(), 2, "{components:?}");
    assert!(components[1].starts_with("pkg:maven/org.example/known@1.2 "), "{components:?}");
    assert!(components[0].contains("app.war!/web-inf/lib/other-2.0.jar"), "{components:?}");
}

#[test]
fn lock_files_inside_archives_do_not_count() {
    assert!(Target::default().file("dist.zip!/package-lock.json", LOCK).components().is_empty());
}

#[test]
fn conflicts_and_damage_leave_partial_results() {
    let conflict = LOCK.replace("\"node_modules/t\"", "\n<<<<<<< HEAD\n\"node_modules/t\"");
    for damaged in [conflict.as_str(), &LOCK[..LOCK.len() - 60]] {
        let target = Target::default().file("package-lock.json", damaged);
        assert!(target.components().iter().any(|line| line.starts_with("pkg:npm/a@1.0.0")), "{damaged}");
        assert!(target.gaps(settings()).iter().any(|gap| gap.starts_with("Unparsable package-lock.json")));
    }
}

#[test]
fn an_rpm_database_is_named_as_not_read() {
    let target = Target::default().layer(0, true, "var/lib/rpm/rpmdb.sqlite", "");
    let gaps = target.gaps(settings());
    assert!(
        gaps[0].starts_with("NotAudited var/lib/rpm/rpmdb.sqlite: rpm databases are not read"),
        "{gaps:?}"
    );
}

#[test]
fn members_of_a_workspace_use_its_names_of_packages() {
    let lock = "version = 4\n[[package]]\nname = \"app\"\nversion = \"0.1.0\"\ndependencies = [\"real-name\"]\n\
        [[package]]\nname = \"real-name\"\nversion = \"0.6.1\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\n";
    let workspace = "[workspace]\nmembers = [\"crates/*\"]\n[workspace.dependencies]\nshort = { package = \"real-name\", version = \"0.6\" }\n";
    let member = "[package]\nname = \"app\"\nversion = \"0.1.0\"\n[dependencies]\nshort.workspace = true\n";
    let target = Target::default()
        .file("Cargo.lock", lock)
        .file("Cargo.toml", workspace)
        .file("crates/app/Cargo.toml", member);
    assert_eq!(target.components(), ["pkg:cargo/real-name@0.6.1 runtime direct cargo.lock:6"]);
    assert!(!target.gaps(settings()).iter().any(|gap| gap.starts_with("Unpinned")));
}

#[test]
fn a_version_that_the_lock_file_writes_otherwise_is_not_a_second_component() {
    let lock =
        r#"{"packages": [{"name": "a/b", "version": "v2.5.3"}, {"name": "a/c", "version": "v1.0.0"}]}"#;
    let check = |manifest: &str, expected: &[&str]| {
        let target = Target::default().file("composer.lock", lock).file("composer.json", manifest);
        let purls: Vec<String> =
            target.components().iter().filter_map(|line| line.split(' ').next().map(str::to_owned)).collect();
        assert_eq!(purls, expected, "{manifest}");
    };
    let both = ["pkg:composer/a/b@v2.5.3", "pkg:composer/a/c@v1.0.0"];
    check(r#"{"require": {"a/b": "2.5.3"}}"#, &both);
    check(r#"{"require": {"a/b": "v2.5.3", "a/c": "1.0.0"}}"#, &both);
    check(r#"{"require": {"a/b": "2.5.4"}}"#, &["pkg:composer/a/b@2.5.4", both[0], both[1]]);
}
