//! Prepares our own pack, so that the program need not parse it whenever it starts: the rules as `src/config` reads
//! them, serialised. Also lists the files, so that a new one under `rules/secrets` needs no registration.
#![expect(clippy::disallowed_methods, reason = "a build script reads and writes files")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

#[path = "src/config/mod.rs"]
#[allow(
    dead_code,
    unreachable_pub,
    unused_imports,
    reason = "the library's reader, of which little is needed here"
)]
mod config;

fn main() -> io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../rules/secrets");
    println!("cargo::rerun-if-changed={}", root.display());
    let files = files(&root)?;
    let out = PathBuf::from(env::var("OUT_DIR").map_err(io::Error::other)?);
    let texts: Vec<&str> = files.iter().map(|(_, text)| text.as_str()).collect();
    let pack = config::load_packs(&texts, "andon", env!("CARGO_PKG_VERSION"));
    fs::write(out.join("pack.bin"), postcard::to_stdvec(&pack).map_err(io::Error::other)?)?;
    let mut list = String::from("const FILES: &[(&str, &str)] = &[\n");
    for (path, _) in files {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let _ = writeln!(list, "    ({name:?}, include_str!({:?})),", path.display().to_string());
    }
    list.push_str("];\n");
    fs::write(out.join("pack.rs"), list)
}

/// The pack's files with their texts, by name.
fn files(root: &Path) -> io::Result<Vec<(PathBuf, String)>> {
    let mut paths: Vec<_> = fs::read_dir(root)?.map(|file| Ok(file?.path())).collect::<io::Result<_>>()?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    paths.sort();
    paths.into_iter().map(|path| fs::read_to_string(&path).map(|text| (path, text))).collect()
}
