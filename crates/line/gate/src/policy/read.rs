use std::collections::BTreeMap;
use std::time::Instant;

use andon_model::{Fingerprint, Reason, Verdict};
use regorus::Value;
use regorus::unstable::{Module, Rule, RuleHead};

use super::calls::path;
use super::check::package;
use super::{Failure, Loaded, PolicyLimits};

const MAX_MESSAGE: usize = 2_000;
const MAX_FINDINGS: usize = 10_000;

/// Asks every rule that decides, in every package `andon`, `andon.*` and (as in Conftest) `main`.
pub(super) fn reasons(
    loaded: &mut Loaded,
    limits: PolicyLimits,
    deadline: Instant,
) -> Result<Vec<Reason>, Failure> {
    let modules = loaded.modules();
    let mut rules: BTreeMap<String, Asked> = BTreeMap::new();
    for module in &modules {
        collect(module, &mut rules);
    }
    if rules.is_empty() {
        let files: Vec<_> = modules.iter().map(|module| module.package.span.source.file().as_str()).collect();
        return Err(Failure::Load(format!(
            "{}: no rule decides anything; write `stop`, `warn` or `approve` in `package andon.gate`",
            files.join(", ")
        )));
    }
    let mut reasons = Vec::new();
    for (rule, asked) in rules {
        let value = loaded.eval(&rule, deadline)?;
        let answers = answers(&value)
            .map_err(|message| Failure::Evaluation(format!("{}: {message}", asked.source())))?;
        reasons.extend(answers.iter().take(limits.reasons).map(|answer| asked.reason(answer)));
        if let Some(more) = answers.len().checked_sub(limits.reasons).filter(|more| *more > 0) {
            let message = format!("and {more} more");
            reasons.push(asked.reason(&Answer { message, role: None, findings: Vec::new() }));
        }
    }
    Ok(reasons)
}

struct Asked {
    name: String,
    verdict: Verdict,
    files: Vec<String>,
}

impl Asked {
    fn source(&self) -> String {
        format!("{}: {}", self.files.join(", "), self.name)
    }

    fn reason(&self, answer: &Answer) -> Reason {
        Reason {
            verdict: self.verdict,
            source: self.source(),
            message: answer.message.clone(),
            role: answer.role.clone(),
            findings: answer.findings.clone(),
        }
    }
}

fn collect(module: &Module, rules: &mut BTreeMap<String, Asked>) {
    let package = package(module);
    if package != "data.andon" && !package.starts_with("data.andon.") && package != "data.main" {
        return;
    }
    for rule in &module.policy {
        let refr = match rule.as_ref() {
            Rule::Spec { head: RuleHead::Compr { refr, .. } | RuleHead::Set { refr, .. }, .. } => refr,
            Rule::Default { refr, args, .. } if args.is_empty() => refr,
            _ => continue,
        };
        let Some(name) = path(refr).and_then(|path| path.first().copied()) else { continue };
        let Some(verdict) = verdict(name) else { continue };
        let name = name.to_owned();
        let file = module.package.span.source.file();
        let asked =
            rules.entry(format!("{package}.{name}")).or_insert(Asked { name, verdict, files: Vec::new() });
        if !asked.files.contains(file) {
            asked.files.push(file.clone());
        }
    }
}

/// `stop`, `warn`, `approve`, and Conftest's `deny`, `violation` and `warn`, these also with a suffix (`deny_tags`).
fn verdict(name: &str) -> Option<Verdict> {
    match name.split_once('_').map_or(name, |(head, _)| head) {
        "deny" | "violation" => Some(Verdict::Stop),
        "warn" => Some(Verdict::Warn),
        _ if name == "stop" => Some(Verdict::Stop),
        _ if name == "approve" => Some(Verdict::NeedsApproval),
        _ => None,
    }
}

struct Answer {
    message: String,
    role: Option<String>,
    findings: Vec<Fingerprint>,
}

/// A set or array of strings or objects, one of these alone, or a truth value.
fn answers(value: &Value) -> Result<Vec<Answer>, String> {
    match value {
        Value::Undefined | Value::Bool(false) => Ok(Vec::new()),
        Value::Bool(true) => Ok(vec![text_answer("the rule is true")]),
        Value::Array(items) => items.iter().map(answer).collect(),
        Value::Set(items) => items.iter_sorted().map(answer).collect(),
        other => answer(other).map(|answer| vec![answer]),
    }
}

fn answer(value: &Value) -> Result<Answer, String> {
    match value {
        Value::String(text) => Ok(text_answer(text)),
        Value::Object(fields) => {
            let text = |name: &str| match fields.get(&Value::from(name)) {
                Some(Value::String(text)) => Some(text.to_string()),
                _ => None,
            };
            let message = text("msg").or_else(|| text("message")).ok_or("a reason has no string `msg`")?;
            let findings = fields.get(&Value::from("findings")).map(fingerprints).transpose()?;
            Ok(Answer { role: text("role"), findings: findings.unwrap_or_default(), ..text_answer(&message) })
        }
        _ => Err("a reason must be a string, or an object {msg, role, findings}".to_owned()),
    }
}

fn text_answer(text: &str) -> Answer {
    let message = text.chars().filter(|c| !c.is_control() || *c == '\n').take(MAX_MESSAGE).collect();
    Answer { message, role: None, findings: Vec::new() }
}

/// Fingerprints, or whole findings of the input.
fn fingerprints(value: &Value) -> Result<Vec<Fingerprint>, String> {
    let items: Vec<&Value> = match value {
        Value::Array(items) => items.iter().collect(),
        Value::Set(items) => items.iter_sorted().collect(),
        _ => return Err("`findings` must be a set or an array".to_owned()),
    };
    let one = |value: &Value| match value {
        Value::String(text) => Some(text.to_string()),
        finding => match &finding["fingerprints"]["primary"] {
            Value::String(text) => Some(text.to_string()),
            _ => None,
        },
    };
    let found: Option<Vec<_>> =
        items.into_iter().take(MAX_FINDINGS).map(|value| one(value).map(Fingerprint)).collect();
    let mut found = found.ok_or("`findings` must hold fingerprints or findings of the input")?;
    found.sort();
    found.dedup();
    Ok(found)
}
