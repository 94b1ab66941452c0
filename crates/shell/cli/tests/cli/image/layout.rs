use serde_json::json;

use super::{Blobs, Layout, tar};
use crate::dependencies::{components, known};
use crate::world::{World, each, line, token};

const STATUS: &str = "Package: zlib1g\nStatus: install ok installed\nArchitecture: amd64\nSource: zlib\n\
    Version: 1:1.2.13.dfsg-1\n\n";
const RELEASE: &str = "ID=debian\nVERSION_ID=\"12\"\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n";

#[test]
fn a_secret_in_a_layer_that_a_later_one_deletes() {
    let world = World::plain();
    let layout = Layout::new(&[
        &[("etc/os-release", RELEASE), ("var/lib/dpkg/status", STATUS)],
        &[("app/.env", &line(1)), ("app/kept.env", &line(2))],
        &[("app/.wh..env", "")],
    ]);
    layout.write(&world, "image");
    let (report, code) = world.report("image --engine secrets");
    assert_eq!((code, &report["target"]["kind"]), (1, &json!("image")), "{report:#}");
    let mut paths = each(&report, "/locations/0/path");
    paths.sort();
    assert_eq!(paths, ["app/.env", "app/kept.env"]);
    let findings = report["findings"].as_array().unwrap();
    let place = |path: &str| {
        findings.iter().map(|finding| &finding["locations"][0]).find(|at| at["path"] == path).unwrap()
    };
    assert_eq!(place("app/.env")["layer"]["index"], 1);
    assert_eq!(place("app/.env")["layer"]["instruction"], "RUN step 1");
    assert_eq!(place("app/.env")["at_head"], false);
    assert_eq!(place("app/kept.env")["at_head"], true);
    assert!(!report.to_string().contains(&token(1)));
    world.andon("scan image").is(1, &["app/.env", "layer"]);
}

#[test]
fn components_of_an_image_and_the_layer_that_brings_them() {
    let world = World::plain();
    world.advisories(&known());
    let package = r#"{"name": "left", "version": "1.0.0", "license": "MIT"}"#;
    let layout = Layout::new(&[
        &[("etc/os-release", RELEASE), ("var/lib/dpkg/status", STATUS)],
        &[("app/node_modules/left/package.json", package)],
    ]);
    layout.write(&world, "image");
    let files = layout.files();
    let files: Vec<(&str, &[u8])> =
        files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice())).collect();
    world.write("image.tar", tar(&files));
    for target in ["image", "image.tar"] {
        let (report, _) = world.report(target);
        let purls = components(&report);
        assert!(purls.contains(&"pkg:npm/left@1.0.0".to_owned()), "{purls:?}");
        assert!(purls.iter().any(|purl| purl.starts_with("pkg:deb/debian/zlib1g@1")), "{purls:?}");
        assert!(each(&report, "/advisory").contains(&"CVE-2024-1".to_owned()), "{report:#}");
        world
            .andon(&format!("why left {target}"))
            .is(0, &["in layer 1 (RUN step 1)", "nothing says what brings it in"]);
        world.andon(&format!("scan {target} --history")).is(2, &["--history needs a git repository"]);
        world.andon(&format!("scan {target} --baseline main")).is(2, &["main", "hint:"]);
    }
}

#[test]
fn an_image_that_is_not_whole_is_refused() {
    let layout = || Layout::new(&[&[("app/.env", &line(1))], &[("app/b.env", &line(2))]]);
    let refused = |what: &str, spoil: &dyn Fn(&mut Blobs)| {
        let world = World::plain();
        let mut files = layout().files();
        spoil(&mut files);
        files.iter().for_each(|(path, bytes)| {
            world.write(&format!("image/{path}"), bytes);
        });
        let answer = world.andon("scan image --format json");
        assert_eq!((answer.code, answer.out.as_str()), (2, ""), "{what}: {answer:?}");
        assert!(answer.err.starts_with("error: image: "), "{what}: {answer:?}");
    };
    // After the two files of the layout come the layers, the configuration and the manifest.
    refused("a missing layer", &|files| drop(files.remove(2)));
    refused("a missing configuration", &|files| drop(files.remove(4)));
    refused("a missing manifest", &|files| drop(files.remove(5)));
    refused("a damaged layer", &|files| *files[3].1.last_mut().unwrap() ^= 1);
    refused("a layer that is another", &|files| files[3].1 = files[2].1.clone());
    refused("a truncated layer", &|files| files[2].1.truncate(20));
    refused("a damaged configuration", &|files| files[4].1.push(b' '));
    refused("a damaged manifest", &|files| files[5].1.push(b' '));
    refused("an index without an image", &|files| {
        files[1].1 = br#"{"schemaVersion": 2, "manifests": []}"#.to_vec()
    });
    refused("an index that is none", &|files| files[1].1 = b"[".to_vec());
    let mut lying = layout();
    lying.manifest["layers"][0]["size"] = json!(1);
    refused("a wrong size", &|files| *files = lying.files());
}
