//! The definitions of RFC 6962, section 2.1, word for word, in quadratic time.

use andon_ledger::Hash;

fn split(leaves: &[Hash]) -> (&[Hash], &[Hash]) {
    leaves.split_at(leaves.len().next_power_of_two() / 2)
}

pub(crate) fn root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => Hash::empty(),
        [leaf] => *leaf,
        _ => Hash::node(root(split(leaves).0), root(split(leaves).1)),
    }
}

pub(crate) fn path(index: usize, leaves: &[Hash]) -> Vec<Hash> {
    if leaves.len() < 2 {
        return Vec::new();
    }
    let (left, right) = split(leaves);
    let (mut path, sibling) = if index < left.len() {
        (path(index, left), root(right))
    } else {
        (path(index - left.len(), right), root(left))
    };
    path.push(sibling);
    path
}

pub(crate) fn consistency(earlier: usize, leaves: &[Hash]) -> Vec<Hash> {
    if earlier == 0 { Vec::new() } else { subproof(earlier, leaves, true) }
}

fn subproof(earlier: usize, leaves: &[Hash], whole: bool) -> Vec<Hash> {
    if earlier == leaves.len() {
        return if whole { Vec::new() } else { vec![root(leaves)] };
    }
    let (left, right) = split(leaves);
    let (mut proof, sibling) = if earlier <= left.len() {
        (subproof(earlier, left, whole), root(right))
    } else {
        (subproof(earlier - left.len(), right, false), root(left))
    };
    proof.push(sibling);
    proof
}
