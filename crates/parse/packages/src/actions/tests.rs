use crate::Format::Workflow;
use crate::support::shown::{check, survives};

const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

#[test]
fn a_workflow() {
    let text = format!(
        "on: push
jobs:
  build:
    steps:
      - uses: actions/checkout@{COMMIT} # v4.1.2
      - name: second
        uses: \"github/codeql-action/init@v3\"
        # uses: commented/out@v1
      - uses: owner/name@v1.2.3
      - uses: ./local/action
      - uses: docker://alpine:3.19
      - uses: docker://example.org:5000/a/b:1.2.3@sha256:abcd
      - uses: nonsense
      - run: |
          uses: not/this@v1
  called:
    uses: owner/name/.github/workflows/x.yml@main
"
    );
    check(
        Workflow,
        &text,
        &[
            &format!("githubactions/actions/checkout@{COMMIT} (v4.1.2) dev direct L5-5"),
            "githubactions/github/codeql-action (v3) dev direct L7-7",
            "githubactions/owner/name@v1.2.3 dev direct L9-9",
            "docker/alpine (3.19) dev direct L11-11",
            "docker/a/b@sha256:abcd?repository_url=example.org:5000 (1.2.3) dev direct L12-12",
            "githubactions/owner/name (main) dev direct L17-17",
            "problem L13: `uses` does not name owner/name@version and was left out",
        ],
    );
    survives(Workflow, &text);
}

#[test]
fn a_composite_action_and_comments_of_pinning_tools() {
    let text = format!(
        "runs:\n  using: composite\n  steps:\n  - uses: a/b@{COMMIT} # tag=v1.2\n  - uses: a/c@{COMMIT} # pin@v2\n  \
         - uses: a/d@{COMMIT} # not a version\n  - uses: [1]\n"
    );
    check(
        Workflow,
        &text,
        &[
            &format!("githubactions/a/b@{COMMIT} (v1.2) dev direct L4-4"),
            &format!("githubactions/a/c@{COMMIT} (v2) dev direct L5-5"),
            &format!("githubactions/a/d@{COMMIT} dev direct L6-6"),
            "problem L7: `uses` is not a text and was left out; write owner/name@version",
        ],
    );
    check(Workflow, "runs:\n  using: docker\n  image: docker://a/b\n", &["docker/a/b dev direct L3-3"]);
}

#[test]
fn what_is_not_yaml_is_read_line_by_line() {
    let text = format!("a: [\n  - uses: a/b@v1\n{} x\n    uses: 'a/c@v2' # c\nuses:\n", "<".repeat(7));
    check(
        Workflow,
        &text,
        &[
            "githubactions/a/b (v1) dev direct L2-2",
            "githubactions/a/c (v2) dev direct L4-4",
            "problem: not valid YAML (2:3: \"-\" is only valid inside a block); the lines that begin with `uses:` were \
             read: mend the file",
        ],
    );
}
