use std::borrow::Cow;
use std::ops::Range;
use std::sync::OnceLock;

use super::comments::without_comments;
use super::space::Tree;
use crate::rule::Options;

/// A text that patterns of the generic mode are looked for in. What the usual engine needs to know of it is found out
/// when it is first asked for; that takes memory of up to some thirty times the text if the text is all punctuation.
#[derive(Debug)]
pub struct Document<'t> {
    text: &'t str,
    /// Without comments, as long as the text.
    plain: Cow<'t, str>,
    base: usize,
    tree: OnceLock<Tree>,
}

impl<'t> Document<'t> {
    /// A file. Of the options only the style of comments counts. Files that are not [`super::is_readable`] are for the
    /// caller to pass over.
    pub fn new(text: &'t str, options: &Options) -> Self {
        Self::of_part(text, 0..text.len(), options)
    }

    /// A part of a text, beyond which nothing is looked at. Matches count in bytes of the whole text.
    pub fn of_part(text: &'t str, part: Range<usize>, options: &Options) -> Self {
        let base = part.start;
        let text = text.get(part).unwrap_or_default();
        // Positions are kept in 32 bits.
        let text = if u32::try_from(text.len()).is_ok() { text } else { "" };
        Self {
            text,
            plain: without_comments(text, options.generic_comment_style),
            base,
            tree: OnceLock::new(),
        }
    }

    pub(super) fn text(&self) -> &str {
        self.text
    }

    pub(super) fn plain(&self) -> &str {
        &self.plain
    }

    pub(super) fn base(&self) -> usize {
        self.base
    }

    pub(super) fn tree(&self) -> &Tree {
        self.tree.get_or_init(|| Tree::new(&self.plain))
    }
}
