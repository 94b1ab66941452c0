use std::borrow::Cow;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::merges;
use super::position::Lines;
use crate::{Listing, Problem};

/// Lock files are parsed in pieces of about this many bytes, so that the tree of a large one is never whole in memory.
const PIECE: usize = 64 * 1024;
/// A piece that does not parse is read with recovery when it is no larger than this: recovery remembers every error.
const RECOVERED: usize = 256 * 1024;
/// Errors that are told one by one.
const TOLD: usize = 8;

/// Reads a TOML text, piece by piece where `entry` names the header that a lock file's entries begin with
/// (`[[package]]`), and shows each piece to `visit`. What does not parse is named in the listing's problems; the pieces
/// around it are shown all the same.
pub(crate) fn read(
    bytes: &[u8],
    entry: Option<&'static str>,
    listing: &mut Listing,
    visit: &mut dyn FnMut(&Piece<'_>, &mut Listing),
) {
    let (text, replaced) = super::text::decode(bytes);
    if replaced {
        listing.problem("some bytes are not UTF-8 and were replaced; save the file as UTF-8");
    }
    let lines = Lines::new(&text);
    let (whole, conflicts) = merges::blank(Cow::Borrowed(&text));
    if let Some(first) = conflicts.into_iter().next() {
        let detail =
            "the file has unresolved merge conflicts; both sides were read where they parse: resolve them";
        let region = Some(lines.region(first));
        listing.problems.push(Problem { detail: detail.to_owned(), region });
    }
    let mut reader = Reader { text: &whole, lines: &lines, entry, errors: 0, listing, visit };
    reader.read();
    let errors = reader.errors;
    if errors > TOLD {
        let more = errors - TOLD;
        listing.problem(format!("{more} more errors like these; write the file anew with its own tool"));
    }
}

/// A parsed piece of a text.
pub(crate) struct Piece<'a> {
    /// Its tables.
    pub(crate) table: DeTable<'a>,
    start: usize,
    lines: &'a Lines<'a>,
}

impl Piece<'_> {
    /// The region of a span of this piece.
    pub(crate) fn region(&self, span: Range<usize>) -> andon_model::Region {
        let at = |offset: usize| self.start.saturating_add(offset);
        self.lines.region(at(span.start)..at(span.end))
    }

    /// The region from a table's header to its last value.
    pub(crate) fn table_region(&self, table: &Spanned<DeValue<'_>>) -> andon_model::Region {
        self.region(table.span().start..end_of(table))
    }

    /// The tables of a top-level array of tables, each with its place.
    pub(crate) fn entries<'t>(
        &'t self,
        name: &str,
    ) -> impl Iterator<Item = (&'t DeTable<'t>, andon_model::Region)> {
        let entries = array(&self.table, name).iter();
        entries.filter_map(|entry| Some((entry.get_ref().as_table()?, self.table_region(entry))))
    }
}

struct Reader<'a, 'r> {
    text: &'a str,
    lines: &'a Lines<'a>,
    entry: Option<&'static str>,
    errors: usize,
    listing: &'r mut Listing,
    visit: &'r mut dyn FnMut(&Piece<'_>, &mut Listing),
}

impl Reader<'_, '_> {
    fn read(&mut self) {
        let mut start = 0;
        let mut tried_rest = false;
        while start < self.text.len() {
            let end = match self.entry {
                Some(entry) => next_header(self.text, start + PIECE, entry).unwrap_or(self.text.len()),
                None => self.text.len(),
            };
            if self.strict(start..end) {
                start = end;
                continue;
            }
            // What looks like a header may stand inside a string of several lines.
            if !tried_rest && self.entry.is_some() && end < self.text.len() {
                tried_rest = true;
                if self.strict(start..self.text.len()) {
                    return;
                }
            }
            self.mend(start..end);
            start = end;
        }
    }

    fn strict(&mut self, range: Range<usize>) -> bool {
        let (start, end) = (range.start, range.end);
        let Some(text) = self.text.get(start..end) else { return false };
        let Ok(table) = DeTable::parse(text) else { return false };
        self.show(table.into_inner(), start);
        true
    }

    /// Reads what parses of a broken piece: entry by entry of a lock file, table by table of anything else.
    fn mend(&mut self, range: Range<usize>) {
        let header = self.entry.unwrap_or("[");
        let mut start = range.start;
        while start < range.end {
            let end = next_header(self.text, start + 1, header).unwrap_or(range.end).min(range.end);
            self.recover(start..end);
            start = end;
        }
    }

    fn recover(&mut self, range: Range<usize>) {
        if range.len() > RECOVERED {
            let detail = "this part does not parse and is too long to be mended; write the file anew with its own tool";
            self.error(range, detail.to_owned());
            return;
        }
        let start = range.start;
        let Some(text) = self.text.get(range) else { return };
        let (mut table, errors) = DeTable::parse_recoverable(text);
        let end = text.trim_end().len();
        if errors.iter().any(|error| error.span().is_some_and(|span| span.end >= end)) {
            // The text breaks off, perhaps inside a value: half a version is worse than none.
            let whole = text.get(..end).and_then(|text| text.rfind('\n')).and_then(|last| text.get(..last));
            table = DeTable::parse_recoverable(whole.unwrap_or_default()).0;
        }
        if let Some(first) = errors.first() {
            let span = first.span().unwrap_or(0..text.len());
            let at = |offset: usize| start.saturating_add(offset);
            let detail = format!("not valid TOML here: {}; what stands beside it was read", first.message());
            self.error(at(span.start)..at(span.end), detail);
        }
        self.show(table.into_inner(), start);
    }

    fn error(&mut self, span: Range<usize>, detail: String) {
        self.errors += 1;
        if self.errors <= TOLD {
            self.listing.problems.push(Problem { detail, region: Some(self.lines.region(span)) });
        }
    }

    fn show(&mut self, table: DeTable<'_>, start: usize) {
        let piece = Piece { table, start, lines: self.lines };
        (self.visit)(&piece, self.listing);
    }
}

/// The first line at or after `from` that begins with this header.
fn next_header(text: &str, from: usize, header: &str) -> Option<usize> {
    let from = from.checked_sub(1)?;
    let rest = text.as_bytes().get(from..)?;
    let needle = format!("\n{header}");
    memchr::memmem::find(rest, needle.as_bytes()).map(|at| from + at + 1)
}

fn end_of(value: &Spanned<DeValue<'_>>) -> usize {
    let own = value.span().end;
    match value.get_ref() {
        DeValue::Table(table) => table.values().map(end_of).max().unwrap_or(own).max(own),
        DeValue::Array(items) => items.last().map_or(own, end_of).max(own),
        _ => own,
    }
}

/// A string of a table.
pub(crate) fn string<'t>(table: &'t DeTable<'_>, key: &str) -> Option<&'t str> {
    table.get(key)?.get_ref().as_str()
}

/// Whether a key of a table is `true`.
pub(crate) fn is_true(table: &DeTable<'_>, key: &str) -> bool {
    table.get(key).is_some_and(|value| value.get_ref().as_bool() == Some(true))
}

/// A table of a table.
pub(crate) fn table<'t, 'i>(table: &'t DeTable<'i>, key: &str) -> Option<&'t DeTable<'i>> {
    table.get(key)?.get_ref().as_table()
}

/// A table below tables.
pub(crate) fn descend<'t, 'i>(root: &'t DeTable<'i>, path: &[&str]) -> Option<&'t DeTable<'i>> {
    path.iter().try_fold(root, |inner, key| table(inner, key))
}

/// The items of an array of a table; none where there is no array.
pub(crate) fn array<'t, 'i>(table: &'t DeTable<'i>, key: &str) -> &'t [Spanned<DeValue<'i>>] {
    match table.get(key).map(Spanned::get_ref) {
        Some(DeValue::Array(items)) => items,
        _ => &[],
    }
}

/// The strings of an array of a table.
pub(crate) fn strings<'t>(table: &'t DeTable<'_>, key: &str) -> impl Iterator<Item = &'t str> {
    array(table, key).iter().filter_map(|item| item.get_ref().as_str())
}

/// The entries of a table in the order of the file: key, value, and the bytes of both.
pub(crate) fn in_order<'t, 'i>(table: &'t DeTable<'i>) -> Vec<(&'t str, &'t DeValue<'i>, Range<usize>)> {
    let mut entries: Vec<_> = table
        .iter()
        .map(|(key, value)| {
            let name: &Cow<'_, str> = key.get_ref();
            let span = key.span().start.min(value.span().start)..end_of(value);
            (name.as_ref(), value.get_ref(), span)
        })
        .collect();
    entries.sort_by_key(|(_, _, span)| span.start);
    entries
}
