use crate::world::{World, line};

/// Scans a project with a secret and these files.
fn with(files: &[(&str, &str)]) -> World {
    let world = World::plain();
    world.write("app.conf", line(1));
    for (name, content) in files {
        world.write(name, content);
    }
    world
}

#[test]
fn a_broken_andon_yaml_says_where() {
    let check = |text: &str, said: &[&str]| with(&[("andon.yaml", text)]).andon("scan").is(2, said).code;
    check("version: 1\ngates:\n  - name: x\n   bad: [\n", &["andon.yaml:4:4"]);
    check("version: 1\ngaets: []\n", &["andon.yaml:2:1", "did you mean `gates`"]);
    check("version: 9\n", &["andon.yaml:1:1", "version 1"]);
    check("", &["andon.yaml:1:1", "`version` is missing"]);
    check(&format!("version: 1\nx: {}", "[".repeat(100_000)), &["andon.yaml:2:", "recursion"]);
    check(&(0..200).map(|depth| " ".repeat(depth) + "a:\n").collect::<String>(), &["andon.yaml:", "deep"]);
    let world = with(&[]);
    world.write("andon.yaml", b"version: 1\n#\xFF\n").andon("scan").is(2, &["andon.yaml is not UTF-8"]);
}

/// Eleven lines that stand for ten thousand million values.
fn bomb() -> String {
    let items = |item: &str| [item; 10].join(",");
    let mut text = format!("a0: &a0 [{}]\n", items("x"));
    for level in 1..10 {
        text += &format!("a{level}: &a{level} [{}]\n", items(&format!("*a{}", level - 1)));
    }
    text
}

#[test]
fn yaml_bombs_do_not_go_off() {
    with(&[("andon.yaml", &format!("version: 1\n{}", bomb()))])
        .andon("scan")
        .is(2, &["andon.yaml:", "aliases"]);
    with(&[(".andon/exceptions.yaml", &bomb())]).andon("scan").is(2, &[".andon/exceptions.yaml:", "aliases"]);
    let deep = "[".repeat(100_000);
    with(&[(".andon/exceptions.yaml", &deep)]).andon("scan").is(2, &[".andon/exceptions.yaml:1:", "hint:"]);
}

#[cfg(unix)]
#[test]
fn configuration_is_read_only_where_it_stands() {
    use std::os::unix::fs::symlink;
    let outside = with(&[
        ("rules.toml", "[[rules]]\nid = 'stolen'\nregex = 'stolen'\n"),
        ("p.rego", "package andon\n"),
    ]);
    for name in [
        "andon.yaml",
        ".gitleaks.toml",
        ".gitleaksignore",
        ".andon/exceptions.yaml",
        ".andon/rules",
        ".andon/policy",
    ] {
        let world = with(&[(".andon/x", "")]);
        let target = if name.ends_with("rules") || name.ends_with("policy") { "" } else { "rules.toml" };
        symlink(outside.path(target), world.path(name)).unwrap();
        let answer = world.andon("scan");
        answer.is(2, &[name, "is a symbolic link"]);
        assert!(!answer.err.contains("stolen"), "{}", answer.err);
    }
    let world = with(&[]);
    symlink(outside.path(""), world.path(".andon")).unwrap();
    world.andon("scan").is(2, &[".andon is a symbolic link"]);
    let extending = |path: &str| format!("[extend]\npath = '{path}'\n");
    for path in ["../../../etc/passwd", "/etc/passwd"] {
        with(&[(".gitleaks.toml", &extending(path))]).andon("scan").is(2, &[path, "hint:"]);
    }
    with(&[(".gitleaks.toml", &extending(".gitleaks.toml"))]).andon("scan").is(0, &[]);
}

#[test]
fn expressions_that_explode_are_refused_by_name() {
    let rule = |regex: &str| format!("[[rules]]\nid = 'bomb'\nregex = '''{regex}'''\n");
    let refused = [
        "(a{1000}){1000}".to_owned(),
        "a{0,1000}{0,1000}{0,1000}".to_owned(),
        format!("{}a{}", "(".repeat(50_000), ")".repeat(50_000)),
        (0..200_000).map(|number| format!("a{number}|")).collect(),
        "(a".to_owned(),
    ];
    for regex in refused {
        with(&[(".gitleaks.toml", &rule(&regex))])
            .andon("scan --no-gate")
            .is(0, &["rule did not run: bomb of .gitleaks.toml"]);
    }
    let world = with(&[(".gitleaks.toml", &rule("((a+)+)+$"))]);
    world.write("a.txt", ("a".repeat(3_000) + "!\n").repeat(100));
    world.andon("scan").is(0, &["found  nothing"]);
}

#[test]
fn ten_thousand_rules() {
    let rule = |number| {
        format!(
            "[[rules]]\nid = 'r{number}'\nregex = '''k{number}=[a-z]{{8}}'''\nkeywords = ['k{number}=']\n"
        )
    };
    let world = with(&[(".gitleaks.toml", &(0..10_000).map(rule).collect::<String>())]);
    world.write("a.txt", "k7777=hgtrwqmn\n");
    world.andon("scan").is(1, &["r7777", "10000 rules of .gitleaks.toml"]);
}

#[test]
fn a_broken_rule_file_says_where() {
    let check = |text: &str| {
        with(&[(".gitleaks.toml", text)]).andon("scan").is(2, &[".gitleaks.toml, line", "hint:"]).code
    };
    check("[[rules]]\nid=\n");
    check(&format!("a={}", "[".repeat(100_000)));
    check("\0\0\0");
}

#[test]
fn policies_cannot_run_for_ever_nor_reach_out() {
    let check = |rule: &str, said: &[&str]| {
        let text = format!("package andon\nimport rego.v1\n{rule}\n");
        with(&[(".andon/policy/p.rego", &text)]).andon("scan").is(1, said).code
    };
    check("deny contains \"x\" if { some i in numbers.range(1, 1000000000); i == -1 }", &["too much data"]);
    check("f(x) := f(x + 1)\ndeny contains \"x\" if f(1)", &["recursion"]);
    check(
        "deny contains \"x\" if http.send({\"method\": \"get\", \"url\": \"http://127.0.0.1:1\"})",
        &["http.send", "network"],
    );
    check("deny contains {{{", &[".andon/policy/p.rego"]);
    check(&format!("x := {}{}", "[".repeat(50_000), "]".repeat(50_000)), &["nested more than", "a policy"]);
}

#[test]
fn ignore_files_hide_only_what_git_would_hide() {
    let world = World::with_commit();
    world.write("app.conf", line(1)).commit();
    world.write(".gitignore", "*\n!\n[\n{a,b}\n**/**/**\n\\\n".to_owned() + &"*".repeat(100_000)).commit();
    world.andon("scan").is(1, &["app.conf"]);
    world.andon("scan --untracked").is(1, &["app.conf"]);
}
