//! Proofs of inclusion and of consistency (RFC 6962, section 2.1): made from the hashes of a tree, verified from
//! nothing but hashes. The way of verifying is that of RFC 9162, sections 2.1.3.2 and 2.1.4.2.

use thiserror::Error;

use crate::Hash;

/// The hashes of a tree's complete subtrees.
pub trait Nodes {
    /// Why a hash is not to be had.
    type Error;

    /// The root over the leaves from `index << level` to `(index + 1) << level`.
    ///
    /// # Errors
    /// When it is not there, or cannot be read.
    fn node(&self, level: u32, index: u64) -> Result<Hash, Self::Error>;
}

/// Why a proof proves nothing.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum ProofError {
    /// The index is not below the size, or the earlier size is above the later one.
    #[error("the proof is about entry or size {asked}, beyond the {size} entries of the log")]
    Beyond {
        /// The index or the earlier size.
        asked: u64,
        /// The size of the tree.
        size: u64,
    },
    /// More or fewer hashes than a tree of this size needs.
    #[error("the proof has {found} hashes where {wanted} are needed; it is of another entry or another size")]
    Length {
        /// Hashes in the proof.
        found: usize,
        /// Hashes needed.
        wanted: usize,
    },
    /// The hashes lead to another root.
    #[error("the proof does not lead to the root that the checkpoint signs")]
    Root,
    /// The hashes lead to another root of the earlier tree.
    #[error(
        "the log does not begin with the earlier log: its history was rewritten, or its tiles are damaged"
    )]
    EarlierRoot,
}

/// The hashes that lead from a leaf to the root, from the bottom up. Empty when `index` is not below `size`.
///
/// # Errors
/// When a hash cannot be had.
pub fn inclusion<N: Nodes>(nodes: &N, index: u64, size: u64) -> Result<Vec<Hash>, N::Error> {
    let mut proof = Vec::new();
    let (mut start, mut end) = (0, size);
    if index >= size {
        return Ok(proof);
    }
    while end - start > 1 {
        let middle = start + split(end - start);
        if index < middle {
            proof.push(range(nodes, middle, end)?);
            end = middle;
        } else {
            proof.push(range(nodes, start, middle)?);
            start = middle;
        }
    }
    proof.reverse();
    Ok(proof)
}

/// The hashes that prove that a tree of `earlier` leaves is the beginning of one of `size` leaves (RFC 6962, section
/// 2.1.2). Empty when either is empty, when they are equal, and when `earlier` is the greater.
///
/// # Errors
/// When a hash cannot be had.
pub fn consistency<N: Nodes>(nodes: &N, earlier: u64, size: u64) -> Result<Vec<Hash>, N::Error> {
    let mut proof = Vec::new();
    let (mut start, mut end) = (0, size);
    if earlier == 0 || earlier >= size {
        return Ok(proof);
    }
    while earlier != end {
        let middle = start + split(end - start);
        if earlier <= middle {
            proof.push(range(nodes, middle, end)?);
            end = middle;
        } else {
            proof.push(range(nodes, start, middle)?);
            start = middle;
        }
    }
    // The verifier knows the root of the earlier tree, so it is left out where it is a node itself.
    if start != 0 {
        proof.push(range(nodes, start, end)?);
    }
    proof.reverse();
    Ok(proof)
}

/// The root over the leaves from `start` to `end`, as they lie in a larger tree.
pub(crate) fn range<N: Nodes>(nodes: &N, start: u64, end: u64) -> Result<Hash, N::Error> {
    let (mut start, mut lefts) = (start, Vec::new());
    while end - start > 1 && !(end - start).is_power_of_two() {
        let left = split(end - start);
        lefts.push(nodes.node(left.trailing_zeros(), start / left)?);
        start += left;
    }
    let last = (end - start).max(1);
    let right = nodes.node(last.trailing_zeros(), start / last)?;
    Ok(lefts.into_iter().rev().fold(right, |right, left| Hash::node(left, right)))
}

/// The largest power of two below `count`, which is at least 2.
fn split(count: u64) -> u64 {
    1 << (count - 1).ilog2()
}

/// Whether the leaf is entry `index` of the tree of `size` entries with this root.
///
/// # Errors
/// When the proof does not prove it.
pub fn verify_inclusion(
    leaf: Hash,
    index: u64,
    size: u64,
    root: Hash,
    proof: &[Hash],
) -> Result<(), ProofError> {
    if index >= size {
        return Err(ProofError::Beyond { asked: index, size });
    }
    // Below this height the path may turn either way, above it everything lies to the left.
    let inner = bits(index ^ (size - 1));
    let border = count(index.checked_shr(inner).unwrap_or(0).count_ones());
    let wanted = count(inner) + border;
    if proof.len() != wanted {
        return Err(ProofError::Length { found: proof.len(), wanted });
    }
    let (low, high) = proof.split_at(count(inner));
    let turned = low.iter().enumerate().fold(leaf, |hash, (height, sibling)| {
        if (index >> height) & 1 == 0 { Hash::node(hash, *sibling) } else { Hash::node(*sibling, hash) }
    });
    let found = high.iter().fold(turned, |hash, sibling| Hash::node(*sibling, hash));
    if found == root { Ok(()) } else { Err(ProofError::Root) }
}

/// Whether the tree of `earlier` entries with `earlier_root` is the beginning of the tree of `size` entries with
/// `root`.
///
/// # Errors
/// When the proof does not prove it; when it is not empty although nothing is to be proved.
pub fn verify_consistency(
    earlier: u64,
    earlier_root: Hash,
    size: u64,
    root: Hash,
    proof: &[Hash],
) -> Result<(), ProofError> {
    if earlier > size {
        return Err(ProofError::Beyond { asked: earlier, size });
    }
    if earlier == 0 || earlier == size {
        return verify_trivial(earlier, earlier_root, root, proof);
    }
    // The path of the last leaf of the earlier tree, from the largest complete subtree that ends there.
    let shift = earlier.trailing_zeros();
    let inner = bits((earlier - 1) ^ (size - 1)) - shift;
    let border = (earlier - 1).checked_shr(inner + shift).unwrap_or(0).count_ones();
    let seeded = !earlier.is_power_of_two();
    let wanted = usize::from(seeded) + count(inner + border);
    if proof.len() != wanted {
        return Err(ProofError::Length { found: proof.len(), wanted });
    }
    let (seed, rest) = match proof.split_first() {
        Some((seed, rest)) if seeded => (*seed, rest),
        _ => (earlier_root, proof),
    };
    let path = (earlier - 1) >> shift;
    let (low, high) = rest.split_at(count(inner));
    let (mut old, mut new) = (seed, seed);
    for (height, sibling) in low.iter().enumerate() {
        if (path >> height) & 1 == 0 {
            new = Hash::node(new, *sibling);
        } else {
            old = Hash::node(*sibling, old);
            new = Hash::node(*sibling, new);
        }
    }
    for sibling in high {
        old = Hash::node(*sibling, old);
        new = Hash::node(*sibling, new);
    }
    if old != earlier_root {
        return Err(ProofError::EarlierRoot);
    }
    if new == root { Ok(()) } else { Err(ProofError::Root) }
}

/// An empty tree is the beginning of every tree, and every tree is its own.
fn verify_trivial(earlier: u64, earlier_root: Hash, root: Hash, proof: &[Hash]) -> Result<(), ProofError> {
    let expected = if earlier == 0 { Hash::empty() } else { root };
    if earlier_root != expected {
        return Err(ProofError::EarlierRoot);
    }
    if proof.is_empty() { Ok(()) } else { Err(ProofError::Length { found: proof.len(), wanted: 0 }) }
}

/// Bits needed to write a number.
fn bits(number: u64) -> u32 {
    u64::BITS - number.leading_zeros()
}

fn count(bits: u32) -> usize {
    usize::try_from(bits).unwrap_or(usize::MAX)
}
