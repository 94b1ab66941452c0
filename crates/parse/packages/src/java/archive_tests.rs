use super::*;
use crate::{Format, Listing, parse};

/// The packages of an archive of this name with this manifest and a `pom.properties` for each `group:artifact:version`.
fn check(file_name: &str, manifest: &str, poms: &[&str], expected: &[&str]) {
    let manifest = parse(Format::JarManifest, manifest.as_bytes());
    let poms: Vec<(String, Listing)> =
        poms.iter().map(|coordinates| pom_properties_of(coordinates)).collect();
    let mut entries = vec![("META-INF/MANIFEST.MF", &manifest)];
    entries.extend(poms.iter().map(|(path, listing)| (path.as_str(), listing)));
    let found: Vec<String> = join_archive(&entries, file_name)
        .iter()
        .map(|package| {
            let purl = &package.purl;
            let classifier =
                purl.qualifier("classifier").map(|value| format!(" {value}")).unwrap_or_default();
            let (group, version) = (purl.namespace().unwrap_or("-"), purl.version().unwrap_or("-"));
            let name = format!("{} {group}:{}:{version}{classifier}", purl.kind(), purl.name());
            format!("{name} {:?} {}", package.relation, package.dependencies.len())
        })
        .collect();
    assert_eq!(found, expected, "{file_name}");
}

fn pom_properties_of(coordinates: &str) -> (String, Listing) {
    let parts: Vec<&str> = coordinates.split(':').collect();
    let text = format!("groupId={}\nartifactId={}\nversion={}\n", parts[0], parts[1], parts[2]);
    (format!("META-INF/maven/{coordinates}/pom.properties"), parse(Format::PomProperties, text.as_bytes()))
}

#[test]
fn told_by_pom_properties() {
    check(
        "a-1.jar",
        "",
        &["g:z:3", "g:a:1", "h:a:2"],
        &["maven g:a:1 Unknown 2", "maven g:z:3 Transitive 0", "maven h:a:2 Transitive 0"],
    );
    check("a.jar", "", &["g:z:3", "g:a:1"], &["maven g:a:1 Unknown 1", "maven g:z:3 Transitive 0"]);
    check(
        "renamed.jar",
        "Implementation-Title: z\nImplementation-Version: 3\n",
        &["g:a:1", "g:z:3"],
        &["maven g:z:3 Unknown 1", "maven g:a:1 Transitive 0"],
    );
    check("renamed.jar", "", &["g:a:1"], &["maven g:a:1 Unknown 0"]);
    check("app-9.jar", "", &["g:a:1"], &["generic -:app:9 Unknown 1", "maven g:a:1 Transitive 0"]);
    check(
        "netty-x-4.1.Final-linux-x86_64.jar",
        "",
        &["io.netty:netty-x:4.1.Final"],
        &["maven io.netty:netty-x:4.1.Final Unknown 0"],
    );
    check(
        "maven3-model-3.8.7.jar",
        "",
        &["org.apache.maven:maven-model:3.8.7"],
        &["maven org.apache.maven:maven-model:3.8.7 Unknown 0"],
    );
    check("", "", &["g:a:1"], &["maven g:a:1 Unknown 0"]);
}

#[test]
fn told_by_name_and_manifest() {
    check(
        "spring-core-5.3.1.jar",
        "Implementation-Title: spring-core\n",
        &[],
        &["maven org.springframework:spring-core:5.3.1 Unknown 0"],
    );
    check(
        "spring-core.jar",
        "Implementation-Title: Spring Core\nImplementation-Version: 5.3.1\n",
        &[],
        &["maven org.springframework:spring-core:5.3.1 Unknown 0"],
    );
    check(
        "a-b-1.0-sources.jar",
        "Implementation-Vendor-Id: org.a\n",
        &[],
        &["maven org.a:a-b:1.0 sources Unknown 0"],
    );
    check(
        "a-b-1.0-linux.jar",
        "Implementation-Vendor-Id: org.a\nImplementation-Version: 1.0\n",
        &[],
        &["maven org.a:a-b:1.0 linux Unknown 0"],
    );
    check(
        "a-b-1.0-SNAPSHOT.jar",
        "Implementation-Vendor-Id: org.a\nImplementation-Version: 1.0\n",
        &[],
        &["maven org.a:a-b:1.0-SNAPSHOT Unknown 0"],
    );
    check("app.jar", "Implementation-Title: My App\n", &[], &["generic -:app:- Unknown 0"]);
    check(
        "app.jar",
        "Implementation-Title: my-app\nImplementation-Version: 2\n",
        &[],
        &["generic -:my-app:2 Unknown 0"],
    );
    let merged = "Implementation-Title: Apache Log4j Core\nImplementation-Vendor-Id: org.apache.logging.log4j\n\
                  Implementation-Version: 2.17.1\n";
    check("bash-java-utils.jar", merged, &[], &["generic -:bash-java-utils:- Unknown 0"]);
    check("log4j-extra.jar", merged, &[], &["maven org.apache.logging.log4j:log4j-extra:2.17.1 Unknown 0"]);
    check(
        "spring-web-copy.jar",
        "Implementation-Title: spring-web\nImplementation-Version: 5\n",
        &[],
        &["maven org.springframework:spring-web:5 Unknown 0"],
    );
    check("notes.txt", "", &[], &[]);
}
