//! One immutable file with every advisory: opened at once, read where it lies, checked at every access.

mod builder;
mod feeds;
mod groups;
mod keys;
mod layout;
mod metadata;
mod package;
mod packed;
mod stored;

use std::io;

use layout::{GROUP, ID, Layout, PACKAGE, RECORD, Section, Table};

pub use builder::{Builder, Built};
pub use feeds::{Day, Exploited, Probability};
pub use metadata::{Catalogue, Ecosystem, Metadata};
pub use package::{Entry, Package};
pub use packed::{Mark, Ranges, Span, Versions};
pub use stored::{Record, Texts};

use crate::ecosystem;

/// Ids of one vulnerability that are gathered; more come only from a broken or hostile database.
const IDS: usize = 256;

/// An index over the bytes of a file, usually mapped into memory.
#[derive(Clone, Debug)]
pub struct Index<'a> {
    bytes: &'a [u8],
    layout: Layout,
    metadata: Metadata,
}

/// An index could not be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IndexError {
    /// The file is something else.
    #[error("this is no advisory index; run `andon db update`")]
    NotAnIndex,
    /// Another version of Andon wrote it.
    #[error("the advisory index has layout {found}, this program knows {known}; run `andon db update`")]
    Version {
        /// The file's.
        found: u32,
        /// Ours.
        known: u32,
    },
    /// A part of the file is missing.
    #[error("the advisory index has {bytes} bytes instead of {expected}; run `andon db update`")]
    Truncated {
        /// The file's size.
        bytes: usize,
        /// What its header says.
        expected: usize,
    },
    /// The content contradicts itself.
    #[error("the advisory index is damaged in its {part}; run `andon db update`")]
    Corrupt {
        /// Where.
        part: &'static str,
    },
}

/// An index could not be built.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// A feed could not be read.
    #[error("cannot read a feed for the advisory index: {source}")]
    Read {
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The spool or the index could not be written.
    #[error("cannot write the advisory index: {source}; is there room on the disk?")]
    Write {
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The catalogue of known exploited vulnerabilities is something else.
    #[error("this is no catalogue of known exploited vulnerabilities: {message}")]
    Catalogue {
        /// What is wrong with it.
        message: String,
    },
    /// The exploit prediction scores are something else.
    #[error("this is no file of exploit prediction scores: no line says `cve,epss,percentile`")]
    Probabilities,
    /// More than fits.
    #[error("the advisories do not fit into one index; leave out an ecosystem")]
    TooLarge,
}

impl IndexError {
    fn corrupt(part: &'static str) -> Self {
        Self::Corrupt { part }
    }
}

/// A package that a record affects, as it was found by name.
#[derive(Clone, Debug)]
pub struct Candidate<'a> {
    /// Number of the record, for [`Index::record`].
    pub record: u32,
    /// What the record says about the package.
    pub package: Package<'a>,
}

impl<'a> Index<'a> {
    /// Opens an index: checks the header and reads what it holds. The content is checked where it is read.
    ///
    /// # Errors
    /// When the bytes are no index, one of another version, or cut off.
    pub fn open(bytes: &'a [u8]) -> Result<Self, IndexError> {
        let layout = Layout::read(bytes)?;
        let described = layout.section(bytes, Section::Metadata);
        let metadata = postcard::from_bytes(described).map_err(|_| IndexError::corrupt("description"))?;
        Ok(Self { bytes, layout, metadata })
    }

    /// What it holds.
    pub fn metadata(&self) -> &Metadata {
        &self.metadata
    }

    /// When it was built, RFC 3339.
    pub fn built(&self) -> &str {
        let end = self.layout.built.iter().position(|byte| *byte == 0).unwrap_or(self.layout.built.len());
        self.layout.built.get(..end).and_then(|text| std::str::from_utf8(text).ok()).unwrap_or_default()
    }

    /// BLAKE3 of the content, hexadecimal: names the data that an answer rests on.
    pub fn digest(&self) -> String {
        blake3::Hash::from(self.layout.digest).to_hex().to_string()
    }

    /// Reads everything and compares it with the digest; takes about a second for a gigabyte.
    ///
    /// # Errors
    /// When the content is not what was written.
    pub fn verify(&self) -> Result<(), IndexError> {
        use Section::{Exploited, Groups, Ids, Packages, Probabilities, Records};
        let payload = blake3::hash(self.section(Section::Payload));
        let others = [Section::Metadata, Records, Packages, Ids, Groups, Exploited, Probabilities];
        let digest = layout::content_digest(payload.as_bytes(), &others.map(|section| self.section(section)));
        if digest == self.layout.digest { Ok(()) } else { Err(IndexError::corrupt("content")) }
    }

    /// What the records say about a package. `base` is an ecosystem without its suffix.
    pub fn lookup<'b>(
        &'b self,
        base: &'b str,
        name: &'b str,
    ) -> impl Iterator<Item = Result<Candidate<'a>, IndexError>> + 'b {
        let normal = ecosystem::normal_name(base, name);
        let table = Table::new(self.section(Section::Packages), PACKAGE);
        table.equal(keys::package(base, name)).filter_map(move |entry| match self.candidate(entry) {
            Ok(found) => {
                let same =
                    found.package.base == base && ecosystem::normal_name(base, found.package.name) == normal;
                same.then_some(Ok(found))
            }
            Err(error) => Some(Err(error)),
        })
    }

    /// The records with this id or alias, in whatever case it is written; withdrawn ones too.
    ///
    /// # Errors
    /// When the index is damaged.
    pub fn by_id(&self, id: &str) -> Result<Vec<Record<'a>>, IndexError> {
        let mut found = Vec::new();
        for entry in Table::new(self.section(Section::Ids), ID).equal(keys::id(id)) {
            let record = self.record(layout::number32(entry, 8).ok_or(IndexError::corrupt("ids"))?)?;
            if record.aliases.iter().chain([&record.id]).any(|each| each.eq_ignore_ascii_case(id)) {
                found.push(record);
            }
        }
        Ok(found)
    }

    /// A record by its number.
    ///
    /// # Errors
    /// When the index is damaged.
    pub fn record(&self, number: u32) -> Result<Record<'a>, IndexError> {
        let (row, _) = self.row(number)?;
        postcard::take_from_bytes(row).map(|(record, _)| record).map_err(|_| IndexError::corrupt("records"))
    }

    /// A record's id by its number.
    ///
    /// # Errors
    /// When the index is damaged.
    pub fn id(&self, number: u32) -> Result<&'a str, IndexError> {
        let (row, _) = self.row(number)?;
        postcard::take_from_bytes(row).map(|(id, _)| id).map_err(|_| IndexError::corrupt("records"))
    }

    /// The long texts of a record by its number.
    ///
    /// # Errors
    /// When the index is damaged.
    pub fn texts(&self, number: u32) -> Result<Texts<'a>, IndexError> {
        let (row, _) = self.row(number)?;
        let read = postcard::from_bytes::<(Record<'_>, Texts<'_>)>(row);
        read.map(|(_, texts)| texts).map_err(|_| IndexError::corrupt("records"))
    }

    /// Every id of the vulnerability that a record is about: its own, its aliases, and those that other records add,
    /// whether they affect the same package or not. Sorted.
    ///
    /// # Errors
    /// When the index is damaged.
    pub fn all_ids(&self, number: u32, record: &Record<'a>) -> Result<Vec<&'a str>, IndexError> {
        let (_, start) = self.row(number)?;
        let table = self.section(Section::Groups);
        let mut ids: Vec<&'a str> = record.aliases.iter().copied().chain([record.id]).collect();
        let rows =
            table.get((start as usize).saturating_mul(GROUP)..).unwrap_or_default().chunks_exact(GROUP);
        for row in rows.take_while(|row| layout::number32(row, 4) == Some(start)) {
            let other = layout::number32(row, 0).ok_or(IndexError::corrupt("groups"))?;
            if other != number && ids.len() < IDS {
                let other = self.record(other)?;
                ids.extend(other.aliases.into_iter().chain([other.id]));
            }
        }
        ids.sort_unstable();
        ids.dedup();
        Ok(ids)
    }

    /// What CISA's catalogue of known exploited vulnerabilities says about a CVE.
    pub fn exploited(&self, cve: &str) -> Option<Exploited> {
        feeds::find_exploited(self.section(Section::Exploited), cve)
    }

    /// How probable it is that a CVE will be exploited.
    pub fn probability(&self, cve: &str) -> Option<Probability> {
        feeds::find_probability(self.section(Section::Probabilities), cve)
    }

    fn section(&self, section: Section) -> &'a [u8] {
        self.layout.section(self.bytes, section)
    }

    /// A record's bytes, and where its group begins.
    fn row(&self, number: u32) -> Result<(&'a [u8], u32), IndexError> {
        let entry = Table::new(self.section(Section::Records), RECORD).entry(number as usize);
        let part = IndexError::corrupt("records");
        let Some(entry) = entry else { return Err(part) };
        let place = (layout::number64(entry, 0), layout::number32(entry, 8), layout::number32(entry, 12));
        let (Some(offset), Some(length), Some(start)) = place else { return Err(part) };
        Ok((self.payload(offset, length).ok_or(part)?, start))
    }

    fn candidate(&self, entry: &[u8]) -> Result<Candidate<'a>, IndexError> {
        let part = || IndexError::corrupt("packages");
        let place = (layout::number64(entry, 8), layout::number32(entry, 16), layout::number32(entry, 20));
        let (Some(offset), Some(length), Some(record)) = place else { return Err(part()) };
        let bytes = self.payload(offset, length).ok_or_else(part)?;
        Ok(Candidate { record, package: Package::read(bytes).ok_or_else(part)? })
    }

    fn payload(&self, offset: u64, length: u32) -> Option<&'a [u8]> {
        let offset = usize::try_from(offset).ok()?;
        self.section(Section::Payload).get(offset..)?.get(..usize::try_from(length).ok()?)
    }
}
