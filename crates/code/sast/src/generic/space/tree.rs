use super::super::Span;
use super::build::Builder;
use super::lexer::{is_word, lines};

/// A text as a tree. Its leaves are words and signs in the order of the text; a block is a run of them that is inside
/// another.
#[derive(Debug, Default)]
pub(in super::super) struct Tree {
    pub(super) leaves: Vec<Leaf>,
    /// The leaves of each block, with those of the blocks in it. The first is the whole text; all others begin with a
    /// leaf that is in no block inside. They are in the order in which they begin.
    pub(super) blocks: Vec<Block>,
    /// What the leaves say, each text once.
    pub(super) texts: Vec<Span>,
    /// The numbers of the texts in the order of what they say.
    pub(super) by_text: Vec<u32>,
    /// The leaves that say the same, one text after the other.
    pub(super) places: Vec<u32>,
    /// Where the leaves of each text start in `places`, and where the last ones end.
    pub(super) place_starts: Vec<u32>,
}

/// A word or a sign.
#[derive(Clone, Copy, Debug)]
pub(super) struct Leaf {
    /// The number of its text.
    pub(super) text: u32,
    /// Where it starts, in bytes.
    pub(super) start: u32,
    /// Its line, from 1.
    pub(super) line: u32,
    /// The innermost block that it is in.
    pub(super) block: u32,
}

/// A run of leaves.
#[derive(Clone, Copy, Debug)]
pub(super) struct Block {
    pub(super) start: u32,
    pub(super) end: u32,
}

impl Tree {
    pub(in super::super) fn new(text: &str) -> Self {
        let mut builder = Builder::default();
        for line in lines(text) {
            builder.line(text, &line);
        }
        builder.finish(text)
    }

    pub(super) fn leaf(&self, at: u32) -> Option<Leaf> {
        self.leaves.get(at as usize).copied()
    }

    /// Where a leaf is, in bytes.
    pub(super) fn span(&self, leaf: Leaf) -> Span {
        let length = self.texts.get(leaf.text as usize).map_or(0, |text| text.end - text.start);
        Span { start: leaf.start, end: leaf.start + length }
    }

    pub(super) fn block_end(&self, block: u32) -> u32 {
        self.blocks.get(block as usize).map_or(0, |block| block.end)
    }

    /// The leaves that blocks begin with.
    pub(super) fn block_starts(&self) -> impl Iterator<Item = u32> {
        let is_own = |block: u32, start: u32| self.leaf(start).is_some_and(|leaf| leaf.block == block);
        let starts = self.blocks.iter().map(|block| block.start);
        (0..).zip(starts).filter(move |(block, start)| is_own(*block, *start)).map(|(_, start)| start)
    }

    /// The leaves that say something, in order.
    pub(super) fn places(&self, text: u32) -> &[u32] {
        let bound = |at: usize| self.place_starts.get(at).map_or(0, |start| *start as usize);
        let text = text as usize;
        self.places.get(bound(text)..bound(text + 1)).unwrap_or_default()
    }

    /// The number of what some leaf says.
    pub(super) fn find(&self, wanted: &str, text: &str) -> Option<u32> {
        let of = |number: &u32| self.texts.get(*number as usize).map_or("", |span| span.of(text));
        let at = self.by_text.binary_search_by(|number| of(number).cmp(wanted)).ok()?;
        self.by_text.get(at).copied()
    }

    /// The last leaf from `from` to before `end` that is not below a line.
    pub(super) fn last_until(&self, from: u32, end: u32, line: u32) -> Option<Leaf> {
        let run = self.leaves.get(from as usize..end as usize)?;
        let count = run.partition_point(|leaf| leaf.line <= line);
        run.get(count.checked_sub(1)?).copied()
    }
}

impl Leaf {
    pub(super) fn is_word(self, text: &str) -> bool {
        text.as_bytes().get(self.start as usize).is_some_and(|byte| is_word(*byte))
    }
}
