//! Components and their dependencies, gathered in whatever order a document has them.

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry as MapEntry;

use andon_model::{Component, Relation, Scope};

use crate::document::{Distribution, Problem, ProblemKind};

/// At most this many components are kept.
const COMPONENTS: usize = 500_000;

/// At most this many dependencies are kept.
const EDGES: usize = 10_000_000;

/// Package URLs of dependencies may take this much, and four times the size of the document on top.
const DEPENDENCY_BYTES: usize = 16 << 20;

/// Gathers what a document says.
#[derive(Debug, Default)]
pub(crate) struct Collector<'de> {
    pub(crate) problems: Vec<Problem>,
    pub(crate) distribution: Option<Distribution>,
    components: Vec<Entry>,
    by_purl: HashMap<String, u32>,
    /// The document's own references, numbered as they come.
    references: HashMap<Cow<'de, str>, u32>,
    /// Component of each reference.
    targets: Vec<Target>,
    edges: Vec<Edge>,
    full: bool,
}

#[derive(Debug)]
struct Entry {
    component: Component,
    /// What the document says outright, which the graph does not overrule.
    scope: Option<Scope>,
    relation: Option<Relation>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Target {
    /// Not seen yet.
    #[default]
    Unknown,
    /// The subject, or a grouping whose members count as the subject's own.
    Subject,
    /// In the document on purpose, and no component: a file.
    Other,
    Component(u32),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Edge {
    from: u32,
    to: u32,
    scope: Scope,
}

/// What the document says of a component besides the component itself.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Said {
    pub(crate) scope: Option<Scope>,
    pub(crate) relation: Option<Relation>,
}

impl<'de> Collector<'de> {
    /// Adds a component, or what it says to the one with the same package URL.
    pub(crate) fn add(&mut self, reference: Cow<'de, str>, component: Component, said: Said) {
        let position = match self.by_purl.entry(component.purl.clone()) {
            MapEntry::Occupied(entry) => {
                let position = *entry.get();
                if let Some(entry) = self.components.get_mut(position as usize) {
                    entry.merge(component, said);
                }
                position
            }
            MapEntry::Vacant(_) if self.components.len() >= COMPONENTS => {
                self.limit(&format!("only the first {COMPONENTS} components were read"));
                return;
            }
            MapEntry::Vacant(entry) => {
                let position = self.components.len() as u32;
                entry.insert(position);
                self.components.push(Entry { component, scope: said.scope, relation: said.relation });
                position
            }
        };
        self.refer(reference, Target::Component(position));
    }

    /// The reference means what the document describes, or a grouping that stands for it.
    pub(crate) fn subject(&mut self, reference: Cow<'de, str>) {
        self.refer(reference, Target::Subject);
    }

    /// The reference means something that is no component.
    pub(crate) fn other(&mut self, reference: Cow<'de, str>) {
        self.refer(reference, Target::Other);
    }

    /// Takes out the component that a reference means: it is the subject.
    pub(crate) fn promote(&mut self, reference: &str) -> Option<Component> {
        let target = *self.references.get(reference)?;
        let slot = self.targets.get_mut(target as usize)?;
        let Target::Component(position) = *slot else { return None };
        *slot = Target::Subject;
        let entry = self.components.get_mut(position as usize)?;
        Some(std::mem::take(&mut entry.component))
    }

    /// How many components there are.
    pub(crate) fn len(&self) -> usize {
        self.components.len()
    }

    /// `from` needs `to`, for `scope`.
    pub(crate) fn depends(&mut self, from: Cow<'de, str>, to: Cow<'de, str>, scope: Scope) {
        if self.edges.len() >= EDGES {
            self.limit(&format!("only the first {EDGES} dependencies were read"));
            return;
        }
        let (from, to) = (self.number(from), self.number(to));
        self.edges.push(Edge { from, to, scope });
    }

    /// Everything that was gathered, sorted by package URL. `size` is the document's, in bytes. With `propagate`, what
    /// is only reached through dependencies for development is for development.
    pub(crate) fn finish(mut self, size: usize, propagate: bool) -> (Vec<Component>, Vec<Problem>) {
        let links = self.links();
        if propagate {
            self.propagate(&links);
        }
        self.relate(&links, DEPENDENCY_BYTES.saturating_add(size.saturating_mul(4)));
        let mut components: Vec<Component> = self
            .components
            .into_iter()
            .map(|entry| entry.component)
            .filter(|component| !component.purl.is_empty())
            .collect();
        components.sort_by(|a, b| a.purl.cmp(&b.purl));
        (components, self.problems)
    }

    fn refer(&mut self, reference: Cow<'de, str>, target: Target) {
        if reference.is_empty() {
            return;
        }
        let number = self.number(reference);
        if let Some(slot) = self.targets.get_mut(number as usize)
            && *slot == Target::Unknown
        {
            *slot = target;
        }
    }

    fn number(&mut self, reference: Cow<'de, str>) -> u32 {
        let next = self.references.len() as u32;
        let number = *self.references.entry(reference).or_insert(next);
        if number == next {
            self.targets.push(Target::Unknown);
        }
        number
    }

    fn limit(&mut self, detail: &str) {
        if !self.full {
            self.full = true;
            self.problems.push(Problem::new(ProblemKind::Limit, detail));
        }
    }

    /// The edges between components (`None`: the subject), sorted, each once with its widest scope.
    fn links(&mut self) -> Vec<Link> {
        let target = |number: u32| self.targets.get(number as usize).copied().unwrap_or_default();
        let mut links = Vec::with_capacity(self.edges.len());
        let mut dangling = 0_usize;
        for edge in &self.edges {
            match (target(edge.from), target(edge.to)) {
                (Target::Unknown, _) | (_, Target::Unknown) => dangling += 1,
                (Target::Subject, Target::Component(to)) => {
                    links.push(Link { from: None, to, scope: edge.scope })
                }
                (Target::Component(from), Target::Component(to)) if from != to => {
                    links.push(Link { from: Some(from), to, scope: edge.scope });
                }
                _ => {}
            }
        }
        self.edges = Vec::new();
        links.sort_unstable_by(|a, b| (a.from, a.to).cmp(&(b.from, b.to)).then(b.scope.cmp(&a.scope)));
        links.dedup_by_key(|link| (link.from, link.to));
        if dangling > 0 {
            let detail =
                format!("{dangling} dependencies lead from or to something that the document does not list");
            self.problems.push(Problem::new(ProblemKind::Dangling, detail));
        }
        links
    }

    /// Gives every component that the subject reaches the widest scope of the ways to it; a way is as wide as its
    /// narrowest link. One pass for each scope, widest first.
    fn propagate(&mut self, links: &[Link]) {
        let mut reached: Vec<Option<Scope>> = vec![None; self.components.len()];
        for scope in [Scope::Runtime, Scope::Optional, Scope::Development] {
            let wide =
                |from: Option<u32>| links_from(links, from).iter().filter(move |link| link.scope >= scope);
            let mut expanded = vec![false; reached.len()];
            let mut waiting: Vec<u32> = wide(None).map(|link| link.to).collect();
            waiting
                .extend((0_u32..).zip(&reached).filter(|(_, reached)| reached.is_some()).map(|(at, _)| at));
            while let Some(at) = waiting.pop() {
                let Some(done) = expanded.get_mut(at as usize) else { continue };
                if std::mem::replace(done, true) {
                    continue;
                }
                if let Some(slot) = reached.get_mut(at as usize) {
                    slot.get_or_insert(scope);
                }
                waiting.extend(wide(Some(at)).map(|link| link.to));
            }
        }
        for (entry, reached) in self.components.iter_mut().zip(reached) {
            if let (None, Some(scope)) = (entry.scope, reached) {
                entry.component.scope = scope;
            }
        }
    }

    fn relate(&mut self, links: &[Link], budget: usize) {
        let mut left = budget;
        for link in links {
            let relation = if link.from.is_none() { Relation::Direct } else { Relation::Transitive };
            let Some(to) = self.components.get_mut(link.to as usize) else { continue };
            to.component.relation = to.component.relation.max(relation);
            let Some(from) = link.from else { continue };
            let purl = to.component.purl.clone();
            match left.checked_sub(purl.len()) {
                Some(rest) if !purl.is_empty() => {
                    left = rest;
                    if let Some(from) = self.components.get_mut(from as usize) {
                        from.component.depends_on.push(purl);
                    }
                }
                Some(_) => {}
                None => return self.limit("the dependencies take too much room; some were left out"),
            }
        }
        for entry in &mut self.components {
            entry.component.depends_on.sort_unstable();
            if let Some(relation) = entry.relation {
                entry.component.relation = relation;
            }
        }
    }
}

impl Entry {
    fn merge(&mut self, other: Component, said: Said) {
        let mine = &mut self.component;
        // Nothing said means runtime; the widest need wins.
        let scope = self.scope.unwrap_or_default().max(said.scope.unwrap_or_default());
        self.scope = self.scope.and(said.scope).map(|_| scope);
        self.relation = self.relation.max(said.relation);
        mine.scope = scope;
        mine.requirement = mine.requirement.take().or(other.requirement);
        mine.upstream = mine.upstream.take().or(other.upstream);
        add_missing(&mut mine.licenses, other.licenses);
        add_missing(&mut mine.checksums, other.checksums);
        add_missing(&mut mine.locations, other.locations);
    }
}

/// At most this many entries of one kind are put together from several mentions of a component.
const MERGED: usize = 64;

fn add_missing<T: PartialEq>(list: &mut Vec<T>, more: Vec<T>) {
    for each in more {
        if list.len() < MERGED && !list.contains(&each) {
            list.push(each);
        }
    }
}

/// A dependency between positions of components.
#[derive(Clone, Copy, Debug)]
struct Link {
    from: Option<u32>,
    to: u32,
    scope: Scope,
}

fn links_from(links: &[Link], from: Option<u32>) -> &[Link] {
    let start = links.partition_point(|link| link.from < from);
    let end = links.partition_point(|link| link.from <= from);
    links.get(start..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn component(purl: &str) -> Component {
        Component { purl: purl.to_owned(), name: purl.to_owned(), ..Component::default() }
    }

    fn check(edges: &[(&'static str, &'static str, Scope)], expected: &[(&str, Scope, Relation)]) {
        let mut collector = Collector::default();
        collector.subject(Cow::Borrowed("root"));
        for name in ["a", "b", "c", "d"] {
            collector.add(Cow::Borrowed(name), component(name), Said::default());
        }
        for (from, to, scope) in edges {
            collector.depends(Cow::Borrowed(from), Cow::Borrowed(to), *scope);
        }
        let (components, _) = collector.finish(0, true);
        for (name, scope, relation) in expected {
            let found = components.iter().find(|component| component.purl == *name).expect("a component");
            assert_eq!((found.scope, found.relation), (*scope, *relation), "{name}: {edges:?}");
        }
    }

    #[test]
    fn the_widest_way_decides_the_scope() {
        use Relation::{Direct, Transitive, Unknown};
        use Scope::{Development, Optional, Runtime};
        check(
            &[("root", "a", Development), ("a", "b", Runtime), ("root", "c", Optional), ("c", "b", Runtime)],
            &[
                ("a", Development, Direct),
                ("b", Optional, Transitive),
                ("c", Optional, Direct),
                ("d", Runtime, Unknown),
            ],
        );
        check(
            &[("root", "a", Runtime), ("a", "b", Development), ("b", "a", Runtime), ("b", "c", Runtime)],
            &[("a", Runtime, Direct), ("b", Development, Transitive), ("c", Development, Transitive)],
        );
    }

    #[test]
    fn mentions_of_one_component_are_one() {
        let mut collector = Collector::default();
        let dev = Said { scope: Some(Scope::Development), relation: None };
        for (reference, said) in [("1", dev), ("2", Said::default())] {
            let scope = said.scope.unwrap_or_default();
            collector.add(Cow::Borrowed(reference), Component { scope, ..component("a") }, said);
        }
        collector.add(Cow::Borrowed("3"), component("b"), Said::default());
        collector.depends(Cow::Borrowed("2"), Cow::Borrowed("3"), Scope::Runtime);
        collector.depends(Cow::Borrowed("1"), Cow::Borrowed("3"), Scope::Runtime);
        collector.depends(Cow::Borrowed("1"), Cow::Borrowed("9"), Scope::Runtime);
        let (components, problems) = collector.finish(0, false);
        assert_eq!(components.len(), 2);
        assert_eq!(components[0].scope, Scope::Runtime);
        assert_eq!(components[0].depends_on, ["b"]);
        assert_eq!(problems.iter().map(|problem| problem.kind).collect::<Vec<_>>(), [ProblemKind::Dangling]);
    }
}
