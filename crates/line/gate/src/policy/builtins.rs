use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use anyhow::{Result, bail};
use regorus::unstable::{BUILTINS, BuiltinFcn, Expr, Ref, Source, Span};
use regorus::{Engine, LimitError, Value};

use super::weight::{deep, shallow};

/// Built-in functions that a policy must not call, each with what to do instead.
pub(super) const REFUSED: &[(&str, &str)] = &[
    ("http.send", NETWORK),
    ("net.lookup_ip_addr", NETWORK),
    ("rand.intn", RANDOM),
    ("uuid.rfc4122", RANDOM),
    ("time.now_ns", "use time.parse_rfc3339_ns(input.now), the time of the decision"),
    ("opa.runtime", "a decision must not depend on the environment; put what it needs into the input"),
    ("graph.reachable_paths", "its result grows exponentially; use graph.reachable"),
];

const NETWORK: &str = "policies cannot reach the network; put what the policy needs into the input";
const RANDOM: &str = "the same input must give the same decision; derive the value from the input";

/// Functions whose evaluation the interpreter handles itself.
const UNGUARDED: &[&str] = &["walk", "trace"];

/// Functions that hand on a part of their argument and allocate nothing.
const BORROWING: &[&str] = &["object.get", "max", "min"];

/// What built-in functions produced, shared by all calls of one evaluation.
#[derive(Debug)]
pub(super) struct Budget {
    left: AtomicU64,
    broken: Mutex<Option<String>>,
}

impl Budget {
    pub(super) fn new(bytes: u64) -> Arc<Self> {
        Arc::new(Self { left: AtomicU64::new(bytes), broken: Mutex::new(None) })
    }

    /// The first limit or rule that was broken. The interpreter may swallow an error; this does not.
    pub(super) fn broken(&self) -> Option<String> {
        self.broken.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn renew(&self, bytes: u64) {
        self.left.store(bytes, Ordering::Relaxed);
        *self.broken.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn fail<T>(&self, message: String) -> Result<T> {
        self.broken.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(message.clone());
        bail!(message)
    }

    fn left(&self) -> u64 {
        self.left.load(Ordering::Relaxed)
    }

    fn require(&self, name: &str, bytes: u64) -> Result<()> {
        if bytes <= self.left() { Ok(()) } else { self.fail(format!("`{name}` would produce too much data")) }
    }

    fn charge(&self, name: &str, bytes: u64) -> Result<()> {
        self.require(name, bytes)?;
        let left = self.left().saturating_sub(bytes);
        self.left.store(left, Ordering::Relaxed);
        Ok(())
    }
}

/// Puts a guard in front of every built-in function: the interpreter looks extensions up first.
pub(super) fn install(engine: &mut Engine, budget: &Arc<Budget>) -> Result<()> {
    for (name, remedy) in REFUSED {
        let arguments = BUILTINS.get(name).map_or(1, |builtin| builtin.1);
        let budget = Arc::clone(budget);
        let refuse = move |_: Vec<Value>| budget.fail(format!("`{name}` is not available: {remedy}"));
        engine.add_extension((*name).to_owned(), arguments, Box::new(refuse))?;
    }
    let source = Source::from_contents("built-in".to_owned(), String::new())?;
    let span = Span { source, line: 1, col: 1, start: 0, end: 0 };
    for (name, builtin) in BUILTINS.iter() {
        if UNGUARDED.contains(name) || REFUSED.iter().any(|(refused, _)| refused == name) {
            continue;
        }
        let placeholder = || Ref::new(Expr::Null { span: span.clone(), value: Value::Null, eidx: 0 });
        let parameters: Vec<_> = (0..builtin.1).map(|_| placeholder()).collect();
        let guard =
            Guard { name, builtin: *builtin, span: span.clone(), parameters, budget: Arc::clone(budget) };
        let call = move |arguments: Vec<Value>| guard.call(&arguments);
        engine.add_extension((*name).to_owned(), builtin.1, Box::new(call))?;
    }
    Ok(())
}

#[derive(Clone)]
struct Guard {
    name: &'static str,
    builtin: BuiltinFcn,
    span: Span,
    parameters: Vec<Ref<Expr>>,
    budget: Arc<Budget>,
}

impl Guard {
    fn call(&self, arguments: &[Value]) -> Result<Value> {
        if let Some(answer) = answer_directly(self.name, arguments) {
            return Ok(answer);
        }
        self.budget.require(self.name, expected_bytes(self.name, arguments, self.budget.left()))?;
        // As in OPA, an error in a built-in function makes the call undefined; only limits are errors.
        let value = match (self.builtin.0)(&self.span, &self.parameters, arguments, false) {
            Ok(value) => value,
            Err(error) if error.downcast_ref::<LimitError>().is_some() => return Err(error),
            Err(_) => return Ok(Value::Undefined),
        };
        if !BORROWING.contains(&self.name) {
            self.budget.charge(self.name, shallow(&value))?;
        }
        Ok(value)
    }
}

/// Arguments on which the library's own function panics.
fn answer_directly(name: &str, arguments: &[Value]) -> Option<Value> {
    match (name, arguments) {
        ("object.subset", [Value::Array(_), Value::Array(part)]) if part.is_empty() => {
            Some(Value::Bool(true))
        }
        ("numbers.range_step", [_, _, step]) if step.as_i64().is_ok_and(|step| step <= 0) => {
            Some(Value::Undefined)
        }
        _ => None,
    }
}

/// An upper bound of what a call produces; 0 for functions whose result is no larger than an argument.
fn expected_bytes(name: &str, arguments: &[Value], cap: u64) -> u64 {
    let number = |value: &Value| value.as_i64().ok();
    let length = |value: &Value| value.as_string().map_or(0, |text| text.len() as u64);
    let all = || arguments.iter().fold(0, |sum: u64, value| sum.saturating_add(deep(value, cap)));
    match (name, arguments) {
        ("numbers.range", [from, to]) => range_bytes(number(from), number(to), 1),
        ("numbers.range_step", [from, to, step]) => {
            range_bytes(number(from), number(to), number(step).unwrap_or(1))
        }
        ("net.cidr_expand", [network]) => network.as_string().map_or(0, |network| cidr_bytes(network)),
        ("bits.lsh", [value, by]) => {
            number(by).map_or(u64::MAX, |by| by.unsigned_abs() / 8).saturating_add(deep(value, cap))
        }
        ("array.concat", [one, other]) => shallow(one).saturating_add(shallow(other)),
        ("replace", [text, old, new]) => {
            let places =
                length(text).checked_div(length(old)).unwrap_or_else(|| length(text)).saturating_add(1);
            places.saturating_mul(length(new)).saturating_add(length(text))
        }
        ("strings.replace_n", [patterns, text]) => replace_n_bytes(patterns, length(text)),
        ("regex.replace", [text, _, with]) => (length(text) + 1).saturating_mul(length(with) + 1),
        ("sprintf", [format, values]) => sprintf_bytes(format, values, cap),
        ("concat", [delimiter, items]) => {
            shallow(items).saturating_mul(length(delimiter)).saturating_add(deep(items, cap))
        }
        ("split" | "regex.split" | "json.unmarshal" | "yaml.unmarshal" | "urlquery.decode_object", _) => {
            all().saturating_mul(32)
        }
        ("regex.find_n" | "regex.find_all_string_submatch_n", _) => all().saturating_mul(32),
        ("union" | "intersection" | "graph.reachable", _) => all(),
        _ if ["json.", "yaml.", "object.union", "urlquery.encode_object"]
            .iter()
            .any(|p| name.starts_with(p)) =>
        {
            all().saturating_mul(4)
        }
        _ => 0,
    }
}

fn range_bytes(from: Option<i64>, to: Option<i64>, step: i64) -> u64 {
    let (Some(from), Some(to)) = (from, to) else { return u64::MAX };
    (from.abs_diff(to) / step.unsigned_abs().max(1)).saturating_add(1).saturating_mul(48)
}

fn cidr_bytes(network: &str) -> u64 {
    let Some((address, prefix)) = network.split_once('/') else { return 0 };
    let width = if address.contains(':') { 128 } else { 32 };
    let host_bits = prefix.parse::<u32>().map_or(0, |prefix| 128_u32.min(width).saturating_sub(prefix));
    1_u64.checked_shl(host_bits).filter(|_| host_bits < 60).map_or(u64::MAX, |count| count.saturating_mul(64))
}

fn replace_n_bytes(patterns: &Value, text: u64) -> u64 {
    let Ok(patterns) = patterns.as_object() else { return 0 };
    patterns.iter().fold(text, |bytes, (old, new)| {
        let length = |value: &Value| value.as_string().map_or(0, |text| text.len() as u64);
        let places = bytes.checked_div(length(old)).unwrap_or(bytes).saturating_add(1);
        // The growth of the text by one pattern: what the new text is longer than the old.
        bytes.saturating_add(places.saturating_mul(length(new).saturating_sub(length(old))))
    })
}

fn sprintf_bytes(format: &Value, values: &Value, cap: u64) -> u64 {
    let Ok(format) = format.as_string() else { return 0 };
    let widths = format.split(|c: char| !c.is_ascii_digit()).filter(|digits| !digits.is_empty());
    let widths = widths.map(|digits| digits.parse::<u64>().unwrap_or(u64::MAX)).fold(0, u64::saturating_add);
    let verbs = format.matches('%').count() as u64;
    let largest = match values {
        Value::Array(items) => items.iter().map(|value| deep(value, cap)).max().unwrap_or(0),
        other => deep(other, cap),
    };
    widths.saturating_add(verbs.saturating_mul(largest).saturating_mul(2)).saturating_add(format.len() as u64)
}
