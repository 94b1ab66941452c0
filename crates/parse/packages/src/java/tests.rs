//! Whole projects: a pom.xml of one file, several together, and hostile ones.

use super::*;
use crate::{Format, Listing, Package, Source, parse};

/// `group:artifact:type:classifier version scope source line` of each package, then the problems.
fn lines(packages: &[Package], problems: &[crate::Problem]) -> Vec<String> {
    let package = |package: &Package| {
        let purl = &package.purl;
        let extra = |key| purl.qualifier(key).map(|value| format!(":{value}")).unwrap_or_default();
        let version = purl.version().map(str::to_owned);
        let version = version.or_else(|| package.requirement.as_ref().map(|range| format!("~{range}")));
        let source = match &package.source {
            Source::Local(path) => format!(" local={path}"),
            _ => String::new(),
        };
        format!(
            "{}:{}{}{} {} {:?}{source} {}",
            purl.namespace().unwrap_or("-"),
            purl.name(),
            extra("type"),
            extra("classifier"),
            version.unwrap_or_else(|| "-".to_owned()),
            package.scope,
            package.region.map_or(0, |region| region.start_line),
        )
    };
    let problem = |problem: &crate::Problem| {
        let end = problem.detail.rfind(": ").unwrap_or(problem.detail.len());
        format!("! {}", &problem.detail[..end])
    };
    packages.iter().map(package).chain(problems.iter().map(problem)).collect()
}

/// A project of these coordinates with this inside; `None` for what it inherits.
fn project(artifact: &str, version: &str, body: &str) -> String {
    let version = if version.is_empty() { String::new() } else { format!("<version>{version}</version>") };
    format!("<project><groupId>org.x</groupId><artifactId>{artifact}</artifactId>{version}\n{body}</project>")
}

fn parent(artifact: &str, version: &str, path: &str) -> String {
    format!(
        "<parent><groupId>org.x</groupId><artifactId>{artifact}</artifactId><version>{version}</version>{path}</parent>\n"
    )
}

/// `g:a:v` with more elements behind it.
fn dependency(coordinates: &str, more: &str) -> String {
    let mut parts = coordinates.split(':');
    let mut part = |name: &str| {
        let text = parts.next().unwrap_or_default();
        if text.is_empty() { String::new() } else { format!("<{name}>{text}</{name}>") }
    };
    let (group, artifact, version) = (part("groupId"), part("artifactId"), part("version"));
    format!("<dependency>{group}{artifact}{version}{more}</dependency>\n")
}

fn dependencies(entries: &[String]) -> String {
    format!("<dependencies>\n{}</dependencies>\n", entries.concat())
}

fn managed(entries: &[String]) -> String {
    format!("<dependencyManagement>{}</dependencyManagement>\n", dependencies(entries))
}

/// What the last of these files resolves to.
fn check(files: &[(&str, String)], expected: &[&str]) {
    let listings: Vec<Listing> = files.iter().map(|(_, text)| parse(Format::Pom, text.as_bytes())).collect();
    let facts: Vec<(&str, &PomFacts)> = files
        .iter()
        .zip(&listings)
        .map(|((path, _), listing)| (*path, listing.pom.as_deref().unwrap()))
        .collect();
    let mut resolved = resolve_poms(&facts);
    let (index, packages, problems) = resolved.pop().unwrap();
    assert_eq!(index, files.len() - 1);
    assert_eq!(lines(&packages, &problems), expected);
}

#[test]
fn one_file() {
    let body = "<name>A</name><properties><v.a> 1.0 </v.a></properties>\n".to_owned()
        + &managed(&[
            dependency("g:c:3", "<scope>test</scope>"),
            dependency("${project.groupId}:d:${project.version}", ""),
        ])
        + &dependencies(&[
            dependency("g:a:${v.a}", "<exclusions><exclusion><groupId>h</groupId></exclusion></exclusions>"),
            dependency(
                "g:b:[1,2)",
                "<type>test-jar</type><classifier>tests</classifier><scope>provided</scope>",
            ),
            dependency("g:c", "<optional>true</optional>"),
            dependency("org.x:d", "<optional>${opt}</optional>"),
            dependency("g:e:[2.5]", "<optional>true</optional>"),
            dependency("g:f:1", "<scope>system</scope><systemPath>/lib/f.jar</systemPath>"),
        ]);
    check(
        &[("pom.xml", project("a", "9", &body))],
        &[
            "g:a 1.0 Runtime 9",
            "g:b:test-jar:tests ~[1,2) Runtime 10",
            "g:c 3 Development 11",
            "org.x:d 9 Runtime 12",
            "g:e 2.5 Optional 13",
            "g:f 1 Runtime local=/lib/f.jar 14",
        ],
    );
}

#[test]
fn listing_of_one_file() {
    let body = parent("p", "1", "<relativePath>../p</relativePath>")
        + "<licenses><license><name>Apache-2.0</name></license></licenses>\
           <modules><module>m</module><module>n/other.xml</module></modules>\
           <build><plugins><plugin><dependencies><dependency/></dependencies></plugin></plugins></build>"
        + &dependencies(&[dependency("g:a:1", "")])
        + "<profiles><profile><id>on</id><activation><activeByDefault>true</activeByDefault></activation>"
        + &dependencies(&[dependency("g:b:2", "")])
        + "</profile><profile><id>off</id>"
        + &dependencies(&[dependency("g:c:3", "")])
        + "</profile></profiles>";
    let listing = parse(Format::Pom, project("a", "", &body).as_bytes());
    let project = listing.project.as_ref().unwrap();
    assert_eq!(project.licenses, ["Apache-2.0"]);
    assert_eq!(project.purl.as_ref().and_then(|purl| purl.version()), Some("1"));
    assert_eq!(listing.includes, ["../p/pom.xml", "m/pom.xml", "n/other.xml"]);
    assert_eq!(
        lines(&listing.packages, &listing.problems),
        [
            "g:b 2 Runtime 7",
            "g:a 1 Runtime 4",
            "! the profile off is not active by default, and what it adds (1) is not listed"
        ]
    );
}

#[test]
fn what_parents_give() {
    let root =
        "<packaging>pom</packaging><properties><revision>2</revision><v>1</v><w>${v}</w></properties>\n"
            .to_owned()
            + &managed(&[dependency("g:m:${w}", ""), dependency("g:o:1", "")])
            + &dependencies(&[dependency("g:all:${project.version}", ""), dependency("g:over:1", "")]);
    let middle = parent("root", "${revision}", "") + &managed(&[dependency("g:o:2", "")]);
    let child = parent("middle", "2", "<relativePath>../mid/other.xml</relativePath>")
        + "<properties><v>5</v></properties>"
        + &dependencies(&[
            dependency("g:m", ""),
            dependency("g:o", ""),
            dependency("g:over:7", ""),
            dependency("org.x:lib:${project.parent.version}", ""),
            dependency("org.x:lib:1", "<classifier>old</classifier>"),
        ]);
    check(
        &[
            ("pom.xml", project("root", "${revision}", &root)),
            ("mid/other.xml", project("middle", "${revision}", &middle)),
            ("lib/pom.xml", project("lib", "2", "")),
            ("child/pom.xml", project("child", "", &child)),
        ],
        &[
            "g:m 5 Runtime 4",
            "g:o 2 Runtime 5",
            "g:over 7 Runtime 6",
            "org.x:lib 2 Runtime local=lib 7",
            "org.x:lib:old 1 Runtime 8",
            "g:all 2 Runtime 2",
        ],
    );
}

#[test]
fn what_imports_give() {
    let import = "<type>pom</type><scope>import</scope>";
    let inner = managed(&[dependency("g:a:1", ""), dependency("g:b:1", ""), dependency("g:c:1", "")]);
    let outer = "<properties><v>2</v></properties>".to_owned()
        + &managed(&[dependency("g:b:${v}", ""), dependency("org.x:inner:1", import)]);
    let user = "<properties><v>9</v></properties>".to_owned()
        + &managed(&[
            dependency("org.x:outer:1", import),
            dependency("g:c:3", ""),
            dependency("org.y:far:1", import),
        ])
        + &dependencies(&["g:a", "g:b", "g:c", "g:d"].map(|name| dependency(name, "")));
    check(
        &[
            ("boms/inner.xml", project("inner", "1", &inner)),
            ("boms/outer.xml", project("outer", "1", &outer)),
            ("user/pom.xml", project("user", "1", &user)),
        ],
        &[
            "g:a 1 Runtime 9",
            "g:b 2 Runtime 10",
            "g:c 3 Runtime 11",
            "g:d - Runtime 12",
            "! g:d: the version is open, since it is managed elsewhere (org.y:far:1 not among the files)",
        ],
    );
}

#[test]
fn what_is_not_here() {
    let child = parent("gone", "4", "")
        + &dependencies(&[
            dependency("g:a", ""),
            dependency("g:b:${b.version}", ""),
            dependency("g:c:${env.C}", ""),
            dependency("g:d:1", ""),
            dependency("${who}:e:1", ""),
            dependency(":f:1", ""),
            dependency("g:h:[]", ""),
        ]);
    check(
        &[("pom.xml", project("root", "4", "")), ("m/pom.xml", project("child", "4", &child))],
        &[
            "g:a - Runtime 4",
            "g:b - Runtime 5",
            "g:c - Runtime 6",
            "g:d 1 Runtime 7",
            "g:h - Runtime 10",
            "! the parent org.x:gone:4 is not among the files, so what it adds is not listed",
            "! ${who}:e, :f: no group and artifact id can be told (org.x:gone:4 not among the files); not listed",
            "! g:h: the version cannot be read, so it is open",
            "! g:a: the version is open, since it is managed elsewhere (org.x:gone:4 not among the files)",
            "! g:b: the version is open, since no file that was read sets the property b.version \
             (org.x:gone:4 not among the files)",
            "! g:c: the version is open, since env.C is set by the environment or the machine of the build \
             (org.x:gone:4 not among the files)",
        ],
    );
    check(
        &[("pom.xml", project("a", "1", &dependencies(&[dependency("g:a", "")])))],
        &["g:a - Runtime 3", "! g:a: no version is given and no dependency management has one"],
    );
}

#[test]
fn a_file_in_the_right_place_with_the_wrong_coordinates_is_no_parent() {
    let child = parent("root", "1", "") + &dependencies(&[dependency("g:a:${v}", "")]);
    let root = |v: &str| format!("<properties><v>{v}</v></properties>");
    check(
        &[
            ("pom.xml", project("root", "2", &root("wrong"))),
            ("elsewhere/root.xml", project("root", "1", &root("right"))),
            ("m/pom.xml", project("child", "", &child)),
        ],
        &["g:a right Runtime 4"],
    );
}

#[test]
fn circles() {
    let cycle = "! its parents inherit from each other, or are more than 32";
    let of = |own: &str, other: &str| {
        project(
            own,
            "1",
            &(parent(other, "1", "") + &dependencies(&[dependency("g:a:${project.version}", "")])),
        )
    };
    check(&[("a/pom.xml", of("a", "b")), ("b/pom.xml", of("b", "a"))], &["g:a 1 Runtime 4", cycle]);
    check(
        &[("pom.xml", of("a", "a"))],
        &["g:a 1 Runtime 4", "! the parent org.x:a:1 is not among the files, so what it adds is not listed"],
    );
    let import = |name: &str| {
        managed(&[dependency(&format!("org.x:{name}:1"), "<type>pom</type><scope>import</scope>")])
    };
    let needs = dependencies(&[dependency("g:a", "")]);
    check(
        &[("a.xml", project("a", "1", &import("b"))), ("b.xml", project("b", "1", &(import("a") + &needs)))],
        &[
            "g:a - Runtime 7",
            "! g:a: the version is open, since it is managed elsewhere (org.x:b:1 not among the files)",
        ],
    );
}

#[test]
fn many_who_inherit_much_are_bounded() {
    let entries: Vec<String> = (0..1_000).map(|i| dependency(&format!("g:a{i}:1"), "")).collect();
    let root = parse(Format::Pom, project("root", "1", &dependencies(&entries)).as_bytes());
    let child = parse(Format::Pom, project("child", "1", &parent("root", "1", "")).as_bytes());
    let mut files = vec![("pom.xml", root.pom.as_deref().unwrap())];
    files.resize(40, ("m/pom.xml", child.pom.as_deref().unwrap()));
    let resolved = super::resolve::within(&files, 100_000);
    assert_eq!(resolved.iter().map(|(_, packages, _)| packages.len()).next(), Some(1_000));
    assert!(resolved.iter().map(|(_, packages, _)| packages.len()).sum::<usize>() < 3_000);
    let (_, _, problems) = resolved.last().unwrap();
    assert!(problems.iter().any(|problem| problem.detail.contains("more from each other than is read")));
}

#[test]
fn broken_files() {
    let file = |text: &str| {
        let listing = parse(Format::Pom, text.as_bytes());
        lines(&listing.packages, &listing.problems)
    };
    let full = project("a", "1", &dependencies(&[dependency("g:a:1", ""), dependency("g:b:2", "")]));
    let cut = full.find("<artifactId>b").unwrap();
    let breaks_off = "! the file breaks off inside an element; what comes before is listed";
    assert_eq!(file(&full[..cut]), ["g:a 1 Runtime 3", breaks_off]);
    assert_eq!(file("<html></html>"), ["! its root element is <html>, not <project>"]);
    assert_eq!(file(""), ["! there is no XML element in it; what comes before is listed"]);
    let bomb = "<!DOCTYPE project [<!ENTITY a \"x\"><!ENTITY b \"&a;&a;\">]>".to_owned()
        + &project("a", "1", &dependencies(&[dependency("g:a:&b;", "")]));
    assert_eq!(file(&bomb)[0], "g:a &b; Runtime 3");
    let latin =
        b"<project><dependencies><dependency><groupId>g</groupId><artifactId>\xE9</artifactId></dependency>";
    assert!(parse(Format::Pom, latin).packages.is_empty());
}
