use smallvec::SmallVec;

use crate::flow::{Expression, ExpressionId, ExpressionKind, Instruction, Origin, Parameter, Place};

/// What a function does, as points joined by the ways that it can take.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    points: Vec<Point>,
    /// The points that can be reached, in the order of the source.
    reachable: Vec<u32>,
}

#[derive(Clone, Debug)]
struct Point {
    kind: PointKind,
    after: SmallVec<[u32; 2]>,
    before: SmallVec<[u32; 2]>,
}

/// What happens at a point.
#[derive(Clone, Debug)]
pub enum PointKind {
    /// The function begins.
    Enter,
    /// The function ends.
    Exit,
    /// Ways part or come together.
    Join,
    /// An instruction.
    Do(Instruction),
    /// A condition decides on the way.
    Condition(ExpressionId),
    /// An exception is thrown.
    Throw(ExpressionId),
    /// The function returns.
    Return {
        /// What it returns.
        value: ExpressionId,
        /// Where the word stands.
        word: Origin,
    },
    /// The body of a lambda begins.
    Lambda(Vec<Parameter>),
}

impl PointKind {
    /// Calls with every place that is set or read there, and with every expression.
    pub(crate) fn visit<'p>(
        &'p self,
        program: &'p [Expression],
        mut place: impl FnMut(&'p Place),
        mut expression: impl FnMut(&'p Expression),
    ) {
        let mut parts = Vec::new();
        match self {
            Self::Do(instruction) => {
                if let Some(to) = instruction.target() {
                    place(to);
                    to.parts(&mut parts);
                }
                instruction.parts(&mut parts);
            }
            Self::Condition(value) | Self::Throw(value) | Self::Return { value, .. } => parts.push(*value),
            Self::Enter | Self::Exit | Self::Join | Self::Lambda(_) => {}
        }
        while let Some(part) = parts.pop() {
            let Some(found) = program.get(part.index()) else { continue };
            expression(found);
            if let ExpressionKind::Read(read) = &found.kind {
                place(read);
                read.parts(&mut parts);
            }
            found.kind.parts(&mut parts);
        }
    }
}

impl Graph {
    /// How many points there are.
    pub fn len(&self) -> usize {
        self.points.len()
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.points.is_empty()
    }

    /// What happens at a point.
    pub fn kind(&self, point: u32) -> Option<&PointKind> {
        self.points.get(point as usize).map(|point| &point.kind)
    }

    /// The points that can come after a point.
    pub fn after(&self, point: u32) -> &[u32] {
        self.points.get(point as usize).map_or(&[], |point| &point.after)
    }

    /// The points that a point can come after.
    pub fn before(&self, point: u32) -> &[u32] {
        self.points.get(point as usize).map_or(&[], |point| &point.before)
    }

    /// Whether a point can be reached.
    pub(super) fn is_reachable(&self, point: u32) -> bool {
        self.reachable.binary_search(&point).is_ok()
    }

    /// The points that can be reached.
    pub fn reachable(&self) -> &[u32] {
        &self.reachable
    }

    /// The point where it ends, which is its last.
    pub fn exit(&self) -> u32 {
        u32::try_from(self.points.len()).unwrap_or(u32::MAX).saturating_sub(1)
    }

    pub(super) fn add(&mut self, kind: PointKind) -> u32 {
        self.points.push(Point { kind, after: SmallVec::new(), before: SmallVec::new() });
        self.exit()
    }

    pub(super) fn join(&mut self, from: u32, to: u32) {
        let Some(point) = self.points.get_mut(from as usize) else { return };
        if point.after.contains(&to) {
            return;
        }
        point.after.push(to);
        if let Some(point) = self.points.get_mut(to as usize) {
            point.before.push(from);
        }
    }

    /// Finds out what can be reached, once everything is joined.
    pub(super) fn finish(&mut self) {
        let mut is_reached = vec![false; self.points.len()];
        let mut next = vec![0_u32];
        while let Some(point) = next.pop() {
            match is_reached.get_mut(point as usize) {
                Some(reached) if !*reached => *reached = true,
                _ => continue,
            }
            next.extend_from_slice(self.after(point));
        }
        let all = 0..u32::try_from(self.points.len()).unwrap_or(u32::MAX);
        self.reachable = all.filter(|point| is_reached.get(*point as usize) == Some(&true)).collect();
    }
}
