use std::ops::Range;

use andon_documents::{Node, NodeKind, Tree};
use andon_model::Region;

use super::position::Lines;
use super::{merges, text};
use crate::{Format, Listing, Package, Problem};

/// A listing in the making, and the places of its text.
pub(crate) struct Sheet<'t> {
    pub(crate) listing: Listing,
    lines: Lines<'t>,
    full: bool,
}

/// Packages that one file may list; more than any real file does.
const MAX_PACKAGES: usize = 200_000;
const MAX_PROBLEMS: usize = 50;
/// Bytes of a problem's text, which may quote the file.
const MAX_DETAIL: usize = 500;

impl Sheet<'_> {
    /// Adds a package; its position in the listing. `None` when the listing is full, which is then one of its
    /// problems.
    pub(crate) fn push(&mut self, package: Package) -> Option<u32> {
        if self.listing.packages.len() < MAX_PACKAGES {
            self.listing.packages.push(package);
            return u32::try_from(self.listing.packages.len() - 1).ok();
        }
        if !self.full {
            self.full = true;
            self.problem(format!(
                "lists more than {MAX_PACKAGES} packages; the others were passed over, check that this is the file you mean"
            ));
        }
        None
    }

    pub(crate) fn package(&mut self, index: u32) -> Option<&mut Package> {
        self.listing.packages.get_mut(index as usize)
    }

    pub(crate) fn region(&self, bytes: Range<usize>) -> Region {
        self.lines.region(bytes)
    }

    /// Adds a problem of the whole file.
    pub(crate) fn problem(&mut self, detail: impl Into<String>) {
        self.note(detail.into(), None);
    }

    /// Adds a problem of a part of the file.
    pub(crate) fn problem_at(&mut self, bytes: Range<usize>, detail: impl Into<String>) {
        let region = self.region(bytes);
        self.note(detail.into(), Some(region));
    }

    fn note(&mut self, mut detail: String, region: Option<Region>) {
        if detail.len() > MAX_DETAIL {
            let end = (0..=MAX_DETAIL).rev().find(|end| detail.is_char_boundary(*end));
            detail.truncate(end.unwrap_or_default());
            detail.push('…');
        }
        if self.listing.problems.len() < MAX_PROBLEMS {
            self.listing.problems.push(Problem { detail, region });
        }
    }

    fn faults(&mut self, tree: &Tree<'_>) {
        for fault in tree.faults() {
            let detail = format!(
                "{}; packages near here or after it may be missing, have the file written again by its package manager",
                fault.problem
            );
            self.problem_at(fault.offset..fault.offset, detail);
        }
    }
}

/// Reads a text whatever its encoding; unresolved merges are problems, and both of their sides are read.
pub(crate) fn read_text(format: Format, bytes: &[u8], read: impl FnOnce(&mut Sheet<'_>, &str)) -> Listing {
    let (text, replaced) = text::decode(bytes);
    let (text, found) = merges::blank(text);
    let lines = Lines::new(&text);
    let mut sheet = Sheet { listing: Listing::new(format), lines, full: false };
    if replaced {
        sheet.problem("is not valid UTF-8; what is not was replaced, so that names may be wrong");
    }
    for marker in found {
        sheet.problem_at(
            marker,
            "an unresolved merge conflict; the packages of both sides are listed, resolve it",
        );
    }
    read(&mut sheet, &text);
    let mut listing = sheet.listing;
    for package in &mut listing.packages {
        package.dependencies.sort_unstable();
        package.dependencies.dedup();
        package.dependencies.shrink_to_fit();
    }
    listing
}

/// Reads a JSON object.
pub(crate) fn read_json(
    format: Format,
    bytes: &[u8],
    read: impl FnOnce(&mut Sheet<'_>, Node<'_>),
) -> Listing {
    read_text(format, bytes, |sheet, text| with_tree(sheet, &Tree::json(text), read))
}

/// Reads an object of JSON with comments and trailing commas.
pub(crate) fn read_jsonc(
    format: Format,
    bytes: &[u8],
    read: impl FnOnce(&mut Sheet<'_>, Node<'_>),
) -> Listing {
    read_text(format, bytes, |sheet, text| with_tree(sheet, &Tree::jsonc(text), read))
}

/// Reads the faults of a tree and the object at its top.
pub(crate) fn with_tree<'s>(
    sheet: &mut Sheet<'s>,
    tree: &Tree<'_>,
    read: impl FnOnce(&mut Sheet<'s>, Node<'_>),
) {
    sheet.faults(tree);
    match tree.root() {
        Some(root) if root.kind() == NodeKind::Map => read(sheet, root),
        Some(root) => {
            sheet
                .problem_at(root.span(), "an object was expected here; check that this is the file you mean");
        }
        None if tree.faults().is_empty() => sheet.problem("is empty"),
        None => {}
    }
}
