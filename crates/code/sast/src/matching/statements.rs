use andon_syntax::{Kind, Language, NodeId};

use crate::matching::Matcher;
use crate::matching::envs::{Env, Envs, either, given, merge, none, one, or_else, then};
use crate::matching::roles::Role;

impl Matcher<'_> {
    pub(super) fn statement(&self, p: NodeId, t: NodeId, env: &Env) -> Envs {
        match self.pattern_kind(p) {
            Kind::ExprStatement => self.expr_statement(p, t, env),
            Kind::Block => self.block(p, t, env),
            Kind::Return => self.returned(p, t, env),
            Kind::Try => self.guarded(p, t, env),
            Kind::Switch => self.switch(p, t, env),
            Kind::For => self.counting_loop(p, t, env),
            Kind::ForEach => self.each_loop(p, t, env),
            Kind::Catch if self.source.language == Language::Python => self.except(p, t, env),
            Kind::Catch => self.handler(p, t, env),
            _ => self.alike(p, t, env),
        }
    }

    /// An expression as a statement matches inside a statement's expression, a declared value and a returned one.
    fn expr_statement(&self, p: NodeId, t: NodeId, env: &Env) -> Envs {
        let Some(inner) = self.pattern_child(p, 0) else { return none() };
        match self.pattern_kind(inner) {
            Kind::Metavariable => {
                return or_else(self.bind(inner, self.whole(t), env), || match self.kind(t) {
                    Kind::ExprStatement => self.child_matches(inner, t, 0, env),
                    _ => none(),
                });
            }
            Kind::DeepEllipsis => return self.deep_in_statement(inner, t, env),
            _ => {}
        }
        match self.kind(t) {
            Kind::ExprStatement => self.child(t, 0).map_or_else(none, |t| self.implicitly(inner, t, env)),
            Kind::VarDef if self.options.vardef_assign => self.declared(inner, t, env),
            Kind::FunctionDef if self.pattern_kind(inner) == Kind::Assign => self.node(inner, t, env),
            Kind::Return => self.child(t, 0).map_or_else(none, |t| self.deep(inner, t, env)),
            _ => none(),
        }
    }

    fn child_matches(&self, p: NodeId, t: NodeId, position: usize, env: &Env) -> Envs {
        self.child(t, position).map_or_else(none, |t| self.node(p, t, env))
    }

    /// `<... x ...>` as a statement: in the statement's own expressions.
    fn deep_in_statement(&self, p: NodeId, t: NodeId, env: &Env) -> Envs {
        let Some(inner) = self.pattern_child(p, 0) else { return none() };
        let mut found = none();
        for child in self.children(t) {
            if self.source.role(child) == Role::Expression {
                found = either(found, || self.deep(inner, child, env));
            }
        }
        found
    }

    fn declared(&self, p: NodeId, t: NodeId, env: &Env) -> Envs {
        let Some(value) = self.child(t, 3).filter(|value| self.kind(*value) != Kind::Absent) else {
            return none();
        };
        either(self.node(p, t, env), || self.deep(p, value, env))
    }

    /// The expression itself, or one that it is evaluated for: the value assigned, an argument, what is called.
    fn implicitly(&self, p: NodeId, t: NodeId, env: &Env) -> Envs {
        let found = self.whole_node(p, t, env);
        if !self.options.implicit_deep_exprstmt {
            return found;
        }
        let mut all = either(found, || self.behind_name(t, |expression| self.implicitly(p, expression, env)));
        for child in self.implied(t) {
            all = either(all, || self.implicitly(p, child, env));
        }
        all
    }

    fn implied(&self, t: NodeId) -> Vec<NodeId> {
        match self.kind(t) {
            Kind::Assign | Kind::AugmentedAssign | Kind::Cast => self.child(t, 1).into_iter().collect(),
            Kind::Await | Kind::Yield | Kind::Member => self.child(t, 0).into_iter().collect(),
            Kind::Call => {
                let args = self.child(t, 1).map(|args| self.children(args)).unwrap_or_default();
                let values = args.into_iter().filter_map(|arg| match self.kind(arg) {
                    Kind::Keyword => self.child(arg, 0),
                    _ => Some(arg),
                });
                self.child(t, 0).into_iter().chain(values).collect()
            }
            Kind::Binary | Kind::Unary | Kind::Template | Kind::Spread => self.children(t),
            Kind::Array | Kind::Tuple | Kind::Set | Kind::Dict | Kind::Record => self.elements(t),
            _ => Vec::new(),
        }
    }

    fn elements(&self, t: NodeId) -> Vec<NodeId> {
        let parts = |id| match (self.kind(t), self.kind(id)) {
            (Kind::Dict, Kind::Pair) => self.children(id),
            (_, Kind::Pair) => self.child(id, 1).into_iter().collect(),
            _ => vec![id],
        };
        self.children(t).into_iter().flat_map(parts).collect()
    }

    fn returned(&self, p: NodeId, t: NodeId, env: &Env) -> Envs {
        let Some(value) = self.pattern_child(p, 0) else { return none() };
        match self.kind(t) {
            Kind::Return => self.child(t, 0).map_or_else(none, |given| self.optional(value, given, env)),
            // The body of an arrow function is what it returns.
            _ if self.is_lambda_body(t) => self.node(value, t, env),
            _ => none(),
        }
    }

    fn is_lambda_body(&self, t: NodeId) -> bool {
        let parent = self.source.tree.parent(t).filter(|parent| self.kind(*parent) == Kind::Lambda);
        parent.is_some_and(|parent| self.child(parent, 3) == Some(t)) && self.kind(t) != Kind::Block
    }

    /// A block; `...` alone stands for any, and a pattern with one statement between two `...` for any that has it somewhere.
    fn block(&self, p: NodeId, t: NodeId, env: &Env) -> Envs {
        if self.kind(t) != Kind::Block {
            return none();
        }
        let ps = self.pattern_children(p);
        if let Some((statement, hole)) = self.stands_for_block(&ps) {
            return match self.children(t).as_slice() {
                [only] => self.node(statement, *only, env),
                _ => self.bind(hole, self.whole(t), env),
            };
        }
        let is_dots = |p: &NodeId| self.pattern_kind(*p) == Kind::Ellipsis;
        match ps.as_slice() {
            [only] if is_dots(only) => one(env),
            [first, middle, last] if is_dots(first) && is_dots(last) && !is_dots(middle) => {
                let mut found = none();
                for t in self.flattened(&self.children(t)) {
                    found = either(found, || self.node(*middle, t, env));
                }
                found
            }
            _ => self.statements(&ps, &self.children(t), env, false),
        }
    }

    /// The metavariable that is all there is in a block, where that stands for a block of any length: in Python, where a
    /// pattern cannot write a block otherwise.
    fn stands_for_block(&self, ps: &[NodeId]) -> Option<(NodeId, NodeId)> {
        let [statement] = ps else { return None };
        let may =
            self.source.language == Language::Python && self.pattern_kind(*statement) == Kind::ExprStatement;
        let hole = self.pattern_child(*statement, 0).filter(|_| may)?;
        (self.pattern_kind(hole) == Kind::Metavariable).then_some((*statement, hole))
    }

    fn is_metavariable_statement(&self, p: NodeId) -> bool {
        self.pattern_child(p, 0).is_some_and(|inner| self.pattern_kind(inner) == Kind::Metavariable)
    }

    /// A body, which may be one statement without a block.
    pub(super) fn body(&self, p: NodeId, t: NodeId, env: &Env) -> Envs {
        match (self.pattern_kind(p), self.kind(t)) {
            (Kind::Ellipsis, _) => one(env),
            (Kind::Absent, Kind::Absent) => one(env),
            (Kind::Block, Kind::Absent) => given(self.pattern_child(p, 0).is_none(), env),
            (Kind::Absent, _) | (_, Kind::Absent) => none(),
            (Kind::Block, Kind::Block) => self.node(p, t, env),
            (Kind::ExprStatement, Kind::Block) if self.is_metavariable_statement(p) => self.node(p, t, env),
            (Kind::Block, _) => match self.pattern_children(p).as_slice() {
                [only] => self.node(*only, t, env),
                _ => none(),
            },
            (_, Kind::Block) => match self.children(t).as_slice() {
                [only] => self.node(p, *only, env),
                _ => none(),
            },
            _ => self.node(p, t, env),
        }
    }

    /// Statements in a row. After `...` also those inside nested blocks.
    pub(super) fn statements(&self, ps: &[NodeId], ts: &[NodeId], env: &Env, less_is_ok: bool) -> Envs {
        let Some((p, rest)) = ps.split_first() else {
            return given(ts.is_empty() || less_is_ok, env);
        };
        match self.pattern_kind(*p) {
            Kind::Ellipsis if rest.is_empty() => one(&self.to_the_end(ts, env)),
            Kind::Ellipsis => {
                let found = self.in_row(ps, ts, env, true);
                let nested = self.flattened(ts);
                if nested.len() == ts.len() {
                    found
                } else {
                    either(found, || self.in_row(ps, &nested, env, true))
                }
            }
            Kind::MetavariableEllipsis => self.in_row(ps, ts, env, true),
            _ => {
                let Some((t, ts)) = ts.split_first() else { return none() };
                then(self.counted(*p, *t, env), |env| self.statements(rest, ts, env, less_is_ok))
            }
        }
    }

    fn in_row(&self, ps: &[NodeId], ts: &[NodeId], env: &Env, less_is_ok: bool) -> Envs {
        let Some((p, rest)) = ps.split_first() else {
            return given(ts.is_empty() || less_is_ok, env);
        };
        match self.pattern_kind(*p) {
            Kind::Ellipsis if rest.is_empty() => one(&self.to_the_end(ts, env)),
            Kind::Ellipsis => {
                let mut all = none();
                for from in 0..=ts.len() {
                    merge(&mut all, self.in_row(rest, ts.get(from..).unwrap_or_default(), env, true));
                }
                all
            }
            Kind::MetavariableEllipsis => self.runs(*p, ts, env, |ts, env| self.in_row(rest, ts, env, false)),
            _ => {
                let Some((t, ts)) = ts.split_first() else { return none() };
                then(self.counted(*p, *t, env), |env| self.in_row(rest, ts, env, true))
            }
        }
    }

    /// The same, ending where the last of some statements does.
    fn to_the_end(&self, ts: &[NodeId], env: &Env) -> Env {
        let end = ts.last().map_or(0, |t| self.source.tree.span(*t).end);
        Env { bindings: env.bindings.clone(), end: env.end.max(end) }
    }

    /// Compares a statement and remembers where it ends.
    fn counted(&self, p: NodeId, t: NodeId, env: &Env) -> Envs {
        let end = self.source.tree.span(t).end;
        let mut envs = self.node(p, t, env);
        for env in &mut envs {
            env.end = env.end.max(end);
        }
        envs
    }

    /// Statements and all those nested in them, functions included, in the order of the source.
    fn flattened(&self, ts: &[NodeId]) -> Vec<NodeId> {
        let is_nested = |id: &NodeId| self.source.role(*id) == Role::Statement;
        ts.iter()
            .flat_map(|t| self.source.tree.subtree(*t).filter(move |id| id == t || is_nested(id)))
            .collect()
    }

    /// `try`: the handlers of the pattern are some of the code's.
    fn guarded(&self, p: NodeId, t: NodeId, env: &Env) -> Envs {
        if self.kind(t) != Kind::Try {
            return none();
        }
        let (ps, ts) = (self.pattern_children(p), self.children(t));
        let (p_catches, p_rest): (Vec<_>, Vec<_>) =
            ps.into_iter().partition(|p| matches!(self.pattern_kind(*p), Kind::Catch | Kind::Ellipsis));
        let (t_catches, t_rest): (Vec<_>, Vec<_>) =
            ts.into_iter().partition(|t| self.kind(*t) == Kind::Catch);
        if p_rest.len() != t_rest.len() {
            return none();
        }
        let mut envs = one(env);
        for (position, (p, t)) in p_rest.iter().zip(&t_rest).enumerate() {
            // What a block is tried with may be left out.
            envs = then(envs, |env| match position {
                0 => self.lenient(*p, *t, env),
                _ => self.optional(*p, *t, env),
            });
        }
        then(envs, |env| self.unordered(&p_catches, &t_catches, env, true))
    }

    /// `except`: one type is a list of one, unless what is caught gets a name; `...` stands for any.
    fn except(&self, p: NodeId, t: NodeId, env: &Env) -> Envs {
        let (ps, ts) = (self.pattern_children(p), self.children(t));
        let ([p_type, p_name, p_body], [t_type, t_name, t_body], Kind::Catch) =
            (ps.as_slice(), ts.as_slice(), self.kind(t))
        else {
            return none();
        };
        let envs = match (self.pattern_kind(*p_type), self.pattern_kind(*p_name)) {
            (Kind::Ellipsis, Kind::Absent) => one(env),
            (Kind::Absent, _) => given(self.kind(*t_type) == Kind::Absent, env),
            (kind, Kind::Absent)
                if self.kind(*t_name) == Kind::Absent && self.kind(*t_type) != Kind::Absent =>
            {
                let wanted = if kind == Kind::Tuple { self.pattern_children(*p_type) } else { vec![*p_type] };
                let is_list = self.kind(*t_type) == Kind::Tuple;
                let caught = if is_list { self.children(*t_type) } else { vec![*t_type] };
                self.list(&wanted, &caught, env, false)
            }
            _ => then(self.optional(*p_type, *t_type, env), |env| self.optional(*p_name, *t_name, env)),
        };
        then(envs, |env| self.body(*p_body, *t_body, env))
    }

    /// `for (...)` stands for any loop with that word.
    fn counting_loop(&self, p: NodeId, t: NodeId, env: &Env) -> Envs {
        let is_open = self.pattern_child(p, 0).is_some_and(|init| self.pattern_kind(init) == Kind::Ellipsis)
            && [1, 2].iter().all(|at| {
                self.pattern_child(p, *at)
                    .is_none_or(|part| matches!(self.pattern_kind(part), Kind::Absent | Kind::Ellipsis))
            });
        let body = match self.kind(t) {
            Kind::For => self.child(t, 3),
            Kind::ForEach => self.child(t, 2),
            _ => None,
        };
        match (self.pattern_child(p, 3), body) {
            (Some(p), Some(t)) if is_open => self.body(p, t, env),
            _ => self.alike(p, t, env),
        }
    }

    /// `for (x of xs)`, with or without `const` before the name.
    fn each_loop(&self, p: NodeId, t: NodeId, env: &Env) -> Envs {
        if !self.source.language.is_script() || self.kind(t) != Kind::ForEach {
            return self.alike(p, t, env);
        }
        let (ps, ts) = (self.pattern_children(p), self.children(t));
        let ([p_target, p_whole, p_body, _], [t_target, t_whole, t_body, _]) = (ps.as_slice(), ts.as_slice())
        else {
            return none();
        };
        // What is looped over stands for both words.
        let is_hole = matches!(self.pattern_kind(*p_whole), Kind::Metavariable | Kind::Ellipsis);
        let stands_for_both = is_hole && self.pattern_text(p) == "in";
        if !stands_for_both && !self.same_text(p, t) {
            return none();
        }
        let p_name = match self.pattern_kind(*p_target) {
            Kind::VarDef => self.pattern_child(*p_target, 1).unwrap_or(*p_target),
            _ => *p_target,
        };
        let t_name = match self.kind(*t_target) {
            Kind::VarDef => self.child(*t_target, 1).unwrap_or(*t_target),
            _ => *t_target,
        };
        let envs = then(self.optional(p_name, t_name, env), |env| self.optional(*p_whole, *t_whole, env));
        then(envs, |env| self.body(*p_body, *t_body, env))
    }

    /// A handler; in JavaScript one that names nothing is matched by one that names what is caught.
    fn handler(&self, p: NodeId, t: NodeId, env: &Env) -> Envs {
        let plain = self.alike(p, t, env);
        let names_nothing = |t| self.child(t, 1).is_some_and(|name| self.kind(name) == Kind::Absent);
        if !plain.is_empty()
            || !self.source.language.is_script()
            || self.kind(t) != Kind::Catch
            || !names_nothing(t)
        {
            return plain;
        }
        match (self.pattern_child(p, 1), self.pattern_child(p, 2), self.child(t, 2)) {
            (Some(name), Some(p_body), Some(t_body)) if self.pattern_kind(name) == Kind::Metavariable => {
                let at = self.source.tree.span(t).start;
                let word = crate::matching::Value { span: at..at + "catch".len(), nodes: None };
                then(self.bind(name, word, env), |env| self.body(p_body, t_body, env))
            }
            _ => none(),
        }
    }

    fn switch(&self, p: NodeId, t: NodeId, env: &Env) -> Envs {
        let (ps, ts) = (self.pattern_children(p), self.children(t));
        match (ps.split_first(), ts.split_first(), self.kind(t)) {
            (Some((p, ps)), Some((t, ts)), Kind::Switch) => {
                then(self.optional(*p, *t, env), |env| self.unordered(ps, ts, env, true))
            }
            _ => none(),
        }
    }
}
