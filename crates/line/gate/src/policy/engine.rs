use std::num::{NonZeroU32, NonZeroUsize};
use std::sync::Arc;
use std::time::{Duration, Instant};

use regorus::unstable::{Lexer, Module, Ref, Source, TokenKind};
use regorus::utils::limits::ExecutionTimerConfig;
use regorus::{Engine, LimitError, PolicyLengthConfig, Value};

use super::builtins::{Budget, install};
use super::{Failure, PolicyLimits, check};

const LENGTHS: PolicyLengthConfig =
    PolicyLengthConfig { max_col: COLUMNS, max_file_bytes: BYTES, max_lines: LINES };
const COLUMNS: NonZeroU32 = NonZeroU32::MIN.saturating_add(16_383);
const BYTES: NonZeroUsize = NonZeroUsize::MIN.saturating_add((1 << 20) - 1);
const LINES: NonZeroUsize = NonZeroUsize::MIN.saturating_add(19_999);
const CHECK_EVERY: NonZeroU32 = NonZeroU32::MIN.saturating_add(63);

const MAX_NESTING: usize = 16;

/// Checked policies, ready to be asked.
#[derive(Clone)]
pub(crate) struct Loaded {
    engine: Engine,
    budget: Arc<Budget>,
    limits: PolicyLimits,
}

/// Parses and checks policies. Rego v1 and v0 files may be mixed.
pub(crate) fn load(files: &[(String, String)], limits: PolicyLimits) -> Result<Loaded, Failure> {
    let mut engine = Engine::new();
    engine.set_policy_length_config(LENGTHS);
    engine.set_strict_builtin_errors(false);
    engine.set_gather_prints(true);
    for (name, text) in files {
        add(&mut engine, name, text)?;
    }
    check::check(engine.get_modules().iter().map(AsRef::as_ref))?;
    let budget = Budget::new(limits.memory);
    install(&mut engine, &budget).map_err(|error| Failure::Load(first_line(&error.to_string())))?;
    Ok(Loaded { engine, budget, limits })
}

impl Loaded {
    pub(crate) fn modules(&mut self) -> Vec<Ref<Module>> {
        self.engine.get_modules().clone()
    }

    pub(crate) fn set_input(&mut self, json: &str) -> Result<(), Failure> {
        let value = Value::from_json_str(json)
            .map_err(|error| Failure::Evaluation(first_line(&error.to_string())))?;
        self.engine.set_input(value);
        Ok(())
    }

    /// Gives the next evaluation the whole budget again.
    pub(crate) fn renew(&self) {
        self.budget.renew(self.limits.memory);
    }

    /// What `print` wrote since the last call, as `file:line: text`; the first lines of it.
    pub(crate) fn printed(&mut self) -> Vec<String> {
        const LINES: usize = 100;
        const CHARACTERS: usize = 2_000;
        let lines = self.engine.take_prints().unwrap_or_default();
        lines.into_iter().take(LINES).map(|line| line.chars().take(CHARACTERS).collect()).collect()
    }

    /// Evaluates the rule at a path such as `data.andon.gate.stop`.
    pub(crate) fn eval(&mut self, rule: &str, deadline: Instant) -> Result<Value, Failure> {
        let limit = deadline.saturating_duration_since(Instant::now()).max(Duration::from_millis(1));
        self.engine.set_execution_timer_config(ExecutionTimerConfig { limit, check_interval: CHECK_EVERY });
        let result = self.engine.eval_rule(rule.to_owned());
        if let Some(broken) = self.budget.broken() {
            let place = result.err().and_then(|error| place(&error.to_string()));
            return Err(Failure::Evaluation(
                place.map_or(broken.clone(), |place| format!("{place}: {broken}")),
            ));
        }
        // A timeout inside a function body may come back as text, or not at all when another body answered.
        if Instant::now() > deadline {
            return Err(Failure::Unfinished(self.limits.time));
        }
        result.map_err(|error| match error.downcast_ref::<LimitError>() {
            Some(LimitError::TimeLimitExceeded { .. }) => Failure::Unfinished(self.limits.time),
            _ => Failure::Evaluation(first_line(&error.to_string())),
        })
    }
}

fn add(engine: &mut Engine, name: &str, text: &str) -> Result<(), Failure> {
    let old = outline(name, text)?;
    let Err(error) = engine.add_policy(name.to_owned(), text.to_owned()) else { return Ok(()) };
    if old {
        engine.set_rego_v0(true);
        let second = engine.add_policy(name.to_owned(), text.to_owned());
        engine.set_rego_v0(false);
        if second.is_ok() {
            return Ok(());
        }
    }
    Err(Failure::Load(first_line(&error.to_string())))
}

/// Whether a text may be Rego v0: it uses no keyword of v1 that it does not import. Refuses brackets nested too deep
/// for the parser, whose time doubles with each level. What is no token at all is left to the parser to report.
fn outline(name: &str, text: &str) -> Result<bool, Failure> {
    let source = Source::from_contents_with_limits(name.to_owned(), text.to_owned(), BYTES, LINES)
        .map_err(|error| Failure::Load(error.to_string()))?;
    let mut lexer = Lexer::new(&source);
    lexer.set_max_col(COLUMNS);
    let (mut imports, mut keywords, mut depth) = (false, false, 0_usize);
    let mut previous = String::new();
    while let Ok(token) = lexer.next_token() {
        let text = match token.0 {
            TokenKind::Eof => break,
            TokenKind::String | TokenKind::RawString => "",
            _ => token.1.text(),
        };
        match text {
            "[" | "{" | "(" => depth += 1,
            "]" | "}" | ")" => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > MAX_NESTING {
            return Err(check::at(
                &token.1,
                &format!("brackets are nested more than {MAX_NESTING} levels deep"),
            ));
        }
        imports |= previous == "import" && matches!(text, "future" | "rego");
        keywords |= matches!(text, "if" | "in" | "every") || (previous == "contains" && text != "(");
        previous.clear();
        previous.push_str(text);
    }
    Ok(imports || !keywords)
}

/// The interpreter's messages show a code frame; this keeps the place and the last sentence.
fn first_line(message: &str) -> String {
    let what = message
        .rsplit("error: ")
        .next()
        .unwrap_or(message)
        .lines()
        .next()
        .unwrap_or_default()
        .trim()
        .trim_end_matches(':');
    place(message).map_or_else(|| what.to_owned(), |place| format!("{place}: {what}"))
}

fn place(message: &str) -> Option<String> {
    let (_, rest) = message.split_once("--> ")?;
    rest.lines().next().map(|line| line.trim().to_owned())
}
