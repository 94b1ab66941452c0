use super::{Data, Fault, NodeKind, Slice, Tree};
use crate::Problem;

/// Puts a tree together in the order of its text.
pub(super) struct Builder<'a> {
    tree: Tree<'a>,
    open: Vec<u32>,
    key: Option<(Slice, u32)>,
    /// Where the last complete node ended.
    last_end: u32,
}

/// The tree has as many nodes as it may have.
pub(super) struct Full;

impl<'a> Builder<'a> {
    /// `None` if the text is too long for its offsets.
    pub(super) fn new(source: &'a str) -> Result<Self, Tree<'a>> {
        let tree =
            Tree { source, nodes: Vec::new(), owned: Vec::new(), roots: Vec::new(), faults: Vec::new() };
        let mut builder = Self { tree, open: Vec::new(), key: None, last_end: 0 };
        if source.len() >= Slice::OWNED as usize {
            builder.fault(0, Problem::TooLarge(Slice::OWNED as usize));
            return Err(builder.tree);
        }
        Ok(builder)
    }

    /// The kind of what is open innermost.
    pub(super) fn inside(&self) -> Option<NodeKind> {
        let index = *self.open.last()?;
        self.tree.nodes.get(index as usize).map(|data| data.kind)
    }

    pub(super) fn depth(&self) -> usize {
        self.open.len()
    }

    /// Whether a key comes next.
    pub(super) fn wants_key(&self) -> bool {
        self.key.is_none() && self.inside() == Some(NodeKind::Map)
    }

    pub(super) fn has_key(&self) -> bool {
        self.key.is_some()
    }

    pub(super) fn set_key(&mut self, text: Slice, start: usize) {
        self.key = Some((text, offset(start)));
    }

    /// Forgets a key without a value.
    pub(super) fn drop_key(&mut self) {
        self.key = None;
    }

    pub(super) fn scalar(
        &mut self,
        kind: NodeKind,
        text: Slice,
        start: usize,
        end: usize,
    ) -> Result<u32, Full> {
        let index = self.add(kind, text, start, end)?;
        self.last_end = offset(end);
        Ok(index)
    }

    pub(super) fn open(&mut self, kind: NodeKind, start: usize) -> Result<u32, Full> {
        let index = self.add(kind, Slice::default(), start, start)?;
        self.open.push(index);
        Ok(index)
    }

    /// Ends what is open innermost: at `end`, or where its last descendant ends. The node that was closed.
    pub(super) fn close(&mut self, end: Option<usize>) -> Option<u32> {
        self.key = None;
        let index = self.open.pop()?;
        let count = offset(self.tree.nodes.len());
        let data = self.tree.nodes.get_mut(index as usize)?;
        data.size = count - index;
        data.end = end.map_or(self.last_end, offset).max(data.start);
        self.last_end = data.end;
        Some(index)
    }

    /// Repeats a complete subtree here.
    pub(super) fn repeat(&mut self, index: u32) -> Result<(), Full> {
        let Some(original) = self.tree.nodes.get(index as usize).copied() else { return Ok(()) };
        let (start, size) = (index as usize, original.size as usize);
        if self.tree.nodes.len() + size > Tree::MAX_NODES {
            return Err(Full);
        }
        let copy = self.add(original.kind, original.text, 0, 0)?;
        if let Some(data) = self.tree.nodes.get_mut(copy as usize) {
            (data.start, data.end, data.size) = (original.start, original.end, original.size);
        }
        self.tree.nodes.extend_from_within(start + 1..start + size);
        Ok(())
    }

    /// The text of a scalar that was read already, for a key that repeats it.
    pub(super) fn scalar_of(&self, index: u32) -> Option<Slice> {
        let data = self.tree.nodes.get(index as usize)?;
        (!matches!(data.kind, NodeKind::List | NodeKind::Map)).then_some(data.text)
    }

    pub(super) fn own(&mut self, text: String) -> Slice {
        let at = offset(self.tree.owned.len());
        self.tree.owned.push(text);
        Slice { at, len: Slice::OWNED }
    }

    /// Notes a fault.
    pub(super) fn fault(&mut self, at: usize, problem: Problem) {
        if self.tree.faults.len() < Tree::MAX_FAULTS {
            self.tree.faults.push(Fault { offset: at, problem });
        }
    }

    pub(super) fn finish(mut self) -> Tree<'a> {
        while self.close(None).is_some() {}
        self.tree
    }

    fn add(&mut self, kind: NodeKind, text: Slice, start: usize, end: usize) -> Result<u32, Full> {
        if self.tree.nodes.len() >= Tree::MAX_NODES {
            return Err(Full);
        }
        let index = offset(self.tree.nodes.len());
        let (key, key_start) = self.key.take().unwrap_or_default();
        let keyed = self.inside() == Some(NodeKind::Map);
        if self.open.is_empty() {
            self.tree.roots.push(index);
        }
        let (start, end) = (offset(start), offset(end));
        self.tree.nodes.push(Data { kind, keyed, text, key, key_start, start, end, size: 1 });
        Ok(index)
    }
}

pub(super) fn slice(start: usize, end: usize) -> Slice {
    Slice { at: offset(start), len: offset(end.saturating_sub(start)) }
}

fn offset(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}
