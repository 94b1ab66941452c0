//! A container image, beside what it costs to decompress its layers and throw them away: the floor for all scanners.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use clap::Args;
use flate2::bufread::MultiGzDecoder;
use serde_json::Value;

use super::measure::{median, must_have_run};
use super::table::Table;
use super::tools::{andon_scan, words};
use super::{Binary, run_optimised};

const TIMES: usize = 5;
/// Peak memory that a scan may use, in KiB.
const MEMORY: u64 = 200 << 10;

/// What is scanned, what it may cost as a multiple of decompressing alone, and the arguments.
const RUNS: [(&str, f64, &[&str]); 2] = [
    ("components", 1.5, &["--no-cache", "--engine", "dependencies"]),
    ("components and secrets", 3.0, &["--no-cache"]),
];

/// A container image, beside decompressing its layers alone.
#[derive(Args)]
pub(crate) struct Image {
    /// The folder of an OCI layout with one image.
    #[arg(long, value_name = "DIR")]
    image: PathBuf,
    #[command(flatten)]
    binary: Binary,
}

/// Decompresses files and prints how many bytes they hold. It is a process of its own so that it is measured as
/// scanners are.
#[derive(Args)]
pub(crate) struct Inflate {
    /// Files, gzip or not compressed.
    #[arg(required = true)]
    files: Vec<PathBuf>,
}

impl Image {
    pub(super) fn run(&self) -> Result<bool> {
        if cfg!(debug_assertions) {
            return run_optimised();
        }
        print!("{}", self.measure()?);
        Ok(true)
    }

    fn measure(&self) -> Result<Table> {
        let andon = self.binary.andon()?;
        let image =
            self.image.canonicalize().with_context(|| format!("cannot measure {}", self.image.display()))?;
        let mut table = Table::new(format!("image {} (median of {TIMES} runs)", image.display()));
        let mut inflate = words(&std::env::current_exe()?, &["inflate"]);
        inflate.extend(layers(&image)?.iter().map(|layer| layer.to_string_lossy().into_owned()));
        let floor = median(TIMES, &inflate, &[], &image)?;
        must_have_run("decompressing", floor, &[0])?;
        table.add("decompressing all layers", floor);
        for (what, allowed, more) in RUNS {
            let usage = median(TIMES, &andon_scan(&andon, &image, more), &[], &image)?;
            must_have_run(what, usage, &[0])?;
            table.add(what, usage);
            table.note(format!(
                "{what}: {:.2} × decompressing (at most {allowed}), {} MiB (at most {})",
                usage.cpu / floor.cpu.max(f64::MIN_POSITIVE),
                usage.peak / 1024,
                MEMORY / 1024
            ));
        }
        Ok(table)
    }
}

impl Inflate {
    pub(crate) fn run(&self) -> Result<bool> {
        let mut bytes = 0;
        for file in &self.files {
            let open = File::open(file).with_context(|| format!("cannot open {}", file.display()))?;
            bytes += count(BufReader::with_capacity(1 << 16, open))
                .with_context(|| format!("cannot decompress {}", file.display()))?;
        }
        println!("{bytes}");
        Ok(true)
    }
}

/// The files of an image's layers.
fn layers(layout: &Path) -> Result<Vec<PathBuf>> {
    let mut document = json(&layout.join("index.json"))?;
    // An index may name another index, and that one the image.
    while let Some(manifests) = document.get("manifests").and_then(Value::as_array) {
        let [manifest] = manifests.as_slice() else {
            bail!("{} holds {} images; name a layout with one", layout.display(), manifests.len());
        };
        document = json(&blob(layout, manifest)?)?;
    }
    let layers =
        document.get("layers").and_then(Value::as_array).context("the image's manifest has no layers")?;
    ensure!(!layers.is_empty(), "{} has no layers", layout.display());
    layers.iter().map(|layer| blob(layout, layer)).collect()
}

fn blob(layout: &Path, descriptor: &Value) -> Result<PathBuf> {
    let digest = descriptor.get("digest").and_then(Value::as_str).context("a descriptor without digest")?;
    Ok(layout.join("blobs").join(digest.replace(':', "/")))
}

fn json(file: &Path) -> Result<Value> {
    let text = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    serde_json::from_slice(&text).with_context(|| format!("{} is no JSON", file.display()))
}

/// The bytes that a stream holds once it is decompressed.
fn count(mut stream: impl BufRead) -> Result<u64> {
    let start = stream.fill_buf()?;
    ensure!(!start.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]), "it is zstd; name an image with gzip layers");
    let gzip = start.starts_with(&[0x1f, 0x8b]);
    let mut sink = std::io::sink();
    Ok(match gzip {
        true => {
            std::io::copy(&mut BufReader::with_capacity(1 << 16, MultiGzDecoder::new(stream)), &mut sink)?
        }
        false => std::io::copy(&mut stream, &mut sink)?,
    })
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn streams_are_counted_decompressed() {
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(&[7; 100_000]).unwrap();
        let gzip = gzip.finish().unwrap();
        let check = |bytes: &[u8], expected: Option<u64>| assert_eq!(count(bytes).ok(), expected);
        check(&gzip, Some(100_000));
        check(&[gzip.as_slice(), gzip.as_slice()].concat(), Some(200_000));
        check(b"plain", Some(5));
        check(&gzip[..50], None);
        check(&[0x28, 0xb5, 0x2f, 0xfd, 0], None);
    }

    #[test]
    fn layers_are_found_through_an_index_of_an_index() {
        let folder = tempfile::tempdir().unwrap();
        let layout = folder.path();
        std::fs::create_dir_all(layout.join("blobs/sha256")).unwrap();
        let write = |file: &str, text: &str| std::fs::write(layout.join(file), text).unwrap();
        write("index.json", r#"{"manifests":[{"digest":"sha256:aa"}]}"#);
        write("blobs/sha256/aa", r#"{"manifests":[{"digest":"sha256:bb"}]}"#);
        write("blobs/sha256/bb", r#"{"layers":[{"digest":"sha256:cc"},{"digest":"sha256:dd"}]}"#);
        let names: Vec<PathBuf> = ["cc", "dd"].map(|name| layout.join("blobs/sha256").join(name)).into();
        assert_eq!(layers(layout).unwrap(), names);
        write("index.json", r#"{"manifests":[{"digest":"sha256:aa"},{"digest":"sha256:aa"}]}"#);
        assert!(layers(layout).unwrap_err().to_string().contains("2 images"));
    }
}
