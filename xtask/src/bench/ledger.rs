//! The log of evidence: appends that are on the disk when they are acknowledged, proofs, opening; beside what the disk
//! itself takes for the same bytes.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use andon_attestation::{KeyKind, Resource, SecretKey, Signer as _, Statement};
use andon_ledger::{Ledger, Trust, Writer, verify_entry};
use anyhow::{Context, Result, ensure};
use clap::Args;

const ORIGIN: &str = "bench.example/log";

/// Measures the log of evidence.
#[derive(Args)]
pub(crate) struct LedgerBench {
    /// How many statements.
    #[arg(long, default_value_t = 100_000)]
    statements: u64,
    /// Where the logs are written: the disk to be measured. Otherwise the folder for temporary files.
    #[arg(long, value_name = "FOLDER")]
    folder: Option<PathBuf>,
}

impl LedgerBench {
    pub(crate) fn run(&self) -> Result<bool> {
        let folder = self.folder.clone().unwrap_or_else(std::env::temp_dir);
        let folder = tempfile::tempdir_in(folder)?;
        let statements = make(self.statements)?;
        let bytes: usize = statements.iter().map(Vec::len).sum();
        println!(
            "{} statements, {} bytes each on average",
            statements.len(),
            bytes / statements.len().max(1)
        );
        floor(folder.path(), &statements)?;
        for (name, batch, threads) in [
            ("one by one", 1, 1),
            ("one by one", 1, 8),
            ("one by one", 1, 32),
            ("by 16", 16, 1),
            ("by 1,000", 1000, 1),
        ] {
            append(&folder.path().join(format!("{batch}-{threads}")), name, &statements, batch, threads)?;
        }
        read(&folder.path().join("1000-1"), &statements)?;
        Ok(true)
    }
}

/// Envelopes around a statement about a file and a commit, of the size that a scan of a small project has.
fn make(count: u64) -> Result<Vec<Vec<u8>>> {
    let key = key(1);
    let words = "examined files rules findings engine pack version digest covered complete ".repeat(9);
    let statement = |number: u64| {
        let mut subject = Resource::sha256("file", &format!("{number:064x}"));
        subject.digest.insert("gitCommit".to_owned(), format!("{:040x}", number / 20));
        let mut predicate = serde_json::Map::new();
        predicate.insert("text".to_owned(), words.clone().into());
        Ok(Statement::new(vec![subject], "https://andon.dev/attestation/scan/v1", predicate)?
            .sign(&key)
            .to_json())
    };
    (0..count).map(statement).collect()
}

fn key(seed: u8) -> SecretKey {
    SecretKey::generate(KeyKind::Ed25519, &[seed; 32])
}

/// What the disk itself takes: each statement written behind the others, and waited for.
fn floor(folder: &Path, statements: &[Vec<u8>]) -> Result<()> {
    for (name, batch) in [("one by one", 1), ("by 8", 8), ("by 1,000", 1000)] {
        let path = folder.join("floor");
        let mut file = OpenOptions::new().create(true).append(true).open(&path)?;
        let part = statements.get(..statements.len().min(20_000)).unwrap_or(statements);
        let start = Instant::now();
        for batch in part.chunks(batch) {
            file.write_all(&batch.concat())?;
            file.sync_data()?;
        }
        let rate = part.len() as f64 / start.elapsed().as_secs_f64();
        println!("floor: write and fdatasync {name:<12} {rate:>9.0} statements/s");
        std::fs::remove_file(path)?;
    }
    Ok(())
}

fn append(folder: &Path, name: &str, statements: &[Vec<u8>], batch: usize, threads: usize) -> Result<()> {
    let log = Writer::open(folder, ORIGIN, Arc::new(key(2)), &[])?;
    let next = AtomicU64::new(0);
    let batches: Vec<&[Vec<u8>]> = statements.chunks(batch).collect();
    let start = Instant::now();
    std::thread::scope(|scope| -> Result<()> {
        let work = || -> Result<f64> {
            let mut longest = 0.0_f64;
            while let Some(batch) = batches.get(usize::try_from(next.fetch_add(1, Ordering::Relaxed))?) {
                let begun = Instant::now();
                log.append(&batch.iter().map(Vec::as_slice).collect::<Vec<_>>())?;
                longest = longest.max(begun.elapsed().as_secs_f64());
            }
            Ok(longest)
        };
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let mut longest = 0.0_f64;
        for thread in running {
            longest = longest.max(thread.join().ok().context("a thread panicked")??);
        }
        let seconds = start.elapsed().as_secs_f64();
        let rate = statements.len() as f64 / seconds;
        println!(
            "append {name:<10} {threads:>2} threads {rate:>9.0} statements/s, longest {:.1} ms, {} MiB at most",
            longest * 1000.0,
            peak()
        );
        Ok(())
    })?;
    ensure!(log.view()?.size() == u64::try_from(statements.len())?, "entries are missing");
    Ok(())
}

fn read(folder: &Path, statements: &[Vec<u8>]) -> Result<()> {
    let trust = Trust::new(ORIGIN, &[key(2).public().clone()])?;
    let open = time(20, |_| Ok(drop(Writer::open(folder, ORIGIN, Arc::new(key(2)), &[])?)))?;
    let ledger = Ledger::open(folder, trust.clone());
    let view = ledger.view()?;
    let size = view.size();
    let small = tempfile::tempdir_in(folder.parent().unwrap_or(folder))?;
    let earlier = Writer::open(small.path(), ORIGIN, Arc::new(key(2)), &[])?;
    let third = statements.get(..statements.len() / 3).unwrap_or_default();
    earlier.append(&third.iter().map(Vec::as_slice).collect::<Vec<_>>())?;
    let earlier = earlier.view()?.checkpoint().clone();
    let index = |round: u64| round.wrapping_mul(7919) % size;
    let inclusion = time(200, |round| Ok(drop(ledger.view()?.prove_entry(index(round))?)))?;
    let growth = time(200, |_| Ok(view.extends(&earlier)?))?;
    let entry = time(200, |round| Ok(drop(view.entry(index(round))?)))?;
    let found = time(50, |round| {
        Ok(ensure!(!view.about("gitCommit", &format!("{:040x}", index(round) / 20))?.is_empty()))
    })?;
    let proof = view.prove_entry(index(1))?.to_text();
    let content = statements.get(usize::try_from(index(1))?).context("no such statement")?;
    let verified = time(200, |_| Ok(drop(verify_entry(content, proof.as_bytes(), &trust)?)))?;
    println!(
        "open to write {open:.2} ms, open to read and prove an entry {inclusion:.2} ms, growth from a third {growth:.2} ms"
    );
    println!(
        "read an entry {entry:.2} ms, find the entries of a commit {found:.2} ms, verify a proof {verified:.3} ms"
    );
    let start = Instant::now();
    let audit = ledger.audit(&[earlier])?;
    ensure!(audit.fault.is_none(), "the audit found {:?}", audit.fault);
    println!("audit {:.2} s, {} MiB at most in all of this", start.elapsed().as_secs_f64(), peak());
    Ok(())
}

/// Milliseconds of one call, on average.
fn time(rounds: u64, mut call: impl FnMut(u64) -> Result<()>) -> Result<f64> {
    let start = Instant::now();
    for round in 0..rounds {
        call(round)?;
    }
    Ok(start.elapsed().as_secs_f64() * 1000.0 / rounds as f64)
}

/// MiB that this process had in memory at most, the statements themselves included; 0 where nothing says so.
fn peak() -> u64 {
    let status = File::open("/proc/self/status").and_then(std::io::read_to_string).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok()).unwrap_or(0) / 1024
}
