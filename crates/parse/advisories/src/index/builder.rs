//! Builds an index from records as they arrive, in memory that does not depend on how long they are.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::{self, BufRead, Cursor, Read, Seek, SeekFrom, Write};

use super::layout::{EXPLOITED, ID, Layout, PACKAGE, PROBABILITY};
use super::package::Package;
use super::stored::{Record, Texts};
use super::{BuildError, Metadata, feeds, groups, keys, layout};
use crate::ecosystem;
use crate::index::Ecosystem;
use crate::osv::{self, Advisory, Affected, Problem};

/// Suffixes that are kept of one ecosystem.
const RELEASES: usize = 10_000;
/// Bytes that wait to be written to the spool together.
const PENDING: usize = 256 << 10;

/// Builds an index. Records go to `spool` at once (a temporary file, or memory); what stays in memory is 40 bytes
/// for each package that a record affects and some 100 for each record with its ids.
pub struct Builder<S> {
    spool: S,
    /// What is not in the spool yet.
    pending: Vec<u8>,
    /// Bytes of the payload, pending ones included.
    written: u64,
    records: Vec<Place>,
    known: HashMap<u128, Known>,
    packages: Vec<[u8; PACKAGE]>,
    ids: Vec<[u8; ID]>,
    dumps: BTreeMap<String, Ecosystem>,
    releases: BTreeMap<String, Releases>,
    exploited: Vec<[u8; EXPLOITED]>,
    probabilities: Vec<[u8; PROBABILITY]>,
    metadata: Metadata,
}

/// What was built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Built {
    /// BLAKE3 of the content, hexadecimal. The same records in the same order have the same.
    pub digest: String,
    /// Size of the index.
    pub bytes: u64,
    /// What it holds.
    pub metadata: Metadata,
}

/// Where a record lies in the payload.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) offset: u64,
    pub(super) length: u32,
    /// A later version of it has arrived, which counts instead.
    pub(super) replaced: bool,
    pub(super) withdrawn: bool,
}

#[derive(Clone, Copy)]
struct Known {
    record: u32,
    modified: u64,
}

#[derive(Default)]
struct Releases {
    names: BTreeSet<String>,
    unscoped: bool,
}

impl Builder<Cursor<Vec<u8>>> {
    /// A builder that keeps everything in memory, for a handful of records.
    pub fn in_memory() -> Self {
        Self::new(Cursor::new(Vec::new()))
    }
}

impl<S: Read + Write + Seek> Builder<S> {
    /// A builder that puts records into `spool`, which is empty and written by nobody else. It is written in large
    /// pieces and read at the end: a file needs no buffer.
    pub fn new(spool: S) -> Self {
        Self {
            spool,
            pending: Vec::new(),
            written: 0,
            records: Vec::new(),
            known: HashMap::new(),
            packages: Vec::new(),
            ids: Vec::new(),
            dumps: BTreeMap::new(),
            releases: BTreeMap::new(),
            exploited: Vec::new(),
            probabilities: Vec::new(),
            metadata: Metadata::default(),
        }
    }

    /// Says that the dump of `ecosystem` is part of the data, even if it turns out empty, and when it was fetched
    /// (RFC 3339). An ecosystem that was neither declared nor added to is not covered.
    pub fn declare(&mut self, ecosystem: &str, fetched: &str) {
        fetched.clone_into(&mut self.dump(ecosystem).fetched);
    }

    /// Adds a record of the dump of `ecosystem`, as JSON. Returns what was wrong with it; a record that cannot be read
    /// at all is left out and told the same way.
    ///
    /// # Errors
    /// When the spool cannot be written or the index would become too large.
    pub fn add_json(&mut self, ecosystem: &str, json: &[u8]) -> Result<Vec<Problem>, BuildError> {
        match osv::parse(json) {
            Ok((advisory, problems)) => self.add(ecosystem, &advisory).map(|()| problems),
            Err(problem) => Ok(vec![problem]),
        }
    }

    /// Adds a record of the dump of `ecosystem`. Of two with one id, the one modified later counts.
    ///
    /// # Errors
    /// When the spool cannot be written or the index would become too large.
    pub fn add(&mut self, ecosystem: &str, advisory: &Advisory) -> Result<(), BuildError> {
        let dump = self.dump(ecosystem);
        dump.advisories = dump.advisories.saturating_add(1);
        if moment(&dump.newest) < moment(&advisory.modified) {
            advisory.modified.clone_into(&mut dump.newest);
        }
        let ordinal = u32::try_from(self.records.len()).map_err(|_| BuildError::TooLarge)?;
        let known = Known { record: ordinal, modified: moment(&advisory.modified) };
        let key = identity(&advisory.id);
        if let Some(before) = self.known.get(&key).copied() {
            if before.modified >= known.modified {
                return Ok(());
            }
            if let Some(place) = usize::try_from(before.record).ok().and_then(|at| self.records.get_mut(at)) {
                place.replaced = true;
            }
        }
        self.known.insert(key, known);
        let (offset, length) = self.store(&(Record::of(advisory), Texts::of(advisory)))?;
        let withdrawn = advisory.withdrawn.is_some();
        self.records.push(Place { offset, length, replaced: false, withdrawn });
        for id in advisory.aliases.iter().chain([&advisory.id]) {
            self.ids.push(pack(keys::id(id), &ordinal.to_le_bytes()));
        }
        if withdrawn { Ok(()) } else { self.add_packages(ordinal, advisory) }
    }

    /// Adds CISA's catalogue of known exploited vulnerabilities, as CISA publishes it in JSON.
    ///
    /// # Errors
    /// When it is no such catalogue.
    pub fn kev(&mut self, json: &[u8]) -> Result<(), BuildError> {
        let (catalogue, entries) = feeds::exploited(json)?;
        self.metadata.exploited = Some(catalogue);
        self.exploited = entries;
        Ok(())
    }

    /// Adds exploit prediction scores: the unpacked CSV that FIRST publishes every day.
    ///
    /// # Errors
    /// When it cannot be read or holds no score.
    pub fn epss(&mut self, csv: &mut dyn BufRead) -> Result<(), BuildError> {
        let (catalogue, entries) = feeds::probabilities(csv)?;
        self.metadata.probabilities = Some(catalogue);
        self.probabilities = entries;
        Ok(())
    }

    /// Writes the index in small pieces: wrap a file into a buffer. `built` is the time, RFC 3339; it names no content and so is not part of the digest.
    ///
    /// # Errors
    /// When the spool cannot be read or `out` cannot be written.
    pub fn finish(mut self, out: &mut dyn Write, built: &str) -> Result<Built, BuildError> {
        let write = |source| BuildError::Write { source };
        self.flush()?;
        self.spool.flush().map_err(write)?;
        let mut records = std::mem::take(&mut self.records);
        let blocks = self.arrange(&mut records);
        let mut hasher = blake3::Hasher::new();
        read_all(&mut self.spool, &blocks, |block| {
            hasher.update(block);
            Ok(())
        })
        .map_err(write)?;
        let grouped = groups::group(&records, &self.ids);
        let metadata = self.describe(records.iter().filter(|place| !place.replaced).count());
        let described = postcard::to_stdvec(&metadata).map_err(|_| BuildError::TooLarge)?;
        let sections: [&[u8]; 7] = [
            &described,
            grouped.records.as_flattened(),
            self.packages.as_flattened(),
            self.ids.as_flattened(),
            grouped.groups.as_flattened(),
            self.exploited.as_flattened(),
            self.probabilities.as_flattened(),
        ];
        let digest = layout::content_digest(hasher.finalize().as_bytes(), &sections);
        let payload: u64 = blocks.iter().map(|(_, length)| u64::from(*length)).sum();
        let [a, b, c, d, e, f, g] = sections.map(|section| section.len() as u64);
        let header = Layout::write([payload, a, b, c, d, e, f, g], &digest, built);
        out.write_all(&header).map_err(write)?;
        read_all(&mut self.spool, &blocks, |block| out.write_all(block)).map_err(write)?;
        sections.iter().try_for_each(|section| out.write_all(section)).map_err(write)?;
        out.flush().map_err(write)?;
        let bytes = [header.len() as u64, payload, a, b, c, d, e, f, g].iter().sum();
        Ok(Built { digest: blake3::Hash::from(digest).to_hex().to_string(), bytes, metadata })
    }

    /// Leaves out what was replaced, sorts the tables, and puts the payload into an order in which what is read
    /// together lies together: records as they arrived, then packages by key. Returns where in the spool each block
    /// lies, in the new order; the tables get the new places.
    fn arrange(&mut self, records: &mut [Place]) -> Vec<(u64, u32)> {
        let replaced = |ordinal: Option<u32>| {
            records.get(ordinal.unwrap_or(u32::MAX) as usize).is_none_or(|at| at.replaced)
        };
        self.packages.retain(|entry| !replaced(layout::number32(entry, 20)));
        self.packages.sort_unstable_by_key(|entry| (layout::number64(entry, 0), layout::number64(entry, 8)));
        self.ids.retain(|entry| !replaced(layout::number32(entry, 8)));
        self.ids.sort_unstable_by_key(|entry| (layout::number64(entry, 0), layout::number32(entry, 8)));
        self.ids.dedup();
        let mut blocks = Vec::with_capacity(records.len().saturating_add(self.packages.len()));
        let mut next = 0_u64;
        for place in records.iter_mut() {
            if place.replaced {
                place.length = 0;
            }
            blocks.push((place.offset, place.length));
            place.offset = next;
            next = next.saturating_add(u64::from(place.length));
        }
        for entry in &mut self.packages {
            let old = layout::number64(entry.as_slice(), 8).unwrap_or_default();
            let length = layout::number32(entry.as_slice(), 16).unwrap_or_default();
            blocks.push((old, length));
            entry.iter_mut().skip(8).zip(next.to_le_bytes()).for_each(|(place, byte)| *place = byte);
            next = next.saturating_add(u64::from(length));
        }
        blocks
    }

    fn dump(&mut self, ecosystem: &str) -> &mut Ecosystem {
        let name = ecosystem::split(ecosystem).0;
        self.dumps
            .entry(name.to_owned())
            .or_insert_with(|| Ecosystem { name: name.to_owned(), ..Ecosystem::default() })
    }

    /// One block for each package of the record, whatever the number of entries about it.
    fn add_packages(&mut self, ordinal: u32, advisory: &Advisory) -> Result<(), BuildError> {
        let mut packages: BTreeMap<(&str, String), Vec<&Affected>> = BTreeMap::new();
        for affected in advisory.affected.iter().filter(|each| !each.name.is_empty()) {
            let (base, suffix) = ecosystem::split(&affected.ecosystem);
            let name = ecosystem::normal_name(base, &affected.name).into_owned();
            packages.entry((base, name)).or_default().push(affected);
            let releases = self.releases.entry(base.to_owned()).or_default();
            releases.unscoped |= suffix.is_empty();
            if !suffix.is_empty() && !releases.names.contains(suffix) && releases.names.len() < RELEASES {
                releases.names.insert(suffix.to_owned());
            }
        }
        for ((base, name), entries) in packages {
            let written = entries.first().map_or(name.as_str(), |each| each.name.as_str());
            let packed = Package::pack(base, written, &entries);
            self.pending.extend_from_slice(&packed);
            let (offset, length) = self.stored(packed.len())?;
            let rest: Vec<u8> = offset
                .to_le_bytes()
                .into_iter()
                .chain(length.to_le_bytes())
                .chain(ordinal.to_le_bytes())
                .collect();
            self.packages.push(pack(keys::package(base, &name), &rest));
        }
        Ok(())
    }

    fn store(&mut self, value: &impl serde::Serialize) -> Result<(u64, u32), BuildError> {
        let before = self.pending.len();
        self.pending = postcard::to_extend(value, std::mem::take(&mut self.pending))
            .map_err(|_| BuildError::TooLarge)?;
        self.stored(self.pending.len().saturating_sub(before))
    }

    /// Takes the last bytes of what is pending for stored: says where they will lie.
    fn stored(&mut self, bytes: usize) -> Result<(u64, u32), BuildError> {
        let length = u32::try_from(bytes).map_err(|_| BuildError::TooLarge)?;
        let offset = self.written;
        self.written = offset.checked_add(u64::from(length)).ok_or(BuildError::TooLarge)?;
        if self.pending.len() >= PENDING {
            self.flush()?;
        }
        Ok((offset, length))
    }

    fn flush(&mut self) -> Result<(), BuildError> {
        self.spool.write_all(&self.pending).map_err(|source| BuildError::Write { source })?;
        self.pending.clear();
        Ok(())
    }

    fn describe(&mut self, advisories: usize) -> Metadata {
        let mut ecosystems: Vec<Ecosystem> = std::mem::take(&mut self.dumps).into_values().collect();
        for ecosystem in &mut ecosystems {
            if let Some(releases) = self.releases.remove(&ecosystem.name) {
                ecosystem.releases = releases.names.into_iter().collect();
                ecosystem.unscoped = releases.unscoped;
            }
        }
        Metadata {
            advisories: advisories as u64,
            packages: self.packages.len() as u64,
            ecosystems,
            ..std::mem::take(&mut self.metadata)
        }
    }
}

/// Reads blocks of the spool, one after the other.
fn read_all<S: Read + Seek>(
    spool: &mut S,
    blocks: &[(u64, u32)],
    mut take: impl FnMut(&[u8]) -> io::Result<()>,
) -> io::Result<()> {
    let mut block = Vec::new();
    for (offset, length) in blocks {
        spool.seek(SeekFrom::Start(*offset))?;
        block.resize(*length as usize, 0);
        spool.read_exact(&mut block)?;
        take(&block)?;
    }
    Ok(())
}

fn pack<const N: usize>(key: u64, rest: &[u8]) -> [u8; N] {
    let mut entry = [0; N];
    let bytes = key.to_le_bytes().into_iter().chain(rest.iter().copied());
    entry.iter_mut().zip(bytes).for_each(|(place, byte)| *place = byte);
    entry
}

/// Ids that collide would hide each other, so more of the digest is kept than for a lookup that verifies.
fn identity(id: &str) -> u128 {
    let digest = blake3::hash(id.as_bytes());
    let mut half = [0; 16];
    half.iter_mut().zip(digest.as_bytes()).for_each(|(place, byte)| *place = *byte);
    u128::from_le_bytes(half)
}

/// The seconds of an RFC 3339 time in UTC as a number that grows with it: its digits up to the seconds.
fn moment(time: &str) -> u64 {
    let digits = time.bytes().filter(u8::is_ascii_digit).take(14);
    digits.fold(0, |number, digit| number * 10 + u64::from(digit - b'0'))
}
