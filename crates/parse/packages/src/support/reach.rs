use std::collections::HashMap;

use andon_model::{Relation, Scope};

use crate::Package;

/// Packages of one name that are looked at, so that a hostile file costs no more than linear time.
const MANY: usize = 16;

/// Positions of packages by name.
#[derive(Default)]
pub(crate) struct Names(HashMap<String, Vec<u32>>);

impl Names {
    pub(crate) fn add(&mut self, name: &str, position: usize) {
        let Ok(position) = u32::try_from(position) else { return };
        match self.0.get_mut(name) {
            Some(positions) => positions.push(position),
            None => {
                self.0.insert(name.to_owned(), vec![position]);
            }
        }
    }

    /// The packages of a name, of so many that no file has more in earnest.
    pub(crate) fn of(&self, name: &str) -> &[u32] {
        let positions = self.0.get(name).map_or(&[][..], Vec::as_slice);
        positions.get(..MANY).unwrap_or(positions)
    }

    /// The only package of a name, or the first that passes the test.
    pub(crate) fn find(&self, name: &str, test: impl Fn(u32) -> bool) -> Option<u32> {
        match self.of(name) {
            [only] => Some(*only),
            several => several.iter().copied().find(|position| test(*position)),
        }
    }
}

/// Sorts and removes repetitions of a package's edges.
pub(crate) fn tidy(edges: &mut Vec<u32>) {
    edges.sort_unstable();
    edges.dedup();
}

/// Gives each package the widest scope in which it is reached from what the project asks for, and says whether the
/// project asks for it itself. Packages that are not reached keep what they have. Linear in packages and edges; cycles
/// do no harm.
pub(crate) fn spread(packages: &mut [Package], roots: &[(u32, Scope)]) {
    let mut reached = vec![None; packages.len()];
    for scope in [Scope::Runtime, Scope::Optional, Scope::Development] {
        let of_scope = roots.iter().filter(|(_, root)| *root == scope).map(|(position, _)| *position);
        let mut open: Vec<u32> = of_scope.collect();
        while let Some(position) = open.pop() {
            let Some(slot @ None) = reached.get_mut(position as usize) else { continue };
            *slot = Some(scope);
            open.extend(packages.get(position as usize).iter().flat_map(|package| &package.dependencies));
        }
    }
    for (package, scope) in packages.iter_mut().zip(reached) {
        if let Some(scope) = scope {
            package.scope = scope;
            package.relation = Relation::Transitive;
        }
    }
    for (position, _) in roots {
        if let Some(package) = packages.get_mut(*position as usize) {
            package.relation = Relation::Direct;
        }
    }
}

/// Whether a text is a full commit id: 40 or 64 hexadecimal digits.
pub(crate) fn is_commit(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use andon_purl::Purl;

    #[test]
    fn the_widest_scope_wins_and_cycles_end() {
        let package = |dependencies: &[u32]| Package {
            dependencies: dependencies.to_vec(),
            ..Package::new(Purl::new("generic", "a"))
        };
        let edges: [&[u32]; 6] = [&[1], &[2, 0], &[1, 99], &[2, 4], &[4], &[]];
        let mut packages: Vec<_> = edges.iter().map(|edges| package(edges)).collect();
        spread(&mut packages, &[(0, Scope::Optional), (3, Scope::Development), (77, Scope::Runtime)]);
        let found: Vec<_> = packages.iter().map(|package| (package.scope, package.relation)).collect();
        use {Relation::*, Scope::*};
        let expected = [
            (Optional, Direct),
            (Optional, Transitive),
            (Optional, Transitive),
            (Development, Direct),
            (Development, Transitive),
            (Runtime, Unknown),
        ];
        assert_eq!(found, expected);
    }
}
