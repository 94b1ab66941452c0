use andon_syntax::{Kind, NodeId};

use crate::matching::envs::{Env, Envs, given, none, one, then};
use crate::matching::{Matcher, Value};

impl Matcher<'_> {
    /// A JSX element: attributes in any order, children in order.
    pub(super) fn xml(&self, p: NodeId, t: NodeId, env: &Env) -> Envs {
        if self.kind(t) != Kind::Xml {
            return none();
        }
        let (ps, ts) = (self.pattern_children(p), self.children(t));
        let (Some((p_name, ps)), Some((t_name, ts))) = (ps.split_first(), ts.split_first()) else {
            return none();
        };
        let (p_attributes, p_body) = self.split_pattern(ps);
        let (t_attributes, t_body): (Vec<_>, Vec<_>) =
            ts.iter().copied().partition(|t| matches!(self.kind(*t), Kind::XmlAttribute));
        let has_dots = p_attributes.iter().any(|p| self.pattern_kind(*p) == Kind::Ellipsis);
        let less_is_ok = has_dots || self.options.xml_attrs_implicit_ellipsis;
        let envs = self.optional(*p_name, *t_name, env);
        let envs = then(envs, |env| self.unordered(&p_attributes, &t_attributes, env, less_is_ok));
        then(envs, |env| self.xml_body(&p_body, &t_body, env))
    }

    /// Attributes, and `...` among them, come before the children.
    fn split_pattern(&self, ps: &[NodeId]) -> (Vec<NodeId>, Vec<NodeId>) {
        let is_attribute = |p: &NodeId| match self.pattern_kind(*p) {
            Kind::XmlAttribute => true,
            Kind::Ellipsis => self.pattern_text(*p) != "child",
            _ => false,
        };
        let body = ps.iter().position(|p| !is_attribute(p)).unwrap_or(ps.len());
        let (attributes, body) = ps.split_at(body);
        (attributes.to_vec(), body.to_vec())
    }

    fn xml_body(&self, ps: &[NodeId], ts: &[NodeId], env: &Env) -> Envs {
        if ps.is_empty() {
            return one(env);
        }
        let is_blank = |t: &NodeId| self.kind(*t) == Kind::XmlText && self.source.name(*t).trim().is_empty();
        let ts: Vec<_> = ts.iter().copied().filter(|t| !is_blank(t)).collect();
        if self.options.xml_children_ordered {
            return self.list(ps, &ts, env, true);
        }
        self.unordered(ps, &ts, env, false)
    }

    /// `name={value}`; the name may be a metavariable.
    pub(super) fn xml_attribute(&self, p: NodeId, t: NodeId, env: &Env) -> Envs {
        let (Some(value), Some(given)) = (self.pattern_child(p, 0), self.child(t, 0)) else { return none() };
        let name = self.pattern_text(p);
        let envs = if self.kind(t) != Kind::XmlAttribute {
            none()
        } else if name.starts_with('$') && !self.source.name(t).is_empty() {
            let start = self.source.tree.span(t).start;
            let span = start..start + self.source.name(t).len();
            self.bind(p, Value { span, nodes: None }, env)
        } else if self.same_text(p, t) {
            one(env)
        } else {
            none()
        };
        then(envs, |env| self.optional(value, given, env))
    }

    pub(super) fn xml_text(&self, p: NodeId, t: NodeId, env: &Env) -> Envs {
        if self.kind(t) != Kind::XmlText {
            return none();
        }
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        let pattern = self.pattern_text(p).trim();
        if pattern == "..." {
            return one(env);
        }
        if crate::matching::literals::is_metavariable(pattern) {
            return self.bind(p, self.whole(t), env);
        }
        given(words(pattern) == words(self.source.name(t)), env)
    }
}
