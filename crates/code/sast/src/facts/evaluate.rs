use andon_syntax::{Kind, Language, NodeId, Symbol, Symbols, Tree};

use crate::facts::values::{Type, Value};
use crate::facts::{RED_ZONE, STACK};
use crate::matching::integer;

/// Longer texts are not put together, in bytes.
const LONGEST: usize = 16 * 1024;
/// All texts put together in a file take this much and the file's size a few times over, in bytes.
const LEAST_BUDGET: usize = 256 * 1024;

/// Computes values.
#[derive(Debug)]
pub(crate) struct Evaluator<'a> {
    pub(crate) language: Language,
    pub(crate) tree: &'a Tree,
    symbols: &'a mut Symbols,
    /// How many bytes of text may still be made.
    budget: usize,
}

impl<'a> Evaluator<'a> {
    pub(crate) fn new(language: Language, tree: &'a Tree, symbols: &'a mut Symbols) -> Self {
        let budget = LEAST_BUDGET.saturating_add(tree.span(tree.root()).len().saturating_mul(4));
        Self { language, tree, symbols, budget }
    }

    pub(crate) fn kind(&self, id: NodeId) -> Kind {
        self.tree.kind(id)
    }

    pub(crate) fn text(&self, id: NodeId) -> &str {
        self.symbols.text(self.tree.text(id))
    }

    pub(crate) fn symbol_text(&self, symbol: Symbol) -> &str {
        self.symbols.text(symbol)
    }

    /// The value of a literal.
    pub(crate) fn literal(&self, id: NodeId) -> Option<Value> {
        Some(match self.kind(id) {
            Kind::Str => Value::Text(self.tree.text(id)),
            Kind::Int => integer(self.text(id)).map_or(Value::Literal(id), Value::Integer),
            Kind::Float => self.text(id).parse().map_or(Value::Literal(id), Value::Number),
            Kind::Bool => Value::Bool(self.text(id) == "true"),
            Kind::Null | Kind::Char | Kind::Regex | Kind::Imaginary => Value::Literal(id),
            _ => return None,
        })
    }

    /// The value of an expression whose names have the values that `name` says, as it is where it is looked at.
    pub(crate) fn expression(&mut self, id: NodeId, name: &dyn Fn(NodeId) -> Option<Value>) -> Option<Value> {
        stacker::maybe_grow(RED_ZONE, STACK, || {
            let known = self.literal(id).or_else(|| name(id));
            known.or_else(|| self.combined(id, &mut |evaluator, part| evaluator.expression(part, name)))
        })
    }

    /// The value of an expression made of others.
    pub(crate) fn combined(
        &mut self,
        id: NodeId,
        part: &mut dyn FnMut(&mut Self, NodeId) -> Option<Value>,
    ) -> Option<Value> {
        match self.kind(id) {
            Kind::Conditional => {
                let (then, otherwise) = (self.tree.child(id, 1)?, self.tree.child(id, 2)?);
                part(self, then)?.or(part(self, otherwise)?)
            }
            Kind::Binary => {
                let (left, right) = (self.tree.child(id, 0)?, self.tree.child(id, 1)?);
                let (left, right) = (part(self, left), part(self, right));
                self.binary(id, left, right)
            }
            Kind::Unary if self.text(id) == "!" => match part(self, self.tree.child(id, 0)?)? {
                Value::Bool(value) => Some(Value::Bool(!value)),
                _ => None,
            },
            Kind::Template => self.template(id, part),
            Kind::Call if self.is_format(id) => {
                let arguments = self.tree.child(id, 1)?;
                let is_known =
                    |value: Option<Value>| value.is_some_and(|value| value.constant_type().is_some());
                let all = self.tree.children(arguments).all(|argument| is_known(part(self, argument)));
                all.then_some(Value::Some(Type::Text))
            }
            _ => None,
        }
    }

    fn template(
        &mut self,
        id: NodeId,
        part: &mut dyn FnMut(&mut Self, NodeId) -> Option<Value>,
    ) -> Option<Value> {
        if !matches!(self.text(id), "" | "f") {
            return None;
        }
        let mut values = Vec::new();
        for piece in self.tree.children(id) {
            values.push(part(self, piece)?);
        }
        let (first, rest) = values.split_first()?;
        if first.constant_type() != Some(Type::Text) {
            return None;
        }
        rest.iter().try_fold(*first, |text, piece| self.joined_loosely(text, *piece))
    }

    /// Whether a call is Java's `String.format`.
    fn is_format(&self, id: NodeId) -> bool {
        let callee = self.tree.child(id, 0).filter(|_| self.language == Language::Java);
        let Some(callee) = callee.filter(|callee| self.kind(*callee) == Kind::Member) else { return false };
        let (object, name) = (self.tree.child(callee, 0), self.tree.child(callee, 1));
        let is_string = object.is_some_and(|object| match self.kind(object) {
            Kind::Name => self.text(object) == "String",
            Kind::Member => self.is_java_lang(object),
            _ => false,
        });
        is_string && name.is_some_and(|name| self.text(name) == "format")
    }

    fn is_java_lang(&self, id: NodeId) -> bool {
        let (package, name) = (self.tree.child(id, 0), self.tree.child(id, 1));
        let of_package = |position| package.and_then(|package| self.tree.child(package, position));
        let says = |id: Option<NodeId>, text: &str| id.is_some_and(|id| self.text(id) == text);
        says(of_package(0), "java") && says(of_package(1), "lang") && says(name, "String")
    }

    fn binary(&mut self, id: NodeId, left: Option<Value>, right: Option<Value>) -> Option<Value> {
        let type_of = |value: Value| match value {
            Value::Number(_) | Value::Literal(_) | Value::Expression(_) => None,
            Value::Integer(_) if self.language.is_script() => None,
            value => value.constant_type(),
        };
        let first = left.and_then(type_of).or_else(|| right.and_then(type_of));
        match (self.text(id), first?) {
            ("+", Type::Text) => self.joined_loosely(left?, right?),
            ("+", Type::Integer) => integers(left?, right?, i64::checked_add),
            ("*", Type::Integer) => integers(left?, right?, i64::checked_mul),
            ("*", Type::Text) if self.language == Language::Python => {
                (left?.constant_type() == Some(Type::Text)).then_some(Value::Some(Type::Text))
            }
            ("&&", _) => booleans(left?, right?, |a, b| a && b),
            ("||", _) => booleans(left?, right?, |a, b| a || b),
            _ => None,
        }
    }

    /// Texts joined where they are looked at, with numbers in languages that make texts of them.
    fn joined_loosely(&mut self, left: Value, right: Value) -> Option<Value> {
        let is_script = self.language.is_script();
        let number = match (left, right) {
            (Value::Text(_), Value::Integer(value)) if is_script || self.language == Language::Java => {
                value.to_string()
            }
            (Value::Text(_), Value::Number(value)) if is_script => value.to_string(),
            _ => return self.joined(left, right),
        };
        let number = Value::Text(self.symbols.intern(&number));
        self.joined(left, number)
    }

    /// Texts joined; a text of unknown content if one is or they grow too long.
    pub(crate) fn joined(&mut self, left: Value, right: Value) -> Option<Value> {
        let (Value::Text(a), Value::Text(b)) = (left, right) else {
            let both = left.constant_type() == Some(Type::Text) && right.constant_type() == Some(Type::Text);
            return both.then_some(Value::Some(Type::Text));
        };
        Some(self.concatenation(a, b).map_or(Value::Some(Type::Text), Value::Text))
    }

    fn concatenation(&mut self, a: Symbol, b: Symbol) -> Option<Symbol> {
        let (left, right) = (self.symbols.text(a), self.symbols.text(b));
        let length = left.len() + right.len();
        if length > LONGEST {
            return None;
        }
        let budget = self.budget.checked_sub(length)?;
        let text = [left, right].concat();
        self.budget = budget;
        Some(self.symbols.intern(&text))
    }

    /// Whether an expression may stand for a name that it was assigned.
    pub(crate) fn is_symbolic(&self, id: NodeId) -> bool {
        stacker::maybe_grow(RED_ZONE, STACK, || self.is_symbolic_inside(id))
    }

    fn is_symbolic_inside(&self, id: NodeId) -> bool {
        let all = |id| self.tree.children(id).all(|part| self.is_symbolic(part));
        let nth = |position| self.tree.child(id, position).is_some_and(|part| self.is_symbolic(part));
        match self.kind(id) {
            Kind::Name | Kind::This | Kind::Super => true,
            Kind::Cast => nth(1),
            Kind::Member => {
                nth(0) && self.tree.child(id, 1).is_some_and(|name| self.kind(name) == Kind::Name)
            }
            Kind::Call => nth(0) && nth(1),
            Kind::New => nth(1) && self.tree.child(id, 2).is_none_or(|body| self.kind(body) == Kind::Absent),
            Kind::Unary if matches!(self.text(id), "++" | "--" | "p++" | "p--") => false,
            Kind::Index | Kind::Args | Kind::Binary | Kind::Unary | Kind::Template => all(id),
            Kind::Keyword | Kind::Spread => all(id),
            _ => self.literal(id).is_some(),
        }
    }
}

fn integers(left: Value, right: Value, compute: impl Fn(i64, i64) -> Option<i64>) -> Option<Value> {
    match (left, right) {
        (Value::Integer(left), Value::Integer(right)) => compute(left, right).map(Value::Integer),
        (Value::Integer(_), Value::Some(Type::Integer)) | (Value::Some(Type::Integer), Value::Integer(_)) => {
            Some(Value::Some(Type::Integer))
        }
        _ => None,
    }
}

fn booleans(left: Value, right: Value, compute: impl Fn(bool, bool) -> bool) -> Option<Value> {
    match (left, right) {
        (Value::Bool(left), Value::Bool(right)) => Some(Value::Bool(compute(left, right))),
        (Value::Bool(_), Value::Some(Type::Bool)) | (Value::Some(Type::Bool), Value::Bool(_)) => {
            Some(Value::Some(Type::Bool))
        }
        _ => None,
    }
}
