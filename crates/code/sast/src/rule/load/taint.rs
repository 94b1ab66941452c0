//! Taint rules.

use super::Reader;
use super::classic::ROOTS;
use super::node::{Fault, Node};
use crate::formula::Formula;
use crate::rule::{Propagator, Requires, Sanitizer, SideEffect, Sink, Source, TaintSpec};

impl Reader<'_> {
    /// Reads sources, sinks and the rest, in the newer way (`taint: sources:`) or the older (`pattern-sources:`).
    pub(super) fn taint(&mut self, node: &Node<'_>, modern: bool) -> Result<TaintSpec, Fault> {
        let key = |name: &str| if modern { name.to_owned() } else { format!("pattern-{name}") };
        if modern {
            node.only(&["sources", "sinks", "sanitizers", "propagators"])?;
        }
        let optional = |name: &str| node.get(&key(name)).map_or(Ok(Vec::new()), |list| list.items());
        let required = |name: &str| node.need(&key(name))?.items();
        let mut spec = TaintSpec::default();
        for item in required("sources")? {
            spec.sources.push(self.source(&item, modern)?);
        }
        for item in optional("propagators")? {
            spec.propagators.push(self.propagator(&item, modern)?);
        }
        for item in optional("sanitizers")? {
            spec.sanitizers.push(self.sanitizer(&item, modern)?);
        }
        for item in required("sinks")? {
            spec.sinks.push(self.sink(&item, modern)?);
        }
        Ok(spec)
    }

    fn source(&mut self, node: &Node<'_>, modern: bool) -> Result<Source, Fault> {
        let keys = ["exact", "by-side-effect", "control", "label", "requires"];
        Ok(Source {
            formula: self.part(node, modern, &keys)?,
            exact: node.switch("exact", false)?,
            by_side_effect: match node.get("by-side-effect") {
                None => SideEffect::No,
                Some(side) if side.value.as_str() == Some("only") => SideEffect::Only,
                Some(side) => {
                    if side.truth()? {
                        SideEffect::Yes
                    } else {
                        SideEffect::No
                    }
                }
            },
            control: node.switch("control", false)?,
            label: node.get("label").map_or(Ok(Source::LABEL.to_owned()), |label| label.text())?,
            requires: requires(node)?,
        })
    }

    fn sanitizer(&mut self, node: &Node<'_>, modern: bool) -> Result<Sanitizer, Fault> {
        let conflicting = if modern { "not-conflicting" } else { "not_conflicting" };
        Ok(Sanitizer {
            formula: self.part(node, modern, &["exact", "by-side-effect", conflicting])?,
            exact: node.switch("exact", false)?,
            by_side_effect: node.switch("by-side-effect", false)?,
            not_conflicting: node.switch(conflicting, false)?,
        })
    }

    fn sink(&mut self, node: &Node<'_>, modern: bool) -> Result<Sink, Fault> {
        Ok(Sink {
            formula: self.part(node, modern, &["exact", "requires", "at-exit"])?,
            exact: node.switch("exact", true)?,
            requires: requires(node)?,
            at_exit: node.switch("at-exit", false)?,
        })
    }

    fn propagator(&mut self, node: &Node<'_>, modern: bool) -> Result<Propagator, Fault> {
        let keys = ["from", "to", "by-side-effect", "requires", "label", "replace-labels"];
        let formula = self.part(node, modern, &keys)?;
        Ok(Propagator {
            formula,
            from: self.symbols.intern(&node.need("from")?.text()?),
            to: self.symbols.intern(&node.need("to")?.text()?),
            by_side_effect: node.switch("by-side-effect", true)?,
            requires: requires(node)?,
            label: node.get("label").map(|label| label.text()).transpose()?,
            replace_labels: node.get("replace-labels").map(|list| list.texts()).transpose()?,
        })
    }

    fn part(&mut self, node: &Node<'_>, modern: bool, keys: &[&str]) -> Result<Formula, Fault> {
        if modern {
            return self.modern_beside(node, keys);
        }
        let known: Vec<_> = keys.iter().copied().chain(ROOTS).collect();
        node.only(&known)?;
        self.classic_in(node)
    }
}

fn requires(node: &Node<'_>) -> Result<Option<Requires>, Fault> {
    let Some(found) = node.get("requires") else {
        return Ok(None);
    };
    Requires::parse(&found.text()?).map(Some).map_err(|reason| {
        found.invalid(format!("`requires` must name labels with and, or and not: {reason}"))
    })
}
