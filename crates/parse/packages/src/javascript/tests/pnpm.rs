use crate::Format::PnpmLock;
use crate::support::check::check;

#[test]
fn version_9() {
    check(
        PnpmLock,
        r"lockfileVersion: '9.0'

importers:

  .:
    dependencies:
      a:
        specifier: ^1.0.0
        version: 1.0.0(r@18.0.0)
      alias:
        specifier: npm:real@^4.0.0
        version: real@4.0.0
      w:
        specifier: workspace:*
        version: link:packages/w
    devDependencies:
      '@s/d':
        specifier: '1'
        version: 1.0.0
    optionalDependencies:
      o:
        specifier: '1'
        version: 1.0.0

  packages/w:
    dependencies:
      a:
        specifier: ^1.0.0
        version: 1.0.0(r@17.0.0)
      git:
        specifier: x/git
        version: https://codeload.github.com/x/git/tar.gz/0123456789abcdef0123456789abcdef01234567
      local:
        specifier: file:../local
        version: file:../local
      tar:
        specifier: https://host.example/tar.tgz
        version: https://host.example/tar.tgz
    devDependencies:
      r:
        specifier: ^17.0.0
        version: 17.0.0

packages:

  '@s/d@1.0.0':
    resolution: {integrity: sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=}

  a@1.0.0:
    resolution: {integrity: sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=}
    peerDependencies:
      r: '*'

  git@https://codeload.github.com/x/git/tar.gz/0123456789abcdef0123456789abcdef01234567:
    resolution: {tarball: https://codeload.github.com/x/git/tar.gz/0123456789abcdef0123456789abcdef01234567}
    version: 2.0.0

  local@file:../local:
    resolution: {directory: ../local, type: directory}

  o@1.0.0:
    resolution: {integrity: nonsense}

  r@17.0.0:
    resolution: {integrity: nonsense}

  r@18.0.0:
    resolution: {integrity: nonsense}

  real@4.0.0:
    resolution: {integrity: nonsense}

  tar@https://host.example/tar.tgz:
    resolution: {tarball: https://host.example/tar.tgz}
    version: 3.0.0

snapshots:

  '@s/d@1.0.0':
    dependencies:
      real: 4.0.0

  a@1.0.0(r@17.0.0):
    dependencies:
      r: 17.0.0

  a@1.0.0(r@18.0.0):
    dependencies:
      r: 18.0.0
    optionalDependencies:
      o: 1.0.0
",
        "
        @s/d@1.0.0 46-47 direct dev sha1:da39a3e > real@4.0.0
        a@1.0.0 49-52 direct sha1:da39a3e > o@1.0.0, r@17.0.0, r@18.0.0
        git@2.0.0 54-56 direct git:https://github.com/x/git.git#0123456789abcdef0123456789abcdef01234567
        local 58-59 direct local:../local
        o@1.0.0 61-62 direct optional
        r@17.0.0 64-65 direct
        r@18.0.0 67-68 transitive
        real@4.0.0 70-71 direct
        tar@3.0.0 73-75 direct archive:https://host.example/tar.tgz
        w 13-15 direct local:packages/w > a@1.0.0, git@2.0.0, local, r@17.0.0, tar@3.0.0
        + packages/w/package.json
        ",
    );
}

#[test]
fn version_6() {
    check(
        PnpmLock,
        r"lockfileVersion: '6.0'

dependencies:
  '@s/a':
    specifier: ^1.0.0
    version: 1.0.0(r@18.0.0)
  alias:
    specifier: npm:real@4
    version: /real@4.0.0

packages:

  /@s/a@1.0.0(r@18.0.0):
    resolution: {integrity: x}
    dependencies:
      r: 18.0.0
    dev: false

  /r@18.0.0:
    resolution: {integrity: x}
    dev: true

  /real@4.0.0:
    resolution: {integrity: x}
    optional: true
    dev: false

  github.com/x/git/0123456789abcdef0123456789abcdef01234567:
    resolution: {tarball: https://codeload.github.com/x/git/tar.gz/0123456789abcdef0123456789abcdef01234567}
    name: git
    version: 2.0.0
",
        "
        @s/a@1.0.0 13-17 direct > r@18.0.0
        r@18.0.0 19-21 transitive dev
        real@4.0.0 23-26 direct optional
        git@2.0.0 28-31 git:https://github.com/x/git.git#0123456789abcdef0123456789abcdef01234567
        ",
    );
}

#[test]
fn version_5() {
    check(
        PnpmLock,
        r"lockfileVersion: 5.4
specifiers:
  a: ^1.0.0
dependencies:
  a: 1.0.0_r@18.0.0
  alias: /@s/real/4.0.0
devDependencies:
  local: file:local
packages:
  /a/1.0.0_r@18.0.0:
    resolution: {integrity: x}
    dependencies:
      r: 18.0.0
    dev: false
  /a/1.0.0_r@17.0.0:
    resolution: {integrity: x}
    dev: true
  /r/18.0.0:
    resolution: {integrity: x}
    dev: false
  /@s/real/4.0.0:
    resolution: {integrity: x}
    dev: true
  file:local:
    resolution: {directory: local, type: directory}
    name: local
    version: 0.1.0
    dev: true
  git.example/x/git/0123456:
    resolution: {type: git, repo: 'https://user:pass@git.example/x/git', commit: 0123456789abcdef0123456789abcdef01234567}
    name: git
    version: 1.0.0
",
        "
        a@1.0.0 10-14 direct > r@18.0.0
        r@18.0.0 18-20 transitive
        @s/real@4.0.0 21-23 direct dev
        local@0.1.0 24-28 direct dev local:local
        git@1.0.0 29-32 git:https://git.example/x/git#0123456789abcdef0123456789abcdef01234567
        ",
    );
}

#[test]
fn broken() {
    check(
        PnpmLock,
        "lockfileVersion: '12.0'\npackages:\n  a@1.0.0: {}\n  '': {}\n  b@1.0.0: [\n",
        "
        a@1.0.0 3
        b@1.0.0 5
        ! 6: while parsing a node, did not find expected node content; packages near here or after it may be missing, have the file written again by its package manager
        ! has the lockfileVersion 12.0, which is not known; read as version 9, packages may be missing, run `pnpm install` to write it anew
        ! 4: an entry that names no package; left out
        ",
    );
    check(
        PnpmLock,
        "lockfileVersion: '9.0'\npackages:\n  a@1.0.0: &x {resolution: *x}\n  b@1.0.0: {}\n",
        "
        a@1.0.0 3
        ! 3: this alias refers to a part of the document that contains it; packages near here or after it may be missing, have the file written again by its package manager
        ",
    );
}
