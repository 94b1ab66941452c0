//! The commits that references reach, parents before children.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashSet};

use andon_model::{Gap, GapKind};
use gix::ObjectId;
use gix::objs::CommitRefIter;

use super::objects::{ObjectNumber, Objects};

const NONE: u32 = u32::MAX;

/// A commit, as far as the walk needs it.
#[derive(Clone, Debug)]
pub(super) struct Commit {
    pub(super) number: ObjectNumber,
    pub(super) tree: ObjectId,
    pub(super) parents: Vec<ObjectId>,
    /// Committer's time, Unix seconds.
    pub(super) time: i64,
}

impl Commit {
    /// Reads a commit object; `None` when it is damaged.
    pub(super) fn parse(number: ObjectNumber, content: &[u8], hash: gix::hash::Kind) -> Option<Self> {
        let parsed = gix::objs::CommitRef::from_bytes(content, hash).ok();
        let time = parsed.as_ref().and_then(|commit| commit.committer().ok()).map_or(0, |who| who.seconds());
        let tree = CommitRefIter::from_bytes(content, hash).tree_id().ok()?;
        let parents = CommitRefIter::from_bytes(content, hash).parent_ids().collect();
        Some(Self { number, tree, parents, time })
    }
}

/// All commits of a repository.
pub(super) struct Commits {
    list: Vec<Commit>,
    /// Object number -> position in `list`.
    positions: Vec<u32>,
}

impl Commits {
    pub(super) fn new(objects: usize, mut list: Vec<Commit>) -> Self {
        list.sort_by_key(|commit| commit.number);
        let mut positions = vec![NONE; objects];
        for (position, commit) in list.iter().enumerate() {
            positions[commit.number as usize] = position as u32;
        }
        Self { list, positions }
    }

    fn find(&self, objects: &Objects, id: &gix::oid) -> Option<usize> {
        let number = objects.number(id)?;
        self.positions.get(number as usize).copied().filter(|at| *at != NONE).map(|at| at as usize)
    }

    /// What the tips reach, oldest first and never a child before its parent. Parents that are not there become gaps,
    /// unless the clone is shallow there.
    pub(super) fn reachable(
        &self,
        objects: &Objects,
        tips: &[ObjectId],
        shallow: &dyn Fn(&gix::oid) -> bool,
        gaps: &mut Vec<Gap>,
    ) -> Vec<&Commit> {
        let mut waiting = vec![NONE; self.list.len()];
        let mut children: Vec<(u32, u32)> = Vec::new();
        let mut stack: Vec<usize> = tips.iter().filter_map(|tip| self.find(objects, tip)).collect();
        while let Some(at) = stack.pop() {
            if waiting[at] != NONE {
                continue;
            }
            waiting[at] = 0;
            let cut = objects.id(self.list[at].number).is_some_and(|id| shallow(&id));
            for parent in self.list[at].parents.iter().filter(|_| !cut) {
                match self.find(objects, parent) {
                    Some(parent) => {
                        waiting[at] += 1;
                        children.push((parent as u32, at as u32));
                        stack.push(parent);
                    }
                    None => gaps.push(missing_parent(parent)),
                }
            }
        }
        let reached: Vec<usize> = (0..waiting.len()).filter(|at| waiting[*at] != NONE).collect();
        let mut order = self.in_order(waiting, children);
        if order.len() < reached.len() {
            gaps.push(circle());
            let known: HashSet<ObjectNumber> = order.iter().map(|commit| commit.number).collect();
            let all = reached.into_iter().map(|at| &self.list[at]);
            order.extend(all.filter(|commit| !known.contains(&commit.number)));
        }
        order
    }

    /// Leaves out the commits of a circle, and what comes after them.
    fn in_order(&self, mut waiting: Vec<u32>, mut children: Vec<(u32, u32)>) -> Vec<&Commit> {
        children.sort_unstable();
        let key = |at: usize| Reverse((self.list[at].time, self.list[at].number, at));
        let mut ready: BinaryHeap<_> = (0..waiting.len()).filter(|at| waiting[*at] == 0).map(key).collect();
        let mut order = Vec::new();
        while let Some(Reverse((_, _, at))) = ready.pop() {
            order.push(&self.list[at]);
            let first = children.partition_point(|(parent, _)| (*parent as usize) < at);
            for (_, child) in children[first..].iter().take_while(|(parent, _)| *parent as usize == at) {
                let child = *child as usize;
                waiting[child] -= 1;
                if waiting[child] == 0 {
                    ready.push(key(child));
                }
            }
        }
        order
    }
}

/// Only an index that lies about its pack makes a commit its own ancestor.
fn circle() -> Gap {
    Gap {
        kind: GapKind::Corrupt,
        subject: "commits".to_owned(),
        detail: "commits are their own ancestors, so that their order is not known; run `git fsck`"
            .to_owned(),
    }
}

fn missing_parent(id: &gix::oid) -> Gap {
    Gap {
        kind: GapKind::MissingObject,
        subject: id.to_string(),
        detail: "a commit is missing, and what came before it was not examined; run `git fsck`, or fetch it"
            .to_owned(),
    }
}
