//! Visits all objects of one kind of a pack, each inflated once, in pack order along the delta trees, in parallel.

use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use andon_model::Piece;
use gix::object::Kind;
use rayon::iter::{IntoParallelIterator, ParallelIterator};

use super::delta;
use super::forest::{Forest, Ordinal};
use super::objects::Pack;

/// Bytes of bases that one thread holds for later; beyond it bases are made again when needed.
const HELD: usize = 64 << 20;

/// An object that a sweep could not visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Trouble {
    pub(super) ordinal: Ordinal,
    pub(super) reason: Reason,
}

/// Why an object could not be visited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    /// It holds this many bytes.
    TooLarge(u64),
    Damaged,
    /// Its base could not be visited.
    Base,
}

/// What a sweep needs to know.
pub(super) struct Sweep<'a> {
    pub(super) pack: &'a Pack,
    pub(super) forest: &'a Forest,
    /// Largest object in bytes.
    pub(super) limit: u64,
    pub(super) interrupted: &'a AtomicBool,
}

/// What is kept of an object while its deltas are visited, and which of its pieces they hold.
pub(super) struct Known<'a, M> {
    pub(super) memory: &'a M,
    pub(super) pieces: &'a [Piece],
}

/// An object that is visited.
pub(super) struct Visit<'a, M> {
    pub(super) ordinal: Ordinal,
    pub(super) content: &'a [u8],
    /// Its base, if that is at hand.
    pub(super) base: Option<Known<'a, M>>,
    /// Whether it has deltas of its own.
    pub(super) is_base: bool,
}

impl Sweep<'_> {
    /// Calls `visit` for every object of a kind; what it returns is shown to it with the object's deltas. Returns the
    /// states of the work, one a thread, in no fixed order, and what could not be visited.
    pub(super) fn run<S: Send, M>(
        &self,
        kind: Kind,
        start: impl Fn() -> S + Sync,
        visit: impl Fn(&mut S, Visit<'_, M>) -> M + Sync,
    ) -> (Vec<S>, Vec<Trouble>) {
        let idle = Mutex::new(Vec::new());
        self.forest.roots(kind).into_par_iter().for_each(|root| {
            let taken = idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let (mut state, mut tools, mut troubles) =
                taken.unwrap_or_else(|| (start(), Tools::default(), Vec::new()));
            let mut walk = Walk { sweep: self, tools: &mut tools, held: 0 };
            walk.tree(root, &mut troubles, &mut |seen| visit(&mut state, seen));
            idle.lock().unwrap_or_else(PoisonError::into_inner).push((state, tools, troubles));
        });
        let mut states = Vec::new();
        let mut troubles = Vec::new();
        for (state, _, found) in idle.into_inner().unwrap_or_else(PoisonError::into_inner) {
            states.push(state);
            troubles.extend(found);
        }
        troubles.sort_by_key(|trouble| trouble.ordinal);
        (states, troubles)
    }
}

#[derive(Default)]
struct Tools {
    inflate: gix::zlib::Inflate,
    delta: Vec<u8>,
    pieces: Vec<Piece>,
    spare: Vec<Vec<u8>>,
}

struct Walk<'a> {
    sweep: &'a Sweep<'a>,
    tools: &'a mut Tools,
    held: usize,
}

enum Base<M> {
    /// Stored whole.
    None,
    Held(Rc<(Vec<u8>, M)>),
    /// Too many bytes are held already: make it again.
    Again(Ordinal),
}

impl Walk<'_> {
    fn tree<M>(
        &mut self,
        root: Ordinal,
        troubles: &mut Vec<Trouble>,
        visit: &mut dyn FnMut(Visit<'_, M>) -> M,
    ) {
        let mut stack = vec![(root, Base::None)];
        while let Some((ordinal, base)) = stack.pop() {
            if self.sweep.interrupted.load(Ordering::Relaxed) {
                return;
            }
            match self.content(ordinal, &base) {
                Ok(content) => {
                    let known = match &base {
                        Base::Held(held) => Some(Known { memory: &held.1, pieces: &self.tools.pieces }),
                        Base::None | Base::Again(_) => None,
                    };
                    let is_base = !self.sweep.forest.children(ordinal).is_empty();
                    let memory = visit(Visit { ordinal, content: &content, base: known, is_base });
                    self.release(base);
                    self.push_children(ordinal, content, memory, &mut stack);
                }
                Err(reason) => {
                    self.release(base);
                    self.give_up(ordinal, reason, troubles);
                }
            }
        }
    }

    fn push_children<M>(
        &mut self,
        ordinal: Ordinal,
        content: Vec<u8>,
        memory: M,
        stack: &mut Vec<(Ordinal, Base<M>)>,
    ) {
        let children = self.sweep.forest.children(ordinal);
        if children.is_empty() {
            self.tools.keep(content);
        } else if self.held + content.len() > HELD && children.len() > 1 {
            stack.extend(children.iter().rev().map(|child| (*child, Base::Again(ordinal))));
        } else {
            self.held += content.len();
            let held = Rc::new((content, memory));
            stack.extend(children.iter().rev().map(|child| (*child, Base::Held(Rc::clone(&held)))));
        }
    }

    fn release<M>(&mut self, base: Base<M>) {
        if let Base::Held(shared) = base
            && let Ok((content, _)) = Rc::try_unwrap(shared)
        {
            self.held -= content.len();
            self.tools.keep(content);
        }
    }

    fn content<M>(&mut self, ordinal: Ordinal, base: &Base<M>) -> Result<Vec<u8>, Reason> {
        match base {
            Base::None => self.whole(ordinal),
            Base::Held(base) => self.derived(ordinal, &base.0),
            Base::Again(parent) => {
                let base = self.again(*parent)?;
                let content = self.derived(ordinal, &base);
                self.tools.keep(base);
                content
            }
        }
    }

    /// Makes an object again from the root of its delta tree.
    fn again(&mut self, ordinal: Ordinal) -> Result<Vec<u8>, Reason> {
        let mut chain = vec![ordinal];
        while let Some(base) = chain.last().and_then(|last| self.sweep.forest.base(*last)) {
            chain.push(base);
        }
        let mut content = self.whole(chain.pop().unwrap_or(ordinal))?;
        while let Some(next) = chain.pop() {
            let derived = self.derived(next, &content)?;
            self.tools.keep(std::mem::replace(&mut content, derived));
        }
        Ok(content)
    }

    fn whole(&mut self, ordinal: Ordinal) -> Result<Vec<u8>, Reason> {
        let mut content = self.tools.buffer();
        self.inflate(ordinal, &mut content)?;
        Ok(content)
    }

    fn derived(&mut self, ordinal: Ordinal, base: &[u8]) -> Result<Vec<u8>, Reason> {
        let mut instructions = std::mem::take(&mut self.tools.delta);
        let mut content = self.tools.buffer();
        let limit = usize::try_from(self.sweep.limit).unwrap_or(usize::MAX);
        let result = self.inflate(ordinal, &mut instructions).and_then(|()| {
            delta::apply(base, &instructions, limit, &mut content, &mut self.tools.pieces).map_err(|error| {
                match error {
                    delta::DeltaError::TooLarge => {
                        Reason::TooLarge(delta::target_size(&instructions).unwrap_or(usize::MAX) as u64)
                    }
                    _ => Reason::Damaged,
                }
            })
        });
        self.tools.delta = instructions;
        result.map(|()| content)
    }

    fn inflate(&mut self, ordinal: Ordinal, out: &mut Vec<u8>) -> Result<(), Reason> {
        let pack = self.sweep.pack;
        let offset = pack.index.pack_offset_at_index(ordinal);
        let entry = pack.data.entry(offset).map_err(|_| Reason::Damaged)?;
        if entry.decompressed_size > self.sweep.limit {
            return Err(Reason::TooLarge(entry.decompressed_size));
        }
        let size = usize::try_from(entry.decompressed_size).map_err(|_| Reason::Damaged)?;
        out.clear();
        out.resize(size, 0);
        pack.data.decompress_entry(&entry, &mut self.tools.inflate, out).map_err(|_| Reason::Damaged)?;
        Ok(())
    }

    fn give_up(&self, ordinal: Ordinal, reason: Reason, troubles: &mut Vec<Trouble>) {
        troubles.push(Trouble { ordinal, reason });
        let mut stack = self.sweep.forest.children(ordinal).to_vec();
        while let Some(child) = stack.pop() {
            troubles.push(Trouble { ordinal: child, reason: Reason::Base });
            stack.extend(self.sweep.forest.children(child));
        }
    }
}

impl Tools {
    fn buffer(&mut self) -> Vec<u8> {
        self.spare.pop().unwrap_or_default()
    }

    /// Keeps a buffer for reuse, unless it is large or there are enough.
    fn keep(&mut self, buffer: Vec<u8>) {
        const BUFFERS: usize = 16;
        const BYTES: usize = 1 << 20;
        if self.spare.len() < BUFFERS && buffer.capacity() <= BYTES {
            self.spare.push(buffer);
        }
    }
}
