use andon_syntax::{Kind, Language, NodeId, Symbols, Tree, parse};

use crate::facts::{Constant, Facts, facts};

struct File {
    tree: Tree,
    symbols: Symbols,
    facts: Facts,
}

fn learn(language: Language, source: &str) -> File {
    let mut symbols = Symbols::default();
    let tree = parse(language, source, &mut symbols).tree;
    let facts = facts(language, &tree, &mut symbols);
    File { tree, symbols, facts }
}

impl File {
    fn text(&self, id: NodeId) -> &str {
        self.symbols.text(self.tree.text(id))
    }

    /// The arguments of each `foo(…)`, in order.
    fn calls(&self) -> Vec<Vec<NodeId>> {
        let is_foo = |id: &NodeId| {
            let callee = self.tree.child(*id, 0).filter(|_| self.tree.kind(*id) == Kind::Call);
            callee.is_some_and(|callee| self.text(callee) == "foo")
        };
        let arguments = |id| self.tree.child(id, 1).map(|args| self.tree.children(args).collect());
        self.tree.ids().filter(is_foo).filter_map(arguments).collect()
    }

    /// What an expression is known to be: its constant, or `=` and the expression it stands for.
    fn known(&self, id: NodeId) -> String {
        if let Some(constant) = self.facts.constants.get(&id) {
            return match constant {
                Constant::Text(text) => format!("'{}'", self.symbols.text(*text)),
                Constant::SomeText => "text".into(),
                Constant::Integer(value) => value.to_string(),
                Constant::SomeInteger => "integer".into(),
                Constant::Number(value) => value.to_string(),
                Constant::Bool(value) => value.to_string(),
                Constant::SomeBool => "bool".into(),
                Constant::Literal(id) => format!("literal {}", self.text(*id)),
            };
        }
        self.facts.expressions.get(&id).map_or("?".into(), |id| format!("={:?}", self.tree.kind(*id)))
    }
}

