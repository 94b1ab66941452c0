use crate::Hash;

/// The roots of the complete subtrees of a growing tree, largest first: all that is needed to append to it and to
/// know its root. At most 64 hashes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Frontier {
    size: u64,
    roots: Vec<Hash>,
}

impl Frontier {
    /// The frontier of a tree of `size` leaves whose complete subtrees have these roots, largest first; `None` when
    /// their number is another.
    pub(crate) fn new(size: u64, roots: Vec<Hash>) -> Option<Self> {
        (u32::try_from(roots.len()).ok()? == size.count_ones()).then_some(Self { size, roots })
    }

    /// Leaves.
    pub(crate) fn size(&self) -> u64 {
        self.size
    }

    /// Appends the hash of a leaf.
    pub(crate) fn push(&mut self, leaf: Hash) {
        let mut root = leaf;
        // As many subtrees are completed as the size has trailing ones.
        for _ in 0..self.size.trailing_ones() {
            let Some(left) = self.roots.pop() else { break };
            root = Hash::node(left, root);
        }
        self.roots.push(root);
        self.size = self.size.saturating_add(1);
    }

    /// The root of the tree.
    pub(crate) fn root(&self) -> Hash {
        let folded = self.roots.iter().rev().copied().reduce(|right, left| Hash::node(left, right));
        folded.unwrap_or_else(Hash::empty)
    }
}

/// The root over some hashes that are taken as leaves.
pub(crate) fn root_of(hashes: &[Hash]) -> Hash {
    let mut frontier = Frontier::default();
    hashes.iter().for_each(|hash| frontier.push(*hash));
    frontier.root()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The definition of RFC 6962, section 2.1, word for word.
    fn naive(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => Hash::empty(),
            [leaf] => *leaf,
            _ => {
                let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
                Hash::node(naive(left), naive(right))
            }
        }
    }

    #[test]
    fn a_growing_tree_has_the_root_of_the_definition() {
        let mut frontier = Frontier::default();
        let mut leaves = Vec::new();
        for number in 0..300_u32 {
            assert_eq!(frontier.root(), naive(&leaves), "{number}");
            assert_eq!(root_of(&leaves), naive(&leaves), "{number}");
            let again = Frontier::new(frontier.size(), frontier.roots.clone());
            assert_eq!(again.as_ref(), Some(&frontier));
            let leaf = Hash::leaf(&number.to_be_bytes());
            frontier.push(leaf);
            leaves.push(leaf);
        }
        assert_eq!(Frontier::new(2, leaves), None);
    }
}
