use std::sync::Arc;

use indexmap::IndexSet;
use rustc_hash::FxBuildHasher;

type Texts = IndexSet<Box<str>, FxBuildHasher>;

/// A text that was met, as a number. Two texts are equal if their symbols are, within one [`Symbols`] and those made
/// from the same [`Frozen`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Symbol(u32);

impl Symbol {
    /// The empty text, in every set of symbols.
    pub const EMPTY: Self = Self(0);

    /// Its number, dense from 0.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// Symbols that no longer change, such as those of all patterns; shared by the files they are looked for in.
#[derive(Debug)]
pub struct Frozen {
    texts: Texts,
}

impl Default for Frozen {
    fn default() -> Self {
        Self { texts: Texts::from_iter([Box::from("")]) }
    }
}

/// The texts of a tree. A file's symbols start from those of the patterns, so that a text in a file and the same text in
/// a pattern are one symbol.
#[derive(Clone, Debug, Default)]
pub struct Symbols {
    frozen: Arc<Frozen>,
    own: Texts,
}

impl Symbols {
    /// Symbols that start from frozen ones.
    pub fn over(frozen: &Arc<Frozen>) -> Self {
        Self { frozen: Arc::clone(frozen), own: Texts::default() }
    }

    /// Ends the growth of these symbols.
    pub fn freeze(self) -> Arc<Frozen> {
        let texts = self.frozen.texts.iter().cloned().chain(self.own).collect();
        Arc::new(Frozen { texts })
    }

    /// The symbol of a text, made if it is new.
    pub fn intern(&mut self, text: &str) -> Symbol {
        if let Some(symbol) = self.find(text) {
            return symbol;
        }
        let (index, _) = self.own.insert_full(text.into());
        numbered(self.frozen.texts.len() + index)
    }

    /// The symbol of a text that was met before.
    pub fn find(&self, text: &str) -> Option<Symbol> {
        if let Some(index) = self.frozen.texts.get_index_of(text) {
            return Some(numbered(index));
        }
        self.own.get_index_of(text).map(|index| numbered(self.frozen.texts.len() + index))
    }

    /// The text of a symbol; empty for a symbol of others.
    pub fn text(&self, symbol: Symbol) -> &str {
        let index = symbol.index();
        let frozen = self.frozen.texts.len();
        let found = if index < frozen {
            self.frozen.texts.get_index(index)
        } else {
            self.own.get_index(index - frozen)
        };
        found.map_or("", |text| text)
    }

    /// Whether a symbol is one of the frozen ones: for a file, whether any pattern mentions it.
    pub fn is_frozen(&self, symbol: Symbol) -> bool {
        symbol.index() < self.frozen.texts.len()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.frozen.texts.len() + self.own.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

fn numbered(index: usize) -> Symbol {
    Symbol(u32::try_from(index).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_one_symbol_on_both_sides() {
        let mut patterns = Symbols::default();
        let eval = patterns.intern("eval");
        let frozen = patterns.freeze();
        let mut file = Symbols::over(&frozen);
        let own = file.intern("mine");
        assert_eq!(file.intern("eval"), eval);
        assert_eq!(file.find("mine"), Some(own));
        assert_eq!((file.text(own), file.text(eval)), ("mine", "eval"));
        assert!(file.is_frozen(eval) && !file.is_frozen(own));
    }
}
