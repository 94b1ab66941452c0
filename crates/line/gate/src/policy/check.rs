use std::collections::{BTreeMap, BTreeSet};

use regorus::unstable::{BUILTINS, Module, Rule, RuleHead, Span};

use super::Failure;
use super::builtins::REFUSED;
use super::calls::{Call, calls, path};

/// Longest chain of functions that call one another.
const MAX_CHAIN: usize = 200;

/// Rules that may depend on one another in a row without exhausting [`super::PolicyLimits::stack`].
const MAX_RULES: usize = 20_000;

/// Refuses calls of functions that would make a decision irreproducible or that do not exist, and functions that may
/// call themselves: the interpreter would exhaust its stack.
pub(super) fn check<'a>(modules: impl Iterator<Item = &'a Module> + Clone) -> Result<(), Failure> {
    if modules.clone().map(|module| module.policy.len()).sum::<usize>() > MAX_RULES {
        return Err(Failure::Load(format!("the policies have more than {MAX_RULES} rules in all")));
    }
    let functions: BTreeSet<String> = modules
        .clone()
        .flat_map(|module| module.policy.iter().filter_map(move |rule| function(module, rule)))
        .collect();
    let mut graph: BTreeMap<&str, (Option<&Span>, BTreeSet<&str>)> = BTreeMap::new();
    for module in modules {
        let imports = Imports::of(module);
        for rule in &module.policy {
            let caller = function(module, rule);
            for call in calls(rule) {
                let target = imports.resolve(&call, &functions)?;
                let caller = caller.as_ref().and_then(|caller| functions.get(caller));
                if let (Some(caller), Some(target)) = (caller, target) {
                    let entry = graph.entry(caller).or_default();
                    entry.0 = entry.0.or(Some(rule.span()));
                    entry.1.insert(target);
                }
            }
        }
    }
    check_recursion(&functions, &graph)
}

/// `file:line:column: message`.
pub(super) fn at(span: &Span, message: &str) -> Failure {
    Failure::Load(format!("{}:{}:{}: {message}", span.source.file(), span.line, span.col))
}

/// The path of a module's package, as in `data.andon.gate`.
pub(crate) fn package(module: &Module) -> String {
    let components = path(&module.package.refr).unwrap_or_default();
    format!("data.{}", components.join("."))
}

fn function(module: &Module, rule: &Rule) -> Option<String> {
    let refr = match rule {
        Rule::Spec { head: RuleHead::Func { refr, .. }, .. } => refr,
        Rule::Default { refr, args, .. } if !args.is_empty() => refr,
        _ => return None,
    };
    Some(format!("{}.{}", package(module), path(refr)?.join(".")))
}

/// What names mean in one module.
struct Imports<'a> {
    package: String,
    names: BTreeMap<&'a str, String>,
}

impl<'a> Imports<'a> {
    fn of(module: &'a Module) -> Self {
        let names = module.imports.iter().filter_map(|import| {
            let path = path(&import.refr)?;
            let name = import.r#as.as_ref().map(Span::text).or(path.last().copied())?;
            Some((name, path.join(".")))
        });
        Self { package: package(module), names: names.collect() }
    }

    /// The function of the policies that is meant, or `None` for a built-in one.
    fn resolve<'f>(
        &self,
        call: &Call<'_>,
        functions: &'f BTreeSet<String>,
    ) -> Result<Option<&'f str>, Failure> {
        let name = call.path.join(".");
        let imported = call.path.split_first().and_then(|(first, rest)| {
            let target = self.names.get(first)?;
            Some(std::iter::once(target.as_str()).chain(rest.iter().copied()).collect::<Vec<_>>().join("."))
        });
        let candidates = [imported, Some(format!("{}.{name}", self.package)), Some(name.clone())];
        let own = candidates.iter().flatten().find_map(|candidate| functions.get(candidate));
        if let Some(own) = own {
            return Ok(Some(own));
        }
        if let Some((_, remedy)) = REFUSED.iter().find(|(refused, _)| *refused == name) {
            return Err(at(call.span, &format!("`{name}` is not available: {remedy}")));
        }
        if call.replacement || name == "print" || BUILTINS.contains_key(name.as_str()) {
            return Ok(None);
        }
        Err(at(call.span, &format!("there is no function `{name}`")))
    }
}

type Graph<'a> = BTreeMap<&'a str, (Option<&'a Span>, BTreeSet<&'a str>)>;

/// Takes away functions whose callees are all gone; what stays calls itself.
fn check_recursion(functions: &BTreeSet<String>, graph: &Graph<'_>) -> Result<(), Failure> {
    let mut callers: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (caller, (_, callees)) in graph {
        callees.iter().for_each(|callee| callers.entry(callee).or_default().push(caller));
    }
    let mut waiting: BTreeMap<&str, usize> =
        graph.iter().map(|(name, (_, callees))| (*name, callees.len())).collect();
    let mut chain: BTreeMap<&str, usize> = BTreeMap::new();
    let mut ready: Vec<&str> =
        functions.iter().map(String::as_str).filter(|name| !graph.contains_key(name)).collect();
    while let Some(name) = ready.pop() {
        let length = chain.get(name).copied().unwrap_or(0) + 1;
        for caller in callers.get(name).into_iter().flatten() {
            let longest = chain.entry(caller).or_default();
            *longest = (*longest).max(length);
            if length > MAX_CHAIN {
                let span = graph.get(caller).and_then(|(span, _)| *span);
                return Err(located(
                    span,
                    &format!("more than {MAX_CHAIN} functions call one another in a row"),
                ));
            }
            if let Some(count) = waiting.get_mut(caller) {
                *count = count.saturating_sub(1);
                if *count == 0 {
                    ready.push(caller);
                }
            }
        }
    }
    let Some((mut name, _)) = waiting.iter().find(|(_, count)| **count > 0) else { return Ok(()) };
    let mut seen = BTreeSet::new();
    while seen.insert(*name) {
        let next = graph.get(name).and_then(|(_, callees)| {
            callees.iter().find(|callee| waiting.get(*callee).is_some_and(|count| *count > 0))
        });
        let Some(next) = next else { break };
        name = next;
    }
    let span = graph.get(name).and_then(|(span, _)| *span);
    Err(located(span, &format!("the function `{name}` calls itself; Rego has no recursion")))
}

fn located(span: Option<&Span>, message: &str) -> Failure {
    span.map_or_else(|| Failure::Load(message.to_owned()), |span| at(span, message))
}
