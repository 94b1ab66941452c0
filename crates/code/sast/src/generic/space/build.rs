use rustc_hash::FxHashMap;

use super::super::Span;
use super::lexer::{Line, tokens};
use super::tree::{Block, Leaf, Tree};

/// Makes a tree, line by line.
#[derive(Default)]
pub(super) struct Builder<'t> {
    tree: Tree,
    numbers: FxHashMap<&'t str, u32>,
    /// The blocks that are open by indentation, save the whole text, and their indentation.
    open: Vec<(u32, u32)>,
    tokens: Vec<Span>,
    brackets: Brackets,
}

impl<'t> Builder<'t> {
    pub(super) fn line(&mut self, text: &'t str, line: &Line) {
        if self.tree.blocks.is_empty() {
            self.begin();
        }
        while self.open.last().is_some_and(|(_, indent)| *indent > line.indent) {
            if let Some((block, _)) = self.open.pop() {
                self.end(block);
            }
        }
        if self.open.last().map_or(0, |(_, indent)| *indent) < line.indent {
            let block = self.begin();
            self.open.push((block, line.indent));
        }
        self.tokens.clear();
        self.tokens.extend(tokens(text, line.content));
        self.brackets.pair(text, &self.tokens);
        self.leaves(text, line.number);
    }

    fn leaves(&mut self, text: &'t str, line: u32) {
        let outermost = self.open.last().map_or(0, |(block, _)| *block);
        // The blocks that are open by brackets, and the token that closes each.
        let mut inside: Vec<(u32, usize)> = Vec::new();
        let mut starts_in = None;
        for at in 0..self.tokens.len() {
            if let Some((block, _)) = inside.pop_if(|(_, close)| *close == at) {
                self.end(block);
            }
            if let Some(close) = starts_in.take().filter(|close| *close > at) {
                inside.push((self.begin(), close));
            }
            let Some(token) = self.tokens.get(at) else { break };
            let said = token.of(text);
            let next = count(self.tree.texts.len());
            let number = *self.numbers.entry(said).or_insert(next);
            if number == next {
                self.tree.texts.push(*token);
            }
            let block = inside.last().map_or(outermost, |(block, _)| *block);
            self.tree.leaves.push(Leaf { text: number, start: token.start, line, block });
            starts_in = self.brackets.close_of(at);
        }
    }

    fn begin(&mut self) -> u32 {
        let start = count(self.tree.leaves.len());
        self.tree.blocks.push(Block { start, end: start });
        count(self.tree.blocks.len() - 1)
    }

    fn end(&mut self, block: u32) {
        let end = count(self.tree.leaves.len());
        if let Some(block) = self.tree.blocks.get_mut(block as usize) {
            block.end = end;
        }
    }

    pub(super) fn finish(mut self, text: &str) -> Tree {
        while let Some((block, _)) = self.open.pop() {
            self.end(block);
        }
        self.end(0);
        let mut tree = self.tree;
        let said = |number: &u32| tree.texts.get(*number as usize).map_or("", |span| span.of(text));
        tree.by_text = (0..count(tree.texts.len())).collect();
        tree.by_text.sort_unstable_by(|one, other| said(one).cmp(said(other)));
        tree.place_starts = vec![0; tree.texts.len() + 1];
        for leaf in &tree.leaves {
            if let Some(start) = tree.place_starts.get_mut(leaf.text as usize + 1) {
                *start += 1;
            }
        }
        let mut before = 0;
        for start in &mut tree.place_starts {
            before += *start;
            *start = before;
        }
        let mut next = tree.place_starts.clone();
        tree.places = vec![0; tree.leaves.len()];
        for (at, leaf) in (0..).zip(&tree.leaves) {
            let Some(next) = next.get_mut(leaf.text as usize) else { continue };
            if let Some(place) = tree.places.get_mut(*next as usize) {
                *place = at;
            }
            *next += 1;
        }
        tree
    }
}

fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// Which brackets of a line belong together.
#[derive(Default)]
struct Brackets {
    /// For each token that opens, the one that closes it.
    closes: Vec<Option<usize>>,
    /// For each token, the first from there on that closes something which is open before it.
    next: Vec<Option<usize>>,
}

impl Brackets {
    /// Pairs the brackets among the tokens. One that is not closed before another kind closes stands for itself.
    fn pair(&mut self, text: &str, tokens: &[Span]) {
        self.closes.clear();
        self.closes.resize(tokens.len(), None);
        self.next.clear();
        self.next.resize(tokens.len() + 1, None);
        let byte = |at: usize| tokens.get(at).and_then(|token| text.as_bytes().get(token.start as usize));
        for at in (0..tokens.len()).rev() {
            let wanted = match byte(at) {
                Some(b'(') => b')',
                Some(b'[') => b']',
                Some(b'{') => b'}',
                Some(b')' | b']' | b'}') => {
                    self.next[at] = Some(at);
                    continue;
                }
                _ => {
                    self.next[at] = self.next[at + 1];
                    continue;
                }
            };
            let close = self.next[at + 1].filter(|close| byte(*close) == Some(&wanted));
            self.closes[at] = close;
            self.next[at] = self.next[close.unwrap_or(at) + 1];
        }
    }

    /// The token that closes what a token opens.
    fn close_of(&self, at: usize) -> Option<usize> {
        self.closes.get(at).copied().flatten()
    }
}
