use crate::Format::{Pipfile, Pyproject, PythonMetadata};
use crate::support::shown::{check, survives};

#[test]
fn a_project_of_the_standard_tables() {
    let text = r#"[build-system]
requires = ["hatchling>=1", "wheel==0.43"]

[project]
name = "My.App"
version = "1.0"
license = "MIT"
dependencies = [
  "flask[async]>=2 ; python_version >= '3.9'",
  "exact==1.2",
  "mine",
  "no requirement",
  5,
]

[project.optional-dependencies]
fast = ["orjson"]

[dependency-groups]
test = ["pytest~=8.0", { include-group = "lint" }]
lint = ["ruff"]

[tool.uv]
dev-dependencies = ["mypy"]
override-dependencies = ["exact==1.3"]

[tool.uv.sources]
mine = { git = "https://example.org/mine", rev = "v1" }
orjson = [{ path = "../orjson", marker = "x" }]

[tool.uv.workspace]
members = ["packages/*"]

[tool.pdm.dev-dependencies]
old = ["-e file:///x#egg=pdmdev"]

[tool.setuptools.dynamic]
dependencies = { file = ["requirements.txt"] }
"#;
    check(
        Pyproject,
        text,
        &[
            "pypi/wheel@0.43 dev direct L2-2",
            "pypi/flask (>=2) direct L9-9",
            "pypi/exact@1.2 direct L10-10",
            "pypi/mine direct git https://example.org/mine# L11-11",
            "pypi/orjson optional direct local ../orjson L17-17",
            "pypi/pytest (~=8.0) dev direct L20-20",
            "pypi/ruff dev direct L21-21",
            "pypi/pdmdev dev direct local /x L35-35",
            "pypi/mypy dev direct L24-24",
            "project pkg:pypi/my-app@1.0 MIT",
            "include packages/*/pyproject.toml",
            "include requirements.txt",
            "change pkg:pypi/exact => pypi/exact@1.3 L25-25",
            "problem L12: this is no requirement as PEP 508 writes it and was left out; write \"name>=version\"",
            "problem L13: this is no requirement as PEP 508 writes it and was left out; write \"name>=version\"",
        ],
    );
    survives(Pyproject, text);
}

#[test]
fn a_project_of_poetry() {
    let text = r#"[tool.poetry]
name = "app"
version = "0.1"
license = "BSD-3-Clause"

[tool.poetry.dependencies]
python = "^3.9"
caret = "^1.2"
exact = "1.2.3"
any = "*"
extra = { version = "~2.0", optional = true }
branch = { git = "https://u:p@example.org/b.git", rev = "0123456789012345678901234567890123456789" }
folder = { path = "../folder", develop = true }
several = [{ version = "<2", python = "<3.8" }, { version = "==2.1", python = ">=3.8" }]

[tool.poetry.dev-dependencies]
black = "==22.1"

[tool.poetry.group.docs.dependencies]
sphinx = { version = ">=5" }
"#;
    check(
        Pyproject,
        text,
        &[
            "pypi/caret (^1.2) direct L8-8",
            "pypi/exact@1.2.3 direct L9-9",
            "pypi/any (*) direct L10-10",
            "pypi/extra (~2.0) optional direct L11-11",
            "pypi/branch direct git https://example.org/b.git#0123456789012345678901234567890123456789 L12-12",
            "pypi/folder direct local ../folder L13-13",
            "pypi/several (<2) direct L14-14",
            "pypi/several@2.1 direct L14-14",
            "pypi/black@22.1 dev direct L17-17",
            "pypi/sphinx (>=5) dev direct L20-20",
            "project pkg:pypi/app@0.1 BSD-3-Clause",
        ],
    );
    survives(Pyproject, text);
}

#[test]
fn licences_of_projects() {
    let rows = [
        ("license = { text = \"Apache-2.0\" }", "project pkg:pypi/a Apache-2.0"),
        ("license = { file = \"LICENSE\" }", "project pkg:pypi/a"),
        (
            "classifiers = [\"License :: OSI Approved :: MIT License\", \"Topic :: X\"]",
            "project pkg:pypi/a MIT License",
        ),
    ];
    for (line, expected) in rows {
        check(Pyproject, &format!("[project]\nname = \"a\"\n{line}\n"), &[expected]);
    }
}

#[test]
fn a_broken_project_gives_the_tables_that_parse() {
    let text = "[project]\nname = \"a\"\ndependencies = [\"x==1\"]\n[tool.broken]\nkey = = 1\n[dependency-groups]\nt = [\"y\"]\n";
    check(
        Pyproject,
        text,
        &[
            "pypi/x@1 direct L3-3",
            "pypi/y dev direct L7-7",
            "project pkg:pypi/a",
            "problem L5: not valid TOML here: extra `=`, expected nothing; what stands beside it was read",
        ],
    );
}

#[test]
fn a_pipfile() {
    let text = "[[source]]\nurl = \"x\"\n[packages]\nrequests = \"*\"\nexact = \"==1.2\"\nt = {version = \">=3\", extras = [\"x\"]}\n\
        g = {git = \"https://example.org/g\", ref = \"main\"}\ne = {path = \".\", editable = true}\n[dev-packages]\npytest = \"~=8\"\n\
        [docs]\nsphinx = \"*\"\n[requires]\npython_version = \"3.12\"\n";
    check(
        Pipfile,
        text,
        &[
            "pypi/requests (*) direct L4-4",
            "pypi/exact@1.2 direct L5-5",
            "pypi/t (>=3) direct L6-6",
            "pypi/g direct git https://example.org/g# L7-7",
            "pypi/e direct local . L8-8",
            "pypi/pytest (~=8) dev direct L10-10",
            "pypi/sphinx (*) dev direct L12-12",
        ],
    );
    survives(Pipfile, text);
}

#[test]
fn installed_metadata() {
    let text = "Metadata-Version: 2.1\nName: My.App\nVersion: 1.0\nLicense: UNKNOWN\nClassifier: License :: OSI Approved\n\
        Classifier: License :: OSI Approved :: MIT License\nRequires-Dist: flask (>=2.0)\n\
        Requires-Dist: pytest==8.0; extra == 'test'\nRequires-Dist: !\n\nName: other\n";
    check(
        PythonMetadata,
        text,
        &[
            "pypi/my-app@1.0 [MIT License] L2-2 -> 1 2",
            "pypi/flask (>=2.0) transitive L7-7",
            "pypi/pytest (==8.0) optional transitive L8-8",
            "project pkg:pypi/my-app@1.0 MIT License",
            "problem: 1 of its requirements are not written as PEP 508 says and were left out",
        ],
    );
    check(
        PythonMetadata,
        "Name: a\nVersion: 1\nLicense: old\nLicense-Expression: MIT OR ISC\n",
        &["pypi/a@1 [MIT OR ISC] L1-1", "project pkg:pypi/a@1 MIT OR ISC"],
    );
    check(
        PythonMetadata,
        "Version: 1\n",
        &["problem: no Name or no Version; the installation is damaged, install the package again"],
    );
    survives(PythonMetadata, text);
}
