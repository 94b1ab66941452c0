use andon_model::Scope;

use crate::Package;

/// Who needs whom, gathered while a file is read.
#[derive(Default)]
pub(crate) struct Graph {
    edges: Vec<Edge>,
}

#[derive(Clone, Copy)]
struct Edge {
    from: u32,
    to: u32,
    cap: Scope,
}

impl Graph {
    /// Notes that one package needs another, and for what.
    pub(crate) fn add(&mut self, from: u32, to: u32, cap: Scope) {
        if from != to {
            self.edges.push(Edge { from, to, cap });
        }
    }

    /// Which of so many packages some other package needs.
    pub(crate) fn needed(&self, count: usize) -> Vec<bool> {
        let mut needed = vec![false; count];
        for edge in &self.edges {
            if let Some(needed) = needed.get_mut(edge.to as usize) {
                *needed = true;
            }
        }
        needed
    }

    /// Writes the dependencies into the packages.
    pub(crate) fn apply(&self, packages: &mut [Package]) {
        for edge in &self.edges {
            if let Some(package) = packages.get_mut(edge.from as usize) {
                package.dependencies.push(edge.to);
            }
        }
    }

    /// The scope of each package, from what the project itself asks for: along a path the narrowest need counts, of
    /// several paths the widest. `None` for what no path reaches.
    pub(crate) fn scopes(&self, count: usize, roots: &[(u32, Scope)]) -> Vec<Option<Scope>> {
        let mut sorted = self.edges.clone();
        sorted.sort_unstable_by_key(|edge| edge.from);
        let mut scopes = vec![None; count];
        let mut waiting: [Vec<u32>; 3] = Default::default();
        for &(root, scope) in roots {
            waiting[rank(scope)].push(root);
        }
        for (level, scope) in [Scope::Runtime, Scope::Optional, Scope::Development].into_iter().enumerate() {
            while let Some(index) = waiting[level].pop() {
                match scopes.get_mut(index as usize) {
                    Some(known @ None) => *known = Some(scope),
                    _ => continue,
                }
                let first = sorted.partition_point(|edge| edge.from < index);
                for edge in sorted.iter().skip(first).take_while(|edge| edge.from == index) {
                    waiting[rank(scope.min(edge.cap))].push(edge.to);
                }
            }
        }
        scopes
    }
}

fn rank(scope: Scope) -> usize {
    match scope {
        Scope::Runtime => 0,
        Scope::Optional => 1,
        Scope::Development => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::Graph;
    use andon_model::Scope::{Development, Optional, Runtime};

    #[test]
    fn the_widest_of_the_narrowest() {
        let mut graph = Graph::default();
        for (from, to, cap) in [
            (0, 1, Runtime),
            (1, 2, Optional),
            (2, 3, Runtime),
            (4, 3, Runtime),
            (4, 5, Optional),
            (3, 0, Runtime),
            (0, 6, Development),
        ] {
            graph.add(from, to, cap);
        }
        let scopes = graph.scopes(8, &[(4, Development), (0, Runtime), (99, Runtime)]);
        let expected = [
            Some(Runtime),
            Some(Runtime),
            Some(Optional),
            Some(Optional),
            Some(Development),
            Some(Development),
            Some(Development),
            None,
        ];
        assert_eq!(scopes, expected);
        assert_eq!(graph.needed(8), [true, true, true, true, false, true, true, false]);
    }
}
