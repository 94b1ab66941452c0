//! Every commit of a real repository: no crash, and verdicts that can be looked at.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use andon_signatures::{AllowedSigners, Keyring, SignedObject, Trust, verify};
use anyhow::{Context, Result};

use super::Commits;
use crate::process::output;

impl Commits {
    pub(super) fn history(&self, repository: &Path) -> Result<bool> {
        let read = |file: &Option<std::path::PathBuf>| match file {
            Some(file) => std::fs::read(file).with_context(|| format!("cannot read {}", file.display())),
            None => Ok(Vec::new()),
        };
        let trust = Trust {
            signers: AllowedSigners::parse(&read(&self.allowed_signers)?)?,
            keyring: Keyring::parse(&read(&self.keyring)?)?,
            ..Trust::default()
        };
        let ids = output(Command::new("git").arg("-C").arg(repository).args(["rev-list", "--all"]))?;
        let ids: Vec<&str> = ids.lines().collect();
        let mut verdicts: BTreeMap<String, usize> = BTreeMap::new();
        let began = Instant::now();
        each_commit(repository, &ids, |bytes| {
            let object = SignedObject::parse(bytes);
            let verdict = verify(bytes, &trust, object.time().unwrap_or_default());
            let words = format!("{}: {}", verdict.word(), verdict.reason());
            *verdicts.entry(words.chars().take(120).collect()).or_default() += 1;
        })?;
        println!("{} commits in {:.1} s", ids.len(), began.elapsed().as_secs_f64());
        for (verdict, count) in &verdicts {
            println!("{count:>8}  {verdict}");
        }
        Ok(true)
    }
}

/// Calls back with the bytes of each commit.
fn each_commit(repository: &Path, ids: &[&str], mut each: impl FnMut(&[u8])) -> Result<()> {
    let mut git = Command::new("git");
    git.arg("-C").arg(repository).args(["cat-file", "--batch"]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = git.spawn().context("cannot start git")?;
    let mut input = child.stdin.take().context("no standard input")?;
    let mut answers = BufReader::new(child.stdout.take().context("no standard output")?);
    for id in ids {
        writeln!(input, "{id}")?;
        let mut head = String::new();
        answers.read_line(&mut head)?;
        let size: usize =
            head.trim().rsplit(' ').next().unwrap_or_default().parse().context("git's answer")?;
        let mut bytes = vec![0; size + 1];
        answers.read_exact(&mut bytes)?;
        bytes.pop();
        each(&bytes);
    }
    drop(input);
    child.wait()?;
    Ok(())
}
