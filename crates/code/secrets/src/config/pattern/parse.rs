use std::collections::HashSet;

use regex_syntax::hir::{Capture, Class, ClassUnicode, ClassUnicodeRange, Hir, Look, Repetition};
use serde::{Deserialize, Serialize};

use super::PatternError;
use super::class::{self, Set};
use super::escape;

/// What `(?imsU)` sets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Flags {
    pub(super) fold: bool,
    multi_line: bool,
    dot_newline: bool,
    swap_greed: bool,
}

/// An expression, how many groups it has, and the flags that are set at its end.
pub(super) struct Parsed {
    pub(super) hir: Hir,
    pub(super) groups: usize,
    pub(super) flags: Flags,
}

/// How deep groups and repetitions may nest.
const DEPTH_LIMIT: u32 = 128;
/// How often something may be repeated by `{n,m}`, the product of nested ones; Go's limit.
const REPEAT_LIMIT: u32 = 1000;
/// How long an expression may be, in bytes.
const LENGTH_LIMIT: usize = 64 << 10;
/// How many ranges the classes of an expression may have together.
const RANGE_LIMIT: usize = 200_000;

/// Parses as Go's `regexp/syntax` does with the flags of `regexp.Compile`.
pub(super) fn parse(source: &str, flags: Flags) -> Result<Parsed, PatternError> {
    if source.len() > LENGTH_LIMIT {
        return Err(PatternError::new(format!("it is longer than {} KiB", LENGTH_LIMIT >> 10)));
    }
    let mut parser = Parser {
        rest: source,
        flags,
        outer: Vec::new(),
        open: Frame { kind: Kind::Plain, flags, branches: Vec::new(), items: Vec::new() },
        groups: 0,
        names: HashSet::new(),
        ranges: 0,
    };
    match parser.run() {
        Ok(hir) => Ok(Parsed { hir, groups: parser.groups as usize, flags: parser.flags }),
        Err(e) => {
            let at = source.len().saturating_sub(parser.rest.len());
            Err(PatternError::new(format!("{} (byte {at} of the expression)", e.message)))
        }
    }
}

struct Parser<'a> {
    /// What is still to be read; on error, from where it could not be.
    rest: &'a str,
    flags: Flags,
    outer: Vec<Frame>,
    open: Frame,
    groups: u32,
    names: HashSet<&'a str>,
    ranges: usize,
}

/// A group that is not closed yet.
struct Frame {
    kind: Kind,
    /// The flags to return to when it closes.
    flags: Flags,
    branches: Vec<Item>,
    items: Vec<Item>,
}

enum Kind {
    Plain,
    Capture(u32, Option<Box<str>>),
}

struct Item {
    hir: Hir,
    depth: u32,
    repeats: u32,
}

impl<'a> Parser<'a> {
    fn run(&mut self) -> Result<Hir, PatternError> {
        let mut after_repeat = false;
        while let Some(c) = self.rest.chars().next() {
            let before = self.rest;
            after_repeat = self.step(c, after_repeat).inspect_err(|_| self.rest = before)?;
        }
        if !self.outer.is_empty() {
            return Err(PatternError::new("a `(` is not closed"));
        }
        self.end_branch();
        Ok(alternation(std::mem::take(&mut self.open.branches)).hir)
    }

    /// Reads one element; returns whether it was a repetition.
    fn step(&mut self, c: char, after_repeat: bool) -> Result<bool, PatternError> {
        match c {
            '(' => self.open_group()?,
            ')' => self.close_group()?,
            '|' => {
                self.skip(1);
                self.end_branch();
            }
            '^' => self.look(if self.flags.multi_line { Look::StartLF } else { Look::Start }, 1),
            '$' => self.look(if self.flags.multi_line { Look::EndLF } else { Look::End }, 1),
            '.' => {
                self.skip(1);
                let class = if self.flags.dot_newline { any() } else { any_but_newline() };
                self.push(Hir::class(Class::Unicode(class)));
            }
            '[' => {
                let (class, rest) = class::bracket(self.rest, self.flags.fold)?;
                self.rest = rest;
                self.class(class)?;
            }
            '*' | '+' | '?' => {
                self.skip(1);
                let (min, max) = match c {
                    '*' => (0, None),
                    '+' => (1, None),
                    _ => (0, Some(1)),
                };
                self.repeat(min, max, false, after_repeat)?;
                return Ok(true);
            }
            '{' => return self.counted(after_repeat),
            '\\' => self.escape()?,
            _ => {
                self.skip(c.len_utf8());
                self.literal(c)?;
            }
        }
        Ok(false)
    }

    fn skip(&mut self, bytes: usize) {
        self.rest = self.rest.get(bytes..).unwrap_or_default();
    }

    fn push(&mut self, hir: Hir) {
        self.open.items.push(Item { hir, depth: 0, repeats: 1 });
    }

    fn look(&mut self, look: Look, bytes: usize) {
        self.skip(bytes);
        self.push(Hir::look(look));
    }

    fn class(&mut self, class: ClassUnicode) -> Result<(), PatternError> {
        self.ranges += class.ranges().len();
        if self.ranges > RANGE_LIMIT {
            return Err(PatternError::new("its character classes are too large"));
        }
        self.push(Hir::class(Class::Unicode(class)));
        Ok(())
    }

    fn literal(&mut self, c: char) -> Result<(), PatternError> {
        if self.flags.fold && (c.is_ascii_alphabetic() || !c.is_ascii()) {
            let mut set = Set::new(true);
            set.range(c, c)?;
            return self.class(set.finish(false));
        }
        self.push(Hir::literal(c.encode_utf8(&mut [0; 4]).as_bytes()));
        Ok(())
    }

    fn escape(&mut self) -> Result<(), PatternError> {
        let second = self.rest.chars().nth(1);
        match second {
            Some('A') => self.look(Look::Start, 2),
            Some('z') => self.look(Look::End, 2),
            Some('b') => self.look(Look::WordAscii, 2),
            Some('B') => self.look(Look::WordAsciiNegate, 2),
            Some('Q') => {
                let quoted = self.rest.get(2..).unwrap_or_default();
                let (text, rest) = quoted.split_once("\\E").unwrap_or((quoted, ""));
                for c in text.chars() {
                    self.literal(c)?;
                }
                self.rest = rest;
            }
            _ => {
                let mut set = Set::new(self.flags.fold);
                if let Some(rest) = set.named(self.rest)? {
                    self.rest = rest;
                    return self.class(set.finish(false));
                }
                let (c, rest) = escape::character(self.rest)?;
                self.rest = rest;
                self.literal(c)?;
            }
        }
        Ok(())
    }

    fn open_group(&mut self) -> Result<(), PatternError> {
        if self.outer.len() >= DEPTH_LIMIT as usize {
            return Err(PatternError::new(format!("groups nest deeper than {DEPTH_LIMIT} levels")));
        }
        let outside = self.flags;
        let kind = if self.rest.starts_with("(?P<") || self.rest.starts_with("(?<") {
            self.capture_name()?
        } else if self.rest.starts_with("(?") {
            let (flags, opens, rest) = flags(self.rest, self.flags)?;
            self.flags = flags;
            self.rest = rest;
            if !opens {
                return Ok(());
            }
            Kind::Plain
        } else {
            self.skip(1);
            self.groups += 1;
            Kind::Capture(self.groups, None)
        };
        let frame = Frame { kind, flags: outside, branches: Vec::new(), items: Vec::new() };
        self.outer.push(std::mem::replace(&mut self.open, frame));
        Ok(())
    }

    fn capture_name(&mut self) -> Result<Kind, PatternError> {
        if self.rest.starts_with("(?<=") || self.rest.starts_with("(?<!") {
            return Err(PatternError::new("look-behind `(?<=…)` is not in Go's syntax"));
        }
        let (head, rest) = self
            .rest
            .split_once('>')
            .ok_or_else(|| PatternError::new("the name of a group is not closed by `>`"))?;
        let name = head.split_once('<').map_or("", |(_, name)| name);
        if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
            return Err(PatternError::new("the name of a group must be of letters, digits and `_`"));
        }
        if !self.names.insert(name) {
            return Err(PatternError::new(format!("two groups are named `{name}`")));
        }
        self.rest = rest;
        self.groups += 1;
        Ok(Kind::Capture(self.groups, Some(name.into())))
    }

    fn close_group(&mut self) -> Result<(), PatternError> {
        let outer = self.outer.pop().ok_or_else(|| PatternError::new("a `)` closes nothing"))?;
        self.skip(1);
        self.end_branch();
        let group = std::mem::replace(&mut self.open, outer);
        self.flags = group.flags;
        let mut item = alternation(group.branches);
        item.depth = deeper(item.depth)?;
        if let Kind::Capture(index, name) = group.kind {
            item.hir = Hir::capture(Capture { index, name, sub: Box::new(item.hir) });
        }
        self.open.items.push(item);
        Ok(())
    }

    fn end_branch(&mut self) {
        let items = std::mem::take(&mut self.open.items);
        self.open.branches.push(join(items, Hir::concat));
    }

    /// `{n}`, `{n,}`, `{n,m}`; any other `{` is itself.
    fn counted(&mut self, after_repeat: bool) -> Result<bool, PatternError> {
        let Some((min, max, rest)) = escape::bounds(self.rest) else {
            self.skip(1);
            self.literal('{')?;
            return Ok(false);
        };
        if min > REPEAT_LIMIT || max.is_some_and(|max| max > REPEAT_LIMIT || max < min) {
            return Err(PatternError::new(format!(
                "a repetition `{{n,m}}` must be in order and at most {REPEAT_LIMIT}"
            )));
        }
        self.rest = rest;
        self.repeat(min, max, true, after_repeat)?;
        Ok(true)
    }

    fn repeat(
        &mut self,
        min: u32,
        max: Option<u32>,
        counted: bool,
        after_repeat: bool,
    ) -> Result<(), PatternError> {
        let lazy = self.rest.starts_with('?');
        self.skip(usize::from(lazy));
        if after_repeat {
            return Err(PatternError::new("a repetition of a repetition needs a group: `(?:…)`"));
        }
        let item =
            self.open.items.pop().ok_or_else(|| PatternError::new("there is nothing before a repetition"))?;
        let times = if counted { max.unwrap_or(min).max(1) } else { 1 };
        let repeats = item.repeats.saturating_mul(times);
        if repeats > REPEAT_LIMIT {
            return Err(PatternError::new(format!(
                "nested repetitions multiply to more than {REPEAT_LIMIT}"
            )));
        }
        let depth = deeper(item.depth)?;
        let greedy = lazy == self.flags.swap_greed;
        let hir = Hir::repetition(Repetition { min, max, greedy, sub: Box::new(item.hir) });
        self.open.items.push(Item { hir, depth, repeats });
        Ok(())
    }
}

/// `(?flags)` and `(?flags:`: the flags, whether a group opens, what follows.
fn flags(source: &str, before: Flags) -> Result<(Flags, bool, &str), PatternError> {
    let bad =
        || PatternError::new("Go's syntax has no such group; look-around and atomic groups are not in it");
    let mut flags = before;
    let (mut on, mut any) = (true, false);
    let mut rest = source.get(2..).unwrap_or_default();
    while let Some(c) = rest.chars().next() {
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
        match c {
            'i' => flags.fold = on,
            'm' => flags.multi_line = on,
            's' => flags.dot_newline = on,
            'U' => flags.swap_greed = on,
            '-' if on => on = false,
            ':' | ')' if on || any => return Ok((flags, c == ':', rest)),
            _ => return Err(bad()),
        }
        any = c != '-';
    }
    Err(bad())
}

fn alternation(branches: Vec<Item>) -> Item {
    join(branches, Hir::alternation)
}

fn join(items: Vec<Item>, with: fn(Vec<Hir>) -> Hir) -> Item {
    let depth = items.iter().map(|i| i.depth).max().unwrap_or(0);
    let repeats = items.iter().map(|i| i.repeats).max().unwrap_or(1);
    Item { hir: with(items.into_iter().map(|i| i.hir).collect()), depth, repeats }
}

fn deeper(depth: u32) -> Result<u32, PatternError> {
    if depth >= DEPTH_LIMIT {
        return Err(PatternError::new(format!(
            "groups and repetitions nest deeper than {DEPTH_LIMIT} levels"
        )));
    }
    Ok(depth + 1)
}

fn any() -> ClassUnicode {
    ClassUnicode::new([ClassUnicodeRange::new('\0', char::MAX)])
}

fn any_but_newline() -> ClassUnicode {
    ClassUnicode::new([ClassUnicodeRange::new('\0', '\x09'), ClassUnicodeRange::new('\x0b', char::MAX)])
}
