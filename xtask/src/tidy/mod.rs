//! `cargo xtask tidy`: what the design asks for and the compiler does not check.

mod crates;
mod files;
mod layers;
mod lengths;
mod unused;
mod words;

use std::path::Path;

use anyhow::Result;
use clap::Args;

use crate::process;

/// Check what the compiler does not.
#[derive(Args)]
pub(crate) struct Tidy {}

impl Tidy {
    pub(crate) fn run(&self) -> Result<bool> {
        let problems = problems(&process::root())?;
        for problem in &problems {
            println!("{problem}");
        }
        match problems.len() {
            0 => println!("tidy: nothing to complain about"),
            count => println!("tidy: {count} problems"),
        }
        Ok(problems.is_empty())
    }
}

/// Everything that is wrong in the repository, one line each.
fn problems(root: &Path) -> Result<Vec<String>> {
    let crates = crates::read(root)?;
    let files = files::read(root)?;
    let mut problems = layers::check(&crates);
    problems.extend(crates.iter().flat_map(crates::check));
    problems.extend(crates.iter().flat_map(|each| unused::check(each, &files)));
    problems.extend(files.iter().flat_map(words::check));
    problems.extend(lengths::check(&files, &std::fs::read_to_string(root.join(lengths::ALLOWED))?));
    problems.sort();
    Ok(problems)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_repository_is_tidy() {
        let problems = super::problems(&crate::process::root()).unwrap();
        assert!(problems.is_empty(), "{}", problems.join("\n"));
    }
}
