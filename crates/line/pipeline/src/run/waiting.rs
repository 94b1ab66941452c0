use std::collections::HashMap;

use super::work::Node;

/// Which nodes of a part of a stage wait for which others of it.
pub(super) struct Waiting {
    nodes: Vec<Node>,
    order: HashMap<Node, usize>,
    waits: HashMap<Node, usize>,
    users: HashMap<Node, Vec<Node>>,
}

impl Waiting {
    /// `needs` says which steps a node needs; those outside of the part are over.
    pub(super) fn new(nodes: &[Node], needs: impl Fn(Node) -> Vec<usize>) -> Self {
        let order: HashMap<Node, usize> =
            nodes.iter().enumerate().map(|(order, node)| (*node, order)).collect();
        let (mut waits, mut users): (HashMap<Node, usize>, HashMap<Node, Vec<Node>>) = Default::default();
        for node in nodes {
            let needed = needs(*node).into_iter().map(Node::Step).filter(|other| order.contains_key(other));
            let needed: Vec<Node> = needed.collect();
            waits.insert(*node, needed.len());
            for other in needed {
                users.entry(other).or_default().push(*node);
            }
        }
        Self { nodes: nodes.to_vec(), order, waits, users }
    }

    /// Nodes that wait for nothing, in order.
    pub(super) fn free(&self) -> Vec<Node> {
        self.nodes.iter().copied().filter(|node| self.waits.get(node) == Some(&0)).collect()
    }

    /// Nodes that wait for nothing now that a node is over, in order.
    pub(super) fn over(&mut self, node: Node) -> Vec<Node> {
        let mut free = self.users.remove(&node).unwrap_or_default();
        free.retain(|user| {
            let Some(count) = self.waits.get_mut(user) else { return false };
            *count = count.saturating_sub(1);
            *count == 0
        });
        free
    }

    /// The place of the first node that waits for a node.
    pub(super) fn first_user(&self, node: Node) -> Option<usize> {
        self.users.get(&node)?.iter().map(|user| self.order(*user)).min()
    }

    /// The place of a node in the order of beginnings.
    pub(super) fn order(&self, node: Node) -> usize {
        self.order.get(&node).copied().unwrap_or(usize::MAX)
    }
}
