//! Our verdicts on signatures beside git's own, which asks ssh-keygen and gpg.

mod cases;
mod history;
mod openpgp;
mod ssh;
mod workshop;

use std::path::PathBuf;

use anyhow::{Result, bail};
use clap::Args;

use self::cases::{Case, Row};
use self::workshop::Workshop;
use crate::process;

/// Compare verdicts on the signatures of commits and tags with git's.
#[derive(Args)]
pub(crate) struct Commits {
    /// Also judge every commit of this repository, with the given keys.
    #[arg(long, value_name = "DIR")]
    repository: Option<PathBuf>,
    /// OpenPGP keys for the repository, as `gpg --export` writes them.
    #[arg(long, value_name = "FILE", requires = "repository")]
    keyring: Option<PathBuf>,
    /// Allowed signers for the repository.
    #[arg(long, value_name = "FILE", requires = "repository")]
    allowed_signers: Option<PathBuf>,
}

impl Commits {
    pub(super) fn run(&self) -> Result<bool> {
        let missing: Vec<&str> = ["git", "ssh-keygen", "gpg"]
            .into_iter()
            .filter(|tool| process::on_path(tool).is_none())
            .collect();
        if !missing.is_empty() {
            bail!("not installed: {}; install them and run this again", missing.join(", "));
        }
        let shop = Workshop::open()?;
        let mut cases = ssh::cases(&shop)?;
        cases.extend(openpgp::cases(&shop)?);
        let rows = cases.iter().map(|case| case.judge(&shop)).collect::<Result<Vec<Row>>>()?;
        let held = print(&cases, &rows);
        shop.close();
        match &self.repository {
            Some(repository) => Ok(self.history(repository)? && held),
            None => Ok(held),
        }
    }
}

fn print(cases: &[Case], rows: &[Row]) -> bool {
    println!("{:<58} {:<4} {:<6} {:<12} ", "case", "%G?", "git", "andon");
    let mut wrong = 0;
    for (case, row) in cases.iter().zip(rows) {
        let accepted = if row.accepted { "takes" } else { "stops" };
        let mark = match (row.agrees, case.explained) {
            (true, None) => String::new(),
            (true, Some(_)) => "an explained difference that is none".to_owned(),
            (false, Some(why)) => format!("explained: {why}"),
            (false, None) => "DIFFERS".to_owned(),
        };
        wrong += usize::from(row.agrees == case.explained.is_some());
        println!("{:<58} {:<4} {:<6} {:<12} {mark}", case.name, row.letter, accepted, row.word);
        if row.agrees == case.explained.is_some() {
            println!("    ours: {}\n    git: {}", row.reason, row.said.trim().replace('\n', "\n         "));
        }
    }
    println!("{} of {} cases held", rows.len() - wrong, rows.len());
    wrong == 0
}
