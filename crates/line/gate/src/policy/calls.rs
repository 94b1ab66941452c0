use regorus::unstable::{Expr, Literal, LiteralStmt, Query, Rule, RuleHead, Span, WithModifier};

/// A function that a rule names.
pub(super) struct Call<'a> {
    /// Components of its name as written.
    pub(super) path: Vec<&'a str>,
    /// Where.
    pub(super) span: &'a Span,
    /// Named as the replacement in `with … as NAME`, which may be a plain value as well.
    pub(super) replacement: bool,
}

/// Every function that a rule names, in no particular order. Iterative: a long reference is a deep tree.
pub(super) fn calls(rule: &Rule) -> Vec<Call<'_>> {
    let mut walk = Walk { pending: Vec::new(), calls: Vec::new() };
    match rule {
        Rule::Spec { head, bodies, .. } => {
            let assign = match head {
                RuleHead::Compr { refr, assign, .. } => {
                    walk.expr(refr);
                    assign.as_ref()
                }
                RuleHead::Set { refr, key, .. } => {
                    walk.expr(refr);
                    key.iter().for_each(|key| walk.expr(key));
                    None
                }
                RuleHead::Func { args, assign, .. } => {
                    args.iter().for_each(|arg| walk.expr(arg));
                    assign.as_ref()
                }
            };
            let bodies_assign = bodies.iter().filter_map(|body| body.assign.as_ref());
            assign.into_iter().chain(bodies_assign).for_each(|assign| walk.expr(&assign.value));
            bodies.iter().for_each(|body| walk.pending.push(Part::Query(&body.query)));
        }
        Rule::Default { value, .. } => walk.expr(value),
    }
    while let Some(part) = walk.pending.pop() {
        match part {
            Part::Expr(expr) => walk.inside(expr),
            Part::Query(query) => query.stmts.iter().for_each(|statement| walk.statement(statement)),
        }
    }
    walk.calls
}

/// The components of a reference that is made of names and constant strings only.
pub(crate) fn path(expr: &Expr) -> Option<Vec<&str>> {
    let mut components = Vec::new();
    let mut expr = expr;
    loop {
        match expr {
            Expr::Var { span, .. } => {
                components.push(span.text());
                components.reverse();
                return Some(components);
            }
            Expr::RefDot { refr, field, .. } => {
                components.push(field.0.text());
                expr = refr;
            }
            Expr::RefBrack { refr, index, .. } => {
                let Expr::String { span, .. } = index.as_ref() else { return None };
                components.push(span.text());
                expr = refr;
            }
            _ => return None,
        }
    }
}

/// Where a reference starts; its own span is that of its last operator.
fn start(mut expr: &Expr) -> &Span {
    while let Expr::RefDot { refr, .. } | Expr::RefBrack { refr, .. } = expr {
        expr = refr;
    }
    expr.span()
}

enum Part<'a> {
    Expr(&'a Expr),
    Query(&'a Query),
}

struct Walk<'a> {
    pending: Vec<Part<'a>>,
    calls: Vec<Call<'a>>,
}

impl<'a> Walk<'a> {
    fn expr(&mut self, expr: &'a Expr) {
        self.pending.push(Part::Expr(expr));
    }

    fn statement(&mut self, statement: &'a LiteralStmt) {
        match &statement.literal {
            Literal::SomeVars { .. } => {}
            Literal::SomeIn { key, value, collection, .. } => {
                key.iter().for_each(|key| self.expr(key));
                self.expr(value);
                self.expr(collection);
            }
            Literal::Expr { expr, .. } | Literal::NotExpr { expr, .. } => self.expr(expr),
            Literal::Every { domain, query, .. } => {
                self.expr(domain);
                self.pending.push(Part::Query(query));
            }
        }
        statement.with_mods.iter().for_each(|modifier| self.modifier(modifier));
    }

    fn modifier(&mut self, modifier: &'a WithModifier) {
        if let Some(path) = path(&modifier.r#as) {
            self.calls.push(Call { path, span: start(&modifier.r#as), replacement: true });
        }
        self.expr(&modifier.r#as);
    }

    fn inside(&mut self, expr: &'a Expr) {
        match expr {
            Expr::String { .. }
            | Expr::RawString { .. }
            | Expr::Number { .. }
            | Expr::Bool { .. }
            | Expr::Null { .. }
            | Expr::Var { .. } => {}
            Expr::Array { items, .. } | Expr::Set { items, .. } => {
                items.iter().for_each(|item| self.expr(item))
            }
            Expr::Object { fields, .. } => fields.iter().for_each(|(_, key, value)| {
                self.expr(key);
                self.expr(value);
            }),
            Expr::ArrayCompr { term, query, .. } | Expr::SetCompr { term, query, .. } => {
                self.expr(term);
                self.pending.push(Part::Query(query));
            }
            Expr::ObjectCompr { key, value, query, .. } => {
                self.expr(key);
                self.expr(value);
                self.pending.push(Part::Query(query));
            }
            Expr::Call { fcn, params, .. } => {
                let path = path(fcn).unwrap_or_default();
                self.calls.push(Call { path, span: start(fcn), replacement: false });
                params.iter().for_each(|parameter| self.expr(parameter));
            }
            Expr::UnaryExpr { expr, .. } => self.expr(expr),
            Expr::RefDot { refr, .. } => self.expr(refr),
            Expr::RefBrack { refr, index, .. } => {
                self.expr(refr);
                self.expr(index);
            }
            Expr::BinExpr { lhs, rhs, .. }
            | Expr::BoolExpr { lhs, rhs, .. }
            | Expr::ArithExpr { lhs, rhs, .. }
            | Expr::AssignExpr { lhs, rhs, .. } => {
                self.expr(lhs);
                self.expr(rhs);
            }
            Expr::Membership { key, value, collection, .. } => {
                key.iter().for_each(|key| self.expr(key));
                self.expr(value);
                self.expr(collection);
            }
        }
    }
}
