use andon_syntax::Symbol;
use rustc_hash::FxHashMap;

/// A variable of a file, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Variable(u32);

const TEMPORARY: u32 = 1 << 31;

impl Variable {
    /// Whether it has no name in the source.
    pub fn is_temporary(self) -> bool {
        self.0 & TEMPORARY != 0
    }
}

/// Numbers for variables.
#[derive(Clone, Debug, Default)]
pub(super) struct Variables {
    named: FxHashMap<(Symbol, u32), Variable>,
    temporaries: u32,
}

impl Variables {
    /// The variable of a name and the number of its declaration, 0 if that is not known.
    pub(super) fn named(&mut self, name: Symbol, declaration: u32) -> Variable {
        let next = u32::try_from(self.named.len()).unwrap_or(u32::MAX) & !TEMPORARY;
        *self.named.entry((name, declaration)).or_insert(Variable(next))
    }

    pub(super) fn temporary(&mut self) -> Variable {
        self.temporaries = self.temporaries.wrapping_add(1);
        Variable(self.temporaries | TEMPORARY)
    }
}
