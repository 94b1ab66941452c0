//! What came of each combination.

use std::fmt;

use andon_attestation::KeyKind;

use super::{Case, How, What};

/// One combination.
pub(super) struct Row {
    columns: [&'static str; 5],
    ours: Option<bool>,
    theirs: Option<bool>,
    refused: Vec<bool>,
    notes: Vec<String>,
    sound: bool,
    /// Cosign cannot do this at all.
    beyond: bool,
}

/// All of them.
#[derive(Default)]
pub(super) struct Table {
    rows: Vec<Row>,
}

const TITLES: [&str; 5] = ["registry", "what", "format", "key", "signs"];

impl Row {
    pub(super) fn new(case: &Case<'_>) -> Self {
        let registry = if case.registry == "OCI 1.1" { "OCI 1.1" } else { "docker-registry" };
        let what = match case.what {
            What::Signature => "signature",
            What::IndexSignature => "signature of an index",
            What::Attestation => "attestation",
        };
        let how = match case.how {
            How::Bundle => "bundle",
            How::Tag => "tag",
            How::Referrer => "tag's in a referrer",
        };
        let key = match case.keys.kind {
            KeyKind::EcdsaP256 => "P-256",
            KeyKind::Ed25519 => "Ed25519",
        };
        let signs = if case.we_sign { "andon" } else { "cosign" };
        let columns = [registry, what, how, key, signs];
        Self {
            columns,
            ours: None,
            theirs: None,
            refused: Vec::new(),
            notes: Vec::new(),
            sound: true,
            beyond: false,
        }
    }

    /// It could not be signed.
    pub(super) fn made(&mut self, message: &str) {
        self.sound = self.columns[4] == "cosign";
        self.beyond = self.sound;
        self.notes.push(format!("{} does not sign this: {message}", self.columns[4]));
    }

    /// What we say of it.
    pub(super) fn ours(&mut self, verified: Result<(), String>) {
        self.ours = Some(verified.is_ok());
        if let Err(message) = verified {
            self.notes.push(format!("andon: {message}"));
        }
    }

    /// What cosign says of it. Where it does not even verify what it signed itself, we need not agree.
    pub(super) fn theirs(&mut self, verified: Result<(), String>) {
        self.theirs = Some(verified.is_ok());
        if let Err(message) = verified {
            self.notes.push(format!("cosign: {message}"));
        }
        let (ours, theirs) = (self.ours == Some(true), self.theirs == Some(true));
        let cannot = self.columns[4] == "cosign" && !theirs;
        self.beyond = cannot;
        if cannot {
            self.notes.push("cosign does not verify what it signed itself".to_owned());
        }
        self.sound &= (ours && theirs) || cannot;
    }

    /// Something forged, which neither may accept.
    pub(super) fn refused(&mut self, what: &str, ours: bool, theirs: bool) {
        for (who, accepted) in [("andon", ours), ("cosign", theirs)] {
            if accepted {
                self.notes.push(format!("{who} accepts it: {what}"));
            }
            self.refused.push(!accepted);
        }
        self.sound &= !ours && !theirs;
    }
}

impl Table {
    pub(super) fn add(&mut self, row: Row) {
        eprintln!("{}", row.columns.join(", "));
        self.rows.push(row);
    }

    pub(super) fn is_sound(&self) -> bool {
        !self.rows.is_empty() && self.rows.iter().all(|row| row.sound)
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = |column: usize| {
            let cells = self.rows.iter().filter_map(|row| row.columns.get(column)).chain(TITLES.get(column));
            cells.map(|cell| cell.len()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..TITLES.len()).map(width).collect();
        let line = |f: &mut fmt::Formatter<'_>, cells: &[&str; 5]| {
            cells.iter().zip(&widths).try_for_each(|(cell, width)| write!(f, "{cell:width$}  "))
        };
        line(f, &TITLES)?;
        writeln!(f, "{:6}  {:6}  {:10}  result", "andon", "cosign", "forgeries")?;
        let word = |verified: Option<bool>| match verified {
            Some(true) => "yes",
            Some(false) => "no",
            None => "-",
        };
        for row in &self.rows {
            line(f, &row.columns)?;
            let refused = row.refused.iter().filter(|refused| **refused).count();
            let forgeries = format!("{refused} of {}", row.refused.len());
            let result = match (row.sound, row.beyond) {
                (true, true) => "cosign cannot",
                (true, false) => "as it should",
                (false, _) => "WRONG",
            };
            writeln!(f, "{:6}  {:6}  {forgeries:10}  {result}", word(row.ours), word(row.theirs))?;
            let notes = row.notes.iter().map(|note| note.replace('\n', "; "));
            notes.into_iter().try_for_each(|note| writeln!(f, "    {note}"))?;
        }
        let wrong = self.rows.iter().filter(|row| !row.sound).count();
        let beyond = self.rows.iter().filter(|row| row.beyond).count();
        writeln!(f, "{} combinations, {beyond} that cosign cannot do, {wrong} wrong", self.rows.len())
    }
}
