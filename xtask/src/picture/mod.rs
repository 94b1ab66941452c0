//! `cargo xtask picture`: docs/images/scan.svg, drawn from what the program really prints.

mod ansi;
mod svg;

use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};
use clap::Args;

use crate::process;

/// Where the picture is.
const PICTURE: &str = "docs/images/scan.svg";
/// What is scanned for it. It is copied out of the repository, so that its own gate, policy and exceptions hold.
const EXAMPLE: &str = "examples/leaky";

/// Draw docs/images/scan.svg from the program's own output.
#[derive(Args)]
pub(crate) struct Picture {}

impl Picture {
    pub(crate) fn run(&self) -> Result<bool> {
        let andon = process::andon("dev")?;
        let folder = tempfile::tempdir()?;
        let copy = folder.path().join("leaky");
        copy_folder(&process::root().join(EXAMPLE), &copy)?;
        let mut command = Command::new(andon);
        command.args(["scan", "--color", "always", "--no-cache"]).current_dir(copy);
        command.env("COLUMNS", "100").env_remove("NO_COLOR").env_remove("ANDON_PROJECT_KEY");
        let done = command.output()?;
        if !matches!(done.status.code(), Some(0 | 1)) {
            bail!("andon scan failed: {}", String::from_utf8_lossy(&done.stderr));
        }
        let output = String::from_utf8_lossy(&done.stdout);
        let picture = svg::draw("andon scan", &ansi::lines(&without_times(&output)));
        let file = process::root().join(PICTURE);
        std::fs::create_dir_all(file.parent().unwrap_or(&file))?;
        std::fs::write(&file, picture)?;
        println!("wrote {PICTURE}");
        Ok(true)
    }
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

/// Takes the time out that a scan took, so that the picture changes only when the program does: ` in 12 ms`.
fn without_times(output: &str) -> String {
    let units = ["ms", "s"];
    let without = |line: &str| {
        let words: Vec<&str> = line.split(' ').collect();
        let is_time = |at: usize| {
            let number = words.get(at + 1).is_some_and(|word| word.parse::<f64>().is_ok());
            let unit = words
                .get(at + 2)
                .is_some_and(|word| units.contains(&word.trim_end_matches(['.', ',', ';', ':'])));
            words.get(at) == Some(&"in") && number && unit
        };
        let Some(at) = (0..words.len()).find(|at| is_time(*at)) else { return line.to_owned() };
        let unit = words.get(at + 2).copied().unwrap_or_default();
        let stop = unit.trim_start_matches(char::is_alphanumeric);
        let (before, after) = (words.get(..at).unwrap_or_default(), words.get(at + 3..).unwrap_or_default());
        let tail = if after.is_empty() { String::new() } else { format!(" {}", after.join(" ")) };
        format!("{}{stop}{tail}", before.join(" "))
    };
    output.lines().map(without).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::without_times;

    #[test]
    fn times_are_taken_out() {
        assert_eq!(without_times("12 files in 0.3 s, 4 findings"), "12 files, 4 findings");
        assert_eq!(without_times("395 rules in 299 ms: the folder ."), "395 rules: the folder .");
        assert_eq!(without_times("a\nscanned in 12 ms"), "a\nscanned");
        assert_eq!(without_times("2 findings in 3 files"), "2 findings in 3 files");
    }
}
