mod programs;

use crate::Format::{GoMod, GoSum};
use crate::support::shown::{check, survives};

#[test]
fn a_module() {
    let text = r#"// Comment
module example.org/app

go 1.21 // the least

toolchain go1.22.3-custom

require example.org/one v1.2.3
require (
	"example.org/two" v0.0.0-20200101000000-0123456789ab // indirect
	example.org/three/v3 v3.0.0+incompatible // indirect; for tests

	example.org/four master
)

replace example.org/one => ../one
replace (
	example.org/two v0.1.0 => example.org/fork v0.1.1
)
exclude example.org/three/v3 v3.0.1
retract [v1.0.0, v1.1.0] // broken
tool example.org/one/cmd
"#;
    check(
        GoMod,
        text,
        &[
            "golang/example.org/one@v1.2.3 direct L8-8",
            "golang/example.org/two@v0.0.0-20200101000000-0123456789ab transitive L10-10",
            "golang/example.org/three/v3@v3.0.0%2Bincompatible transitive L11-11",
            "golang/example.org/four (master) direct L13-13",
            "golang/stdlib (1.22.3) direct L6-6",
            "project pkg:golang/example.org/app",
            "include ../one/go.mod",
            "change pkg:golang/example.org/one => golang/example.org/one local ../one L16-16",
            "change pkg:golang/example.org/two@v0.1.0 => golang/example.org/fork@v0.1.1 L18-18",
            "change pkg:golang/example.org/three/v3@v3.0.1 => nothing",
        ],
    );
    survives(GoMod, text);
}

#[test]
fn broken_modules() {
    let text = format!(
        "{} a\ngo 1.20\n{}\ngo 1.21\n{} b\nnonsense\nreplace a b\nrequire (\na.b/c v1.0.0",
        "<".repeat(7),
        "=".repeat(7),
        ">".repeat(7)
    );
    check(
        GoMod,
        &text,
        &[
            "golang/a.b/c@v1.0.0 direct L9-9",
            "golang/stdlib (1.21) direct L4-4",
            "problem L1: unresolved merge conflicts; both sides were read: resolve them",
            "problem L6: a line that go.mod does not know was left out; run `go mod tidy`",
            "problem L7: a `replace` without `=>` was left out; run `go mod tidy`",
            "problem L9: the file ends inside `require (`; take it from version control again",
        ],
    );
}

#[test]
fn sums_name_modules_whose_contents_were_seen() {
    check(
        GoSum,
        "example.org/one v1.2.3 h1:abc=\nexample.org/one v1.2.3/go.mod h1:def=\nexample.org/two v1.0.0/go.mod h1:x=\nodd\n",
        &[
            "golang/example.org/one@v1.2.3 L1-1",
            "problem: 1 lines are not checksums of modules; run `go mod tidy`",
        ],
    );
}
