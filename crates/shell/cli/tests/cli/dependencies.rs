//! What a project is made of and what is known against it, from the lock file to the gate.

#![expect(clippy::disallowed_methods, reason = "tests make files")]

mod advisories;
mod bad;
mod sbom;
mod why;

use std::fs;
use std::io::Write;

use serde_json::{Value, json};

use crate::world::World;

/// A `package-lock.json`: names with versions, each asked for by the project itself and needing the next.
pub(crate) fn lock(chain: &[(&str, &str)]) -> String {
    let mut packages = serde_json::Map::new();
    let first = chain.first().map(|(name, _)| *name).unwrap_or_default();
    packages.insert(String::new(), json!({"name": "shop", "version": "1.0.0", "dependencies": {first: "*"}}));
    for (position, (name, version)) in chain.iter().enumerate() {
        let mut package = json!({
            "version": version,
            "resolved": format!("https://registry.example/{name}/-/{name}-{version}.tgz"),
            "license": "MIT",
        });
        if let Some((needed, _)) = chain.get(position + 1) {
            package["dependencies"] = json!({*needed: "*"});
        }
        packages.insert(format!("node_modules/{name}"), package);
    }
    let lock = json!({"name": "shop", "version": "1.0.0", "lockfileVersion": 3, "requires": true, "packages": packages});
    serde_json::to_string_pretty(&lock).unwrap()
}

/// An advisory in OSV form: every version before `fixed` is critically vulnerable.
pub(crate) fn advisory(id: &str, aliases: &[&str], package: &str, fixed: &str) -> Value {
    json!({
        "id": id,
        "modified": "2024-05-01T00:00:00Z",
        "aliases": aliases,
        "summary": format!("{package} runs what strangers send"),
        "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}],
        "affected": [{
            "package": {"ecosystem": "npm", "name": package},
            "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": fixed}]}],
        }],
    })
}

/// One vulnerability that two databases know, in `left`.
pub(crate) fn known() -> [Value; 2] {
    [
        advisory("GHSA-left-left-left", &["CVE-2024-1"], "left", "1.2.0"),
        advisory("CVE-2024-1", &[], "left", "1.2.0"),
    ]
}

impl World {
    /// Writes `<ecosystem>/all.zip` as OSV does; the folder of all of them.
    pub(crate) fn dump(&self, ecosystem: &str, records: &[Value]) -> String {
        let folder = self.outside("osv");
        fs::create_dir_all(folder.join(ecosystem)).unwrap();
        let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for record in records {
            let name = format!("{}.json", record["id"].as_str().unwrap());
            zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
            zip.write_all(record.to_string().as_bytes()).unwrap();
        }
        fs::write(folder.join(ecosystem).join("all.zip"), zip.finish().unwrap().into_inner()).unwrap();
        folder.to_str().unwrap().to_owned()
    }

    /// Fetches these advisories for npm.
    pub(crate) fn advisories(&self, records: &[Value]) -> &Self {
        let folder = self.dump("npm", records);
        self.andon(&format!("db update --quiet --from {folder}")).is(0, &["npm"]);
        self
    }
}

/// A repository whose project needs `app`, which needs `left` 1.0.0.
pub(crate) fn shop() -> World {
    let world = World::with_commit();
    world.write("package-lock.json", lock(&[("app", "2.0.0"), ("left", "1.0.0")])).commit();
    world
}

/// The details of the gaps of a kind.
pub(crate) fn gaps(report: &Value, kind: &str) -> Vec<String> {
    let gaps = report["coverage"]["gaps"].as_array().cloned().unwrap_or_default();
    let of_kind = gaps.iter().filter(|gap| gap["kind"] == kind);
    of_kind
        .map(|gap| format!("{}: {}", gap["subject"].as_str().unwrap(), gap["detail"].as_str().unwrap()))
        .collect()
}

/// The package URLs of the components.
pub(crate) fn components(report: &Value) -> Vec<String> {
    let components = report["inventory"]["components"].as_array().cloned().unwrap_or_default();
    components.iter().map(|component| component["purl"].as_str().unwrap().to_owned()).collect()
}
