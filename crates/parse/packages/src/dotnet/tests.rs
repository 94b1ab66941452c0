use crate::Format::{DotnetDeps, NugetLock};
use crate::support::check::check;

#[test]
fn lock_file() {
    check(
        NugetLock,
        r#"{
  "version": 2,
  "dependencies": {
    "net6.0": {
      "Direct.One": {
        "type": "Direct",
        "requested": "[1.0.0, )",
        "resolved": "1.0.0",
        "contentHash": "AAAA",
        "dependencies": {"transitive.two": "2.0.0"}
      },
      "Transitive.Two": {"type": "Transitive", "resolved": "2.0.0"},
      "Central": {"type": "CentralTransitive", "requested": "[3, )", "resolved": "3.0.0"},
      "my.project": {"type": "Project", "dependencies": {"Direct.One": "[1.0.0, )", "absent": "1"}},
      "wrong": 1
    },
    "net6.0/linux-x64": {},
    "net8.0": {
      "direct.one": {"type": "Direct", "resolved": "1.0.0", "dependencies": {"Central": "3.0.0"}},
      "Central": {"type": "Direct", "resolved": "3.0.0"},
      "Transitive.Two": {"type": "Transitive", "resolved": "2.5.0"}
    }
  }
}"#,
        "
        Direct.One@1.0.0 5-11 direct > Transitive.Two@2.0.0, Central@3.0.0
        Transitive.Two@2.0.0 12 transitive
        Central@3.0.0 13 direct
        my.project 14 direct local:my.project > Direct.One@1.0.0
        Transitive.Two@2.5.0 21 transitive
        ! 15: a package is not an object; left out
        ",
    );
    check(
        NugetLock,
        "{\"version\": 3}",
        "! has the version 3, which is not known; packages may be missing
         ! has no `dependencies`; run `dotnet restore --force-evaluate` to write it anew",
    );
}

#[test]
fn published_application() {
    check(
        DotnetDeps,
        r#"{
  "runtimeTarget": {"name": ".NETCoreApp,Version=v8.0/linux-x64"},
  "targets": {
    ".NETCoreApp,Version=v8.0": {},
    ".NETCoreApp,Version=v8.0/linux-x64": {
      "App/1.0.0": {"dependencies": {"A": "1.0.0", "Lib": "1.0.0", "runtimepack.Runtime": "8.0.1"}, "runtime": {"App.dll": {}}},
      "A/1.0.0": {"dependencies": {"B": "2.0.0"}},
      "B/2.0.0": {"compileOnly": true},
      "Lib/1.0.0": {"dependencies": {"C": "3.0.0"}}
    }
  },
  "libraries": {
    "App/1.0.0": {"type": "project", "serviceable": false, "sha512": ""},
    "runtimepack.Runtime/8.0.1": {"type": "runtimepack"},
    "A/1.0.0": {"type": "package", "serviceable": true, "sha512": "sha512-x", "path": "a/1.0.0"},
    "B/2.0.0": {"type": "package"},
    "C/3.0.0": {"type": "package"},
    "Lib/1.0.0": {"type": "project"},
    "nonsense": {}
  }
}"#,
        "
        # pkg:nuget/App@1.0.0
        Runtime@8.0.1 14 direct
        A@1.0.0 15 direct > B@2.0.0
        B@2.0.0 16 transitive dev
        C@3.0.0 17 direct
        Lib@1.0.0 18 direct local:Lib > C@3.0.0
        ! 19: a library that is not written as name/version; left out
        ",
    );
    check(DotnetDeps, "{}", "! has no `libraries`; publish the application again");
}
