//! Our proofs beside those of the definition, and what each alteration of a proof does.

use andon_ledger::proof::{Nodes, consistency, inclusion};
use andon_ledger::{Hash, verify_consistency, verify_inclusion};
use proptest::prelude::*;

use crate::naive;

/// A tree in memory.
struct Leaves(Vec<Hash>);

impl Nodes for Leaves {
    type Error = std::convert::Infallible;

    fn node(&self, level: u32, index: u64) -> Result<Hash, Self::Error> {
        let from = usize::try_from(index << level).unwrap();
        Ok(naive::root(&self.0[from..from + (1 << level)]))
    }
}

fn leaves(count: usize) -> Vec<Hash> {
    (0..count).map(|number| Hash::leaf(&number.to_be_bytes())).collect()
}

/// Every way to alter one hash, leave one out, put one in, exchange two.
fn alterations(proof: &[Hash]) -> Vec<Vec<Hash>> {
    let mut altered = Vec::new();
    for at in 0..=proof.len() {
        let mut longer = proof.to_vec();
        longer.insert(at, Hash::of(b"extra"));
        altered.push(longer);
        if at < proof.len() {
            let mut other = proof.to_vec();
            other[at] = Hash::of(b"other");
            let mut shorter = proof.to_vec();
            shorter.remove(at);
            altered.extend([other, shorter]);
        }
        if at + 1 < proof.len() {
            let mut exchanged = proof.to_vec();
            exchanged.swap(at, at + 1);
            altered.push(exchanged);
        }
    }
    altered
}

#[test]
fn every_proof_of_small_trees_is_that_of_the_definition() {
    let all = leaves(40);
    for size in 0..=40 {
        let tree = Leaves(all[..size].to_vec());
        let (root, long) = (naive::root(&tree.0), size as u64);
        for index in 0..size {
            let proof = inclusion(&tree, index as u64, long).unwrap();
            assert_eq!(proof, naive::path(index, &tree.0), "{index} of {size}");
            for other in 0..=size + 2 {
                let leaf = tree.0[index];
                let verified = verify_inclusion(leaf, other as u64, long, root, &proof).is_ok();
                assert_eq!(verified, other == index, "{index} as {other} of {size}");
            }
        }
        for earlier in 0..=size {
            let proof = consistency(&tree, earlier as u64, long).unwrap();
            assert_eq!(proof, naive::consistency(earlier, &tree.0), "{earlier} of {size}");
            for other in 0..=size + 2 {
                let other_root = naive::root(&all[..other.min(40)]);
                let verified = verify_consistency(other as u64, other_root, long, root, &proof).is_ok();
                // Neither an empty tree nor the tree itself needs a proof.
                let trivial = proof.is_empty() && (other == 0 || other == size);
                assert_eq!(verified, other == earlier || trivial, "{earlier} as {other} of {size}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_proof_proves_and_no_alteration_of_it_does(size in 1_usize..700, at in any::<prop::sample::Index>()) {
        let tree = Leaves(leaves(size));
        let (root, index, long) = (naive::root(&tree.0), at.index(size), size as u64);
        let proof = inclusion(&tree, index as u64, long).unwrap();
        prop_assert_eq!(&proof, &naive::path(index, &tree.0));
        prop_assert_eq!(verify_inclusion(tree.0[index], index as u64, long, root, &proof), Ok(()));
        for altered in alterations(&proof) {
            prop_assert!(verify_inclusion(tree.0[index], index as u64, long, root, &altered).is_err());
        }
        prop_assert!(verify_inclusion(root, index as u64, long, root, &proof).is_err() || size == 1);

        let earlier = index + 1;
        let earlier_root = naive::root(&tree.0[..earlier]);
        let proof = consistency(&tree, earlier as u64, long).unwrap();
        prop_assert_eq!(verify_consistency(earlier as u64, earlier_root, long, root, &proof), Ok(()));
        for altered in alterations(&proof) {
            prop_assert!(verify_consistency(earlier as u64, earlier_root, long, root, &altered).is_err());
        }
        let forked = Hash::of(b"fork");
        prop_assert!(verify_consistency(earlier as u64, forked, long, root, &proof).is_err());
        prop_assert!(verify_consistency(earlier as u64, earlier_root, long, forked, &proof).is_err());
    }

    #[test]
    fn nothing_that_is_made_up_verifies(
        index in any::<u64>(),
        size in any::<u64>(),
        hashes in prop::collection::vec(any::<[u8; 32]>(), 0..70),
    ) {
        let hashes: Vec<Hash> = hashes.into_iter().map(Hash::new).collect();
        let (leaf, root) = (Hash::of(b"leaf"), Hash::of(b"root"));
        prop_assert!(verify_inclusion(leaf, index, size, root, &hashes).is_err());
        prop_assert!(verify_consistency(index, leaf, size, root, &hashes).is_err());
    }
}
