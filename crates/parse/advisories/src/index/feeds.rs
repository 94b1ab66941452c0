//! The lists about vulnerabilities that an index carries beside the advisories: CISA's catalogue of known exploited
//! vulnerabilities and FIRST's exploit prediction scores (EPSS).

use std::io::{BufRead, Read};

use serde::Deserialize;
use serde_json::value::RawValue;

use super::layout::{self, EXPLOITED, PROBABILITY, Table};
use super::{BuildError, Catalogue, keys};

/// Bytes of the longest line of an EPSS file that is read.
const LINE: u64 = 4096;
/// EPSS probabilities are stored in billionths.
const UNIT: f64 = 1e9;

/// An entry of CISA's catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exploited {
    /// When it was added.
    pub added: Day,
    /// When US agencies must have mended it.
    pub due: Day,
    /// Whether ransomware is known to use it.
    pub ransomware: bool,
}

/// A day of the calendar; shown as `YYYY-MM-DD`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(u32);

/// A score of the Exploit Prediction Scoring System.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Probability {
    /// Probability of exploitation in the next 30 days, 0 to 1.
    pub probability: f64,
    /// Share of all vulnerabilities with the same or a lower one, 0 to 1.
    pub percentile: f64,
}

impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.0 / 10_000, self.0 / 100 % 100, self.0 % 100)
    }
}

impl Day {
    fn parse(text: &str) -> Self {
        let digits: String = text.split('T').next().unwrap_or_default().split('-').collect();
        Self(digits.parse().ok().filter(|_| digits.len() == 8).unwrap_or(0))
    }
}

pub(super) fn find_exploited(section: &[u8], cve: &str) -> Option<Exploited> {
    let entry = Table::new(section, EXPLOITED).equal(keys::cve(cve)?).next()?;
    let number = |at| layout::number32(entry, at);
    Some(Exploited { added: Day(number(8)?), due: Day(number(12)?), ransomware: number(16)? == 1 })
}

pub(super) fn find_probability(section: &[u8], cve: &str) -> Option<Probability> {
    let entry = Table::new(section, PROBABILITY).equal(keys::cve(cve)?).next()?;
    let share = |at| layout::number32(entry, at).map(|number| f64::from(number) / UNIT);
    Some(Probability { probability: share(8)?, percentile: share(12)? })
}

/// The entries of a catalogue, sorted, each `EXPLOITED` bytes.
pub(super) fn exploited(json: &[u8]) -> Result<(Catalogue, Vec<[u8; EXPLOITED]>), BuildError> {
    let file: File<'_> =
        serde_json::from_slice(json).map_err(|error| BuildError::Catalogue { message: error.to_string() })?;
    let mut entries: Vec<[u8; EXPLOITED]> =
        file.vulnerabilities.iter().filter_map(|raw| listed(raw)).collect();
    entries.sort_unstable_by_key(|entry| layout::number64(entry, 0));
    entries.dedup_by_key(|entry| layout::number64(entry.as_slice(), 0));
    let count = entries.len() as u64;
    Ok((Catalogue { version: file.version, released: file.released, count }, entries))
}

#[derive(Deserialize)]
struct File<'a> {
    #[serde(default, rename = "catalogVersion")]
    version: String,
    #[serde(default, rename = "dateReleased")]
    released: String,
    #[serde(borrow)]
    vulnerabilities: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
struct Listed {
    #[serde(rename = "cveID")]
    cve: String,
    #[serde(default, rename = "dateAdded")]
    added: String,
    #[serde(default, rename = "dueDate")]
    due: String,
    #[serde(default, rename = "knownRansomwareCampaignUse")]
    ransomware: String,
}

fn listed(raw: &RawValue) -> Option<[u8; EXPLOITED]> {
    let listed: Listed = serde_json::from_str(raw.get()).ok()?;
    let ransomware = u32::from(listed.ransomware.eq_ignore_ascii_case("known"));
    let numbers = [Day::parse(&listed.added).0, Day::parse(&listed.due).0, ransomware];
    let mut entry = [0; EXPLOITED];
    let bytes = keys::cve(&listed.cve)?.to_le_bytes().into_iter();
    let bytes = bytes.chain(numbers.into_iter().flat_map(u32::to_le_bytes));
    entry.iter_mut().zip(bytes).for_each(|(place, byte)| *place = byte);
    Some(entry)
}

/// The entries of an EPSS file, `cve,epss,percentile` behind a comment that names the model, sorted, each
/// `PROBABILITY` bytes. Lines that say something else are skipped.
pub(super) fn probabilities(
    csv: &mut dyn BufRead,
) -> Result<(Catalogue, Vec<[u8; PROBABILITY]>), BuildError> {
    let mut catalogue = Catalogue::default();
    let mut entries = Vec::new();
    let mut line = Vec::new();
    loop {
        line.clear();
        let read = Read::take(&mut *csv, LINE)
            .read_until(b'\n', &mut line)
            .map_err(|source| BuildError::Read { source })?;
        if read == 0 {
            break;
        }
        let Ok(text) = std::str::from_utf8(&line) else { continue };
        match text.strip_prefix('#') {
            Some(comment) => describe(comment, &mut catalogue),
            None => entries.extend(scored(text.trim_end())),
        }
    }
    if entries.is_empty() {
        return Err(BuildError::Probabilities);
    }
    entries.sort_unstable_by_key(|entry: &[u8; PROBABILITY]| layout::number64(entry, 0));
    entries.dedup_by_key(|entry| layout::number64(entry.as_slice(), 0));
    catalogue.count = entries.len() as u64;
    Ok((catalogue, entries))
}

/// `model_version:v2025.03.14,score_date:2025-06-01T00:00:00+0000`
fn describe(comment: &str, catalogue: &mut Catalogue) {
    for (name, value) in comment.trim().split(',').filter_map(|field| field.split_once(':')) {
        match name {
            "model_version" => value.clone_into(&mut catalogue.version),
            "score_date" => value.clone_into(&mut catalogue.released),
            _ => {}
        }
    }
}

fn scored(line: &str) -> Option<[u8; PROBABILITY]> {
    let mut fields = line.split(',');
    let key = keys::cve(fields.next()?)?;
    let mut share = || {
        let share: f64 = fields.next()?.parse().ok()?;
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and a billion")]
        (0.0..=1.0).contains(&share).then_some((share * UNIT).round() as u32)
    };
    let (probability, percentile) = (share()?, share()?);
    let mut entry = [0; PROBABILITY];
    let bytes = key.to_le_bytes().into_iter();
    let bytes = bytes.chain(probability.to_le_bytes()).chain(percentile.to_le_bytes());
    entry.iter_mut().zip(bytes).for_each(|(place, byte)| *place = byte);
    Some(entry)
}
