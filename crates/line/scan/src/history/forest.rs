//! Which object of a pack is a delta of which.

use gix::object::Kind;
use gix::odb::pack::data::entry::Header;

use super::objects::Pack;

/// Position of an object in its pack's index.
pub(super) type Ordinal = u32;

const NONE: Ordinal = Ordinal::MAX;

/// The delta trees of a pack.
pub(super) struct Forest {
    kinds: Vec<Option<Kind>>,
    bases: Vec<Ordinal>,
    /// Objects without a base, in pack order.
    roots: Vec<Ordinal>,
    /// `children[starts[n]..starts[n + 1]]` are the deltas of object `n`, in pack order.
    starts: Vec<u32>,
    children: Vec<Ordinal>,
    /// Objects whose header cannot be read or whose base is nowhere.
    pub(super) broken: Vec<Ordinal>,
}

impl Forest {
    /// Reads the header of every object of the pack.
    pub(super) fn of(pack: &Pack) -> Self {
        let count = pack.index.num_objects();
        let mut order: Vec<(u64, Ordinal)> =
            (0..count).map(|n| (pack.index.pack_offset_at_index(n), n)).collect();
        order.sort_unstable();
        let mut forest = Self {
            kinds: vec![None; count as usize],
            bases: vec![NONE; count as usize],
            roots: Vec::new(),
            starts: Vec::new(),
            children: Vec::new(),
            broken: Vec::new(),
        };
        for &(offset, ordinal) in &order {
            forest.read_header(pack, &order, offset, ordinal);
        }
        forest.link(&order);
        forest.spread_kinds();
        forest
    }

    pub(super) fn kind(&self, ordinal: Ordinal) -> Option<Kind> {
        self.kinds.get(ordinal as usize).copied().flatten()
    }

    /// The objects of a kind that are stored whole, in pack order.
    pub(super) fn roots(&self, kind: Kind) -> Vec<Ordinal> {
        self.roots.iter().copied().filter(|root| self.kind(*root) == Some(kind)).collect()
    }

    /// The deltas whose base is `ordinal`.
    pub(super) fn children(&self, ordinal: Ordinal) -> &[Ordinal] {
        let at = ordinal as usize;
        let (Some(start), Some(end)) = (self.starts.get(at), self.starts.get(at + 1)) else { return &[] };
        self.children.get(*start as usize..*end as usize).unwrap_or(&[])
    }

    /// The base of a delta.
    pub(super) fn base(&self, ordinal: Ordinal) -> Option<Ordinal> {
        self.bases.get(ordinal as usize).copied().filter(|base| *base != NONE)
    }

    /// How many objects are of a kind.
    pub(super) fn count(&self, kind: Kind) -> u64 {
        self.kinds.iter().filter(|other| **other == Some(kind)).count() as u64
    }

    fn read_header(&mut self, pack: &Pack, order: &[(u64, Ordinal)], offset: u64, ordinal: Ordinal) {
        let Ok(entry) = pack.data.entry(offset) else { return self.broken.push(ordinal) };
        let base = match entry.header {
            Header::OfsDelta { base_distance } => offset.checked_sub(base_distance).and_then(|base| {
                let position = order.binary_search_by_key(&base, |(offset, _)| *offset).ok()?;
                order.get(position).map(|(_, ordinal)| *ordinal)
            }),
            Header::RefDelta { base_id } => pack.index.lookup(base_id),
            _ => {
                self.kinds[ordinal as usize] = entry.header.as_kind();
                return self.roots.push(ordinal);
            }
        };
        match base {
            Some(base) if base != ordinal => self.bases[ordinal as usize] = base,
            _ => self.broken.push(ordinal),
        }
    }

    fn link(&mut self, order: &[(u64, Ordinal)]) {
        let mut starts = vec![0_u32; self.bases.len() + 1];
        for base in self.bases.iter().filter(|base| **base != NONE) {
            starts[*base as usize + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut next = starts.clone();
        self.children = vec![0; starts.last().copied().unwrap_or(0) as usize];
        for &(_, ordinal) in order {
            let base = self.bases[ordinal as usize];
            if base != NONE {
                let slot = &mut next[base as usize];
                self.children[*slot as usize] = ordinal;
                *slot += 1;
            }
        }
        self.starts = starts;
    }

    /// A delta is of its base's kind. What no root reaches (a circle) is broken.
    fn spread_kinds(&mut self) {
        let mut stack = self.roots.clone();
        while let Some(ordinal) = stack.pop() {
            let kind = self.kinds[ordinal as usize];
            for at in self.starts[ordinal as usize]..self.starts[ordinal as usize + 1] {
                let child = self.children[at as usize];
                self.kinds[child as usize] = kind;
                stack.push(child);
            }
        }
        let unreached = (0..self.kinds.len() as u32).filter(|n| self.kinds[*n as usize].is_none());
        self.broken.extend(unreached);
        self.broken.sort_unstable();
        self.broken.dedup();
    }
}
