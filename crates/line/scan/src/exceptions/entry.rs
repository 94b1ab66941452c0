use andon_model::{Exception, ExceptionIssue, ExceptionProblem, Finding, context_similarity};
use globset::{GlobBuilder, GlobMatcher};
use jiff::civil::Date;

/// Contexts less alike than this are another neighbourhood.
const SIMILAR: f64 = 0.5;
/// Longer globs are refused.
const LONGEST_GLOB: usize = 1000;

/// An exception that can be applied.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) exception: Exception,
    /// The file and 1-based line it was read from.
    pub(super) place: String,
    last_day: Date,
    path: Option<GlobMatcher>,
}

impl Entry {
    /// Checks what the model's form alone cannot say. The error is for people.
    pub(super) fn new(exception: Exception, place: String) -> Result<Self, Box<ExceptionIssue>> {
        match check(&exception) {
            Ok((last_day, path)) => Ok(Self { exception, place, last_day, path }),
            Err(problem) => Err(invalid(exception, format!("{place}: {problem}"))),
        }
    }

    pub(super) fn is_expired(&self, today: Date) -> bool {
        today > self.last_day
    }

    /// Whether it says who asked for it or who approved it.
    pub(super) fn names_people(&self) -> bool {
        self.exception.requester.is_some() || self.exception.approver.is_some()
    }

    pub(super) fn has_path(&self) -> bool {
        self.path.is_some()
    }

    /// Whether `path`, or something in the folder `path`, could be meant.
    pub(super) fn may_match_below(&self, path: &str) -> bool {
        let Some(glob) = &self.path else { return true };
        let below = format!("{}/", path.trim_end_matches('/'));
        let literal: &str = glob.glob().glob();
        let literal = literal.split(['*', '?', '[', '{', '\\']).next().unwrap_or_default();
        glob.is_match(path) || below.starts_with(literal) || literal.starts_with(&below)
    }

    pub(super) fn matches(&self, finding: &Finding) -> bool {
        let exception = &self.exception;
        let named = exception
            .fingerprint
            .as_ref()
            .is_none_or(|wanted| finding.fingerprints.all().any(|fingerprint| fingerprint.0 == *wanted));
        let ruled = exception.rule.as_ref().is_none_or(|rule| finding.rule.id == *rule);
        let near = exception
            .context
            .as_ref()
            .is_none_or(|context| context_similarity(context, &finding.context) >= SIMILAR);
        named && ruled && near && self.matches_place(finding)
    }

    /// Every place must be meant: a secret that is accepted in the tests is not accepted beside them.
    fn matches_place(&self, finding: &Finding) -> bool {
        self.path.as_ref().is_none_or(|glob| {
            !finding.locations.is_empty()
                && finding.locations.iter().all(|location| glob.is_match(&location.path))
        })
    }
}

/// What is said about an entry that cannot be applied.
pub(super) fn invalid(exception: Exception, detail: String) -> Box<ExceptionIssue> {
    Box::new(ExceptionIssue { problem: ExceptionProblem::Invalid, exception, detail })
}

fn check(exception: &Exception) -> Result<(Date, Option<GlobMatcher>), String> {
    if exception.owner.trim().is_empty() {
        return Err("`owner` is missing; name the person or team who answers for it".to_owned());
    }
    if exception.reason.trim().is_empty() {
        return Err("`reason` is missing; say why this is accepted".to_owned());
    }
    if exception.fingerprint.is_none() && (exception.rule.is_none() || exception.path.is_none()) {
        return Err("it matches too much; give `fingerprint`, or `rule` together with `path`".to_owned());
    }
    let empty = [&exception.fingerprint, &exception.rule, &exception.path, &exception.context]
        .into_iter()
        .any(|field| field.as_ref().is_some_and(|text| text.trim().is_empty()));
    if empty {
        return Err("a field is empty; remove it or fill it in".to_owned());
    }
    let last_day: Date = exception.expires.parse().map_err(|_| {
        format!("`expires: {}` is no date; write the last day as YYYY-MM-DD", shorten(&exception.expires))
    })?;
    if exception.expires.len() != "YYYY-MM-DD".len() {
        return Err("`expires` must be a day, written YYYY-MM-DD".to_owned());
    }
    Ok((last_day, exception.path.as_deref().map(compile_glob).transpose()?))
}

/// gitignore's habits: a leading `/` is the root, a trailing `/` means all below, a name without `/` matches at any
/// depth, `*` stops at `/` and `**` does not.
fn compile_glob(text: &str) -> Result<GlobMatcher, String> {
    if text.len() > LONGEST_GLOB {
        return Err(format!("`path` is longer than {LONGEST_GLOB} bytes"));
    }
    let rooted = text.strip_prefix("./").or_else(|| text.strip_prefix('/'));
    let pattern = rooted.unwrap_or(text);
    let below = if pattern.ends_with('/') { "**" } else { "" };
    let anywhere = if rooted.is_none() && !pattern.contains('/') { "**/" } else { "" };
    GlobBuilder::new(&format!("{anywhere}{pattern}{below}"))
        .literal_separator(true)
        .build()
        .map(|glob| glob.compile_matcher())
        .map_err(|error| format!("`path: {}` is no glob: {}", shorten(text), error.kind()))
}

fn shorten(text: &str) -> String {
    text.chars().take(60).collect()
}
