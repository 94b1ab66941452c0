use andon_syntax::{Kind, NodeId, Symbol, Symbols};
use rustc_hash::FxHashMap;

use crate::facts::Constant;
use crate::matching::envs::{Env, Envs, given, none, one};
use crate::matching::{Matcher, Value};
use crate::rule::Expression;

impl Matcher<'_> {
    /// A literal of the pattern against an expression: the same literal, or what is known to have its value.
    pub(super) fn literal(&self, p: NodeId, t: NodeId, env: &Env) -> Envs {
        let (pattern, kind) = (self.pattern_kind(p), self.kind(t));
        if pattern == kind {
            return match pattern {
                Kind::Str => self.string(p, t, env),
                Kind::Int => given(self.same_text(p, t) || self.same_integer(p, t), env),
                _ => given(self.same_text(p, t), env),
            };
        }
        if pattern == Kind::Int && kind == Kind::Unary {
            return none();
        }
        match self.source.facts.constants.get(&t).filter(|_| self.options.constant_propagation) {
            Some(value) => self.constant(p, *value, t, env),
            None => none(),
        }
    }

    fn same_integer(&self, p: NodeId, t: NodeId) -> bool {
        let value = integer(self.pattern_text(p));
        value.is_some() && value == integer(self.source.name(t))
    }

    pub(super) fn string(&self, p: NodeId, t: NodeId, env: &Env) -> Envs {
        let pattern = self.pattern_text(p);
        if pattern == "..." {
            return one(env);
        }
        if is_metavariable(pattern) {
            return self.bind(p, Value { span: self.content_span(t), nodes: None }, env);
        }
        if pattern.starts_with("=~/") {
            return given(self.regex(p, self.source.name(t)), env);
        }
        given(self.same_text(p, t), env)
    }

    /// A regular expression: `/.../` is any, `/$X/` binds what stands between the slashes. Flags count if the pattern has
    /// some.
    pub(super) fn regex_literal(&self, p: NodeId, t: NodeId, env: &Env) -> Envs {
        if self.kind(t) != Kind::Regex {
            return match self.source.facts.constants.get(&t) {
                Some(Constant::Literal(literal)) if self.kind(*literal) == Kind::Regex => {
                    self.regex_literal(p, *literal, env)
                }
                _ => none(),
            };
        }
        let (Some((pattern, wanted)), Some((code, flags))) =
            (split_regex(self.pattern_text(p)), split_regex(self.source.name(t)))
        else {
            return none();
        };
        if !wanted.is_empty() && wanted != "..." && wanted != flags {
            return none();
        }
        match pattern {
            "..." => one(env),
            _ if is_metavariable(pattern) => {
                let start = self.source.tree.span(t).start + 1;
                let name = self.words.find(pattern);
                let value = Value { span: start..start + code.len(), nodes: None };
                name.map_or_else(|| one(env), |name| self.bind_name(name, value, env))
            }
            _ => given(pattern == code, env),
        }
    }

    /// Where the content of a string stands, without its quotes and prefix.
    pub(super) fn content_span(&self, t: NodeId) -> std::ops::Range<usize> {
        let span = self.source.tree.span(t);
        let content = self.source.name(t);
        let whole = self.source.text.get(span.clone()).unwrap_or_default();
        match whole.find(content).filter(|_| !content.is_empty()) {
            Some(at) => span.start + at..span.start + at + content.len(),
            None => {
                let middle = span.start + whole.len().div_ceil(2);
                middle..middle
            }
        }
    }

    fn constant(&self, p: NodeId, value: Constant, t: NodeId, env: &Env) -> Envs {
        let pattern = self.pattern_text(p);
        let same = match (self.pattern_kind(p), value) {
            (Kind::Str, Constant::Text(text)) => return self.constant_text(p, text, t, env),
            (Kind::Str, Constant::SomeText) => pattern == "...",
            (Kind::Int, Constant::Integer(value)) => integer(pattern) == Some(value),
            (Kind::Float, Constant::Number(value)) => {
                pattern.parse::<f64>().is_ok_and(|number| number.to_bits() == value.to_bits())
            }
            (Kind::Bool, Constant::Bool(value)) => pattern == if value { "true" } else { "false" },
            (kind, Constant::Literal(literal)) if kind == self.kind(literal) => {
                return self.node(p, literal, env);
            }
            _ => false,
        };
        given(same, env)
    }

    fn constant_text(&self, p: NodeId, text: Symbol, t: NodeId, env: &Env) -> Envs {
        let pattern = self.pattern_text(p);
        if is_metavariable(pattern) {
            let value = match self.written_before(text, t) {
                Some(literal) => Value { span: self.content_span(literal), nodes: None },
                None => self.whole(t),
            };
            return self.bind(p, value, env);
        }
        let text = self.source.symbols.text(text);
        let is_regex = pattern.starts_with("=~/");
        given(pattern == "..." || pattern == text || (is_regex && self.regex(p, text)), env)
    }

    /// The last string with a content before a node: where the constant that it holds is written.
    fn written_before(&self, content: Symbol, t: NodeId) -> Option<NodeId> {
        let strings = self.strings.get_or_init(|| {
            let mut strings: FxHashMap<Symbol, Vec<NodeId>> = FxHashMap::default();
            for id in self.source.tree.ids().filter(|id| self.kind(*id) == Kind::Str) {
                strings.entry(self.source.tree.text(id)).or_default().push(id);
            }
            strings
        });
        let same = strings.get(&content)?;
        let before = same.partition_point(|id| id.index() < t.index());
        same.get(before.saturating_sub(1)).copied()
    }

    /// Whether a text holds what `=~/…/` asks for.
    pub(super) fn regex(&self, p: NodeId, text: &str) -> bool {
        let mut compiled = self.regexes.borrow_mut();
        let regex = compiled.entry(self.pattern.text(p)).or_insert_with(|| compile(self.pattern_text(p)));
        regex.as_ref().is_some_and(|regex| regex.is_in(text))
    }
}

/// The expression of `=~/…/`, and of `=~/…/i` and `=~/…/m`.
fn compile(pattern: &str) -> Option<Expression> {
    let (body, flags) = pattern.strip_prefix("=~/")?.rsplit_once('/')?;
    let any_case = if flags.contains('i') { "(?i)" } else { "" };
    Expression::new(&format!("{any_case}{body}"), flags.contains('m'), &mut Symbols::default()).ok()
}

/// What stands between the slashes, and the flags.
fn split_regex(text: &str) -> Option<(&str, &str)> {
    text.strip_prefix('/')?.rsplit_once('/')
}

/// Whether the content of a string is a metavariable.
pub(super) fn is_metavariable(text: &str) -> bool {
    let Some(name) = text.strip_prefix('$') else { return false };
    let name = name.strip_prefix("...").unwrap_or(name);
    let is_start = |byte: u8| byte.is_ascii_uppercase() || byte == b'_';
    let is_part = |byte: u8| is_start(byte) || byte.is_ascii_digit();
    name.bytes().next().is_some_and(is_start) && name.bytes().all(is_part)
}

/// The value of an integer literal in any base.
pub(crate) fn integer(text: &str) -> Option<i64> {
    let text = text.trim_end_matches(['l', 'n', 'u']);
    let (digits, radix) = match text.get(..2) {
        Some("0x") => (text.get(2..)?, 16),
        Some("0o") => (text.get(2..)?, 8),
        Some("0b") => (text.get(2..)?, 2),
        _ => match text.strip_prefix('0').filter(|rest| !rest.is_empty()) {
            Some(octal) => (octal, 8),
            None => (text, 10),
        },
    };
    i64::from_str_radix(digits, radix).ok()
}
