use crate::Format::Requirements;
use crate::support::shown::{check, lines, survives};

#[test]
fn names_versions_and_markers() {
    let rows = [
        ("Flask==1.0", "pypi/flask@1.0 direct L1-1"),
        ("zope.Interface_x === 5.0", "pypi/zope-interface-x@5.0 direct L1-1"),
        ("a==1.*", "pypi/a (==1.*) direct L1-1"),
        ("a>=1,==1.5", "pypi/a@1.5 direct L1-1"),
        ("a (>=1.0,<2)", "pypi/a (>=1.0,<2) direct L1-1"),
        ("a[x, y]~=1.4 ; python_version < '3.8'", "pypi/a (~=1.4) direct L1-1"),
        ("a; extra == 'test'", "pypi/a optional direct L1-1"),
        ("a==${VERSION}", "pypi/a (==${VERSION}) direct L1-1"),
        ("a==1!2.0+local", "pypi/a@1%212.0%2Blocal direct L1-1"),
        ("a  # comment", "pypi/a direct L1-1"),
        (
            "a==1.0 --hash=sha256:ab --hash sha512:cd --hash=odd:1",
            "pypi/a@1.0 direct sha256:ab sha512:cd L1-1",
        ),
        (
            "a @ https://u:p@example.org/a-1.zip#sha1=ab",
            "pypi/a direct archive https://example.org/a-1.zip L1-1",
        ),
        ("a@https://example.org/a.zip", "pypi/a direct archive https://example.org/a.zip L1-1"),
        ("a @ file:///x/a.whl ; sys_platform == 'linux'", "pypi/a direct local /x/a.whl L1-1"),
    ];
    for (text, expected) in rows {
        check(Requirements, text, &[expected]);
    }
}

#[test]
fn addresses_and_paths() {
    let commit = "0123456789abcdef0123456789abcdef01234567";
    let rows = [
        (
            format!("git+ssh://git@example.org/o/Name.git@{commit}"),
            format!("pypi/name direct git ssh://git@example.org/o/Name.git#{commit} L1-1"),
        ),
        (
            "-e git+https://example.org/o/r.git@feature/x#egg=real[x]&subdirectory=y".into(),
            "pypi/real direct git https://example.org/o/r.git# L1-1".into(),
        ),
        (
            "https://example.org/a_b-1.2-py3-none-any.whl".into(),
            "pypi/a-b@1.2 direct archive https://example.org/a_b-1.2-py3-none-any.whl L1-1".into(),
        ),
        ("./dist/a-b-1.2.tar.gz".into(), "pypi/a-b@1.2 direct local ./dist/a-b-1.2.tar.gz L1-1".into()),
        ("--editable=./lib#egg=named".into(), "pypi/named direct local ./lib L1-1".into()),
        ("-e .".into(), "include pyproject.toml".into()),
        ("../lib[extra]".into(), "include ../lib/pyproject.toml".into()),
        (
            "https://example.org/archive/main.zip".into(),
            "problem L1: nothing names the package at this address; write name @ address".into(),
        ),
    ];
    for (text, expected) in rows {
        check(Requirements, &text, &[&expected]);
    }
}

#[test]
fn files_options_and_continuations() {
    let text = "-r base.txt\n--requirement=./sub/more.txt\n-c constraints.txt\n-i https://example.org/simple\n\
        a==1.0 \\\n    --hash=sha256:ab \\\n    --hash=sha256:cd\nb \\\n# comment\n>= 2\n-r ${FOLDER}/x.txt\n=nonsense\nc==3 \\";
    check(
        Requirements,
        text,
        &[
            "pypi/a@1.0 direct sha256:ab sha256:cd L5-7",
            "pypi/b direct L8-8",
            "pypi/c@3 direct L13-13",
            "include base.txt",
            "include sub/more.txt",
            "constraint constraints.txt",
            "problem L10: this line is no requirement and was left out; write name==version or an option",
            "problem L11: the file named here is not in the repository and was not read; give its path or copy it",
            "problem L12: this line is no requirement and was left out; write name==version or an option",
        ],
    );
    survives(Requirements, text);
}

#[test]
fn comments_say_what_brings_a_package_in() {
    let text = "a==1\n    # via -r web.in\nb==2  # via a, C_x\nc-x==3 \\\n    --hash=sha256:ab\n    # via\n    #   -c limits.txt\n    #   a\n    #   b\n\
        d==4\n    # via\n    #   c-x\n    #   app (pyproject.toml)\n# unrelated\n#   a\ne==5\n";
    check(
        Requirements,
        text,
        &[
            "pypi/a@1 direct L1-1 -> 1 2",
            "pypi/b@2 transitive L3-3 -> 2",
            "pypi/c-x@3 transitive sha256:ab L4-5 -> 1 3",
            "pypi/d@4 direct L10-10",
            "pypi/e@5 direct L16-16",
        ],
    );
}

#[test]
fn encodings_conflicts_and_nonsense() {
    let wide: Vec<u8> =
        [0xFF, 0xFE].into_iter().chain("a==1\r\nb\r\n".bytes().flat_map(|byte| [byte, 0])).collect();
    assert_eq!(lines(&crate::parse(Requirements, &wide)), ["pypi/a@1 direct L1-1", "pypi/b direct L2-2"]);
    let latin = b"a==1 # \xE9\nb";
    assert_eq!(lines(&crate::parse(Requirements, latin)), ["pypi/a@1 direct L1-1", "pypi/b direct L2-2"]);
    let conflict = format!("{} x\na==1\n{}\na==2\n{} y\n", "<".repeat(7), "=".repeat(7), ">".repeat(7));
    check(
        Requirements,
        &conflict,
        &[
            "pypi/a@1 direct L2-2",
            "pypi/a@2 direct L4-4",
            "problem L1: unresolved merge conflicts; both sides were read: resolve them",
        ],
    );
    let nonsense = crate::parse(Requirements, "?\n".repeat(100).as_bytes());
    assert_eq!(nonsense.problems.len(), 21);
    assert!(nonsense.problems[20].detail.starts_with("more entries were left out"));
}
