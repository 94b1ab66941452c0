//! What a rule says besides what it looks for.

use andon_syntax::Symbols;

use super::is_current;
use super::node::{Fault, Node};
use crate::rule::{CommentStyle, Expression, FixRegex, Options, Paths, RuleLanguage, Severity, Version};

pub(super) fn versions(node: &Node<'_>) -> Result<(Option<Version>, Option<Version>), Fault> {
    let read = |key: &str| {
        let Some(found) = node.get(key) else {
            return Ok(None);
        };
        let version = Version::parse(&found.text()?);
        version.map(Some).ok_or_else(|| found.invalid(format!("`{key}` must be a version such as 1.50.0")))
    };
    let (min, max) = (read("min-version")?, read("max-version")?);
    if !is_current(min, max) {
        let Version(major, minor, patch) = Version::FOLLOWED;
        return Err(node.unsupported(format!("it is for versions other than {major}.{minor}.{patch}")));
    }
    Ok((min, max))
}

pub(super) fn languages(node: &Node<'_>) -> Result<Vec<RuleLanguage>, Fault> {
    let languages = node.need("languages")?;
    let list: Vec<_> = languages.texts()?.iter().map(|name| RuleLanguage::named(name)).collect();
    if list.is_empty() {
        return Err(languages.invalid("`languages` is empty"));
    }
    Ok(list)
}

pub(super) fn severity(node: &Node<'_>) -> Result<Severity, Fault> {
    let text = node.text()?;
    Severity::named(&text).ok_or_else(|| node.invalid(format!("`{text}` is no severity")))
}

pub(super) fn paths(node: &Node<'_>) -> Result<Paths, Fault> {
    let Some(paths) = node.get("paths") else {
        return Ok(Paths::default());
    };
    paths.only(&["include", "exclude"])?;
    let list = |key: &str| paths.get(key).map_or(Ok(Vec::new()), |list| list.texts());
    Ok(Paths { include: list("include")?, exclude: list("exclude")? })
}

pub(super) fn fix_regex(node: &Node<'_>, symbols: &mut Symbols) -> Result<Option<FixRegex>, Fault> {
    let Some(fix) = node.get("fix-regex") else {
        return Ok(None);
    };
    fix.only(&["regex", "replacement", "count"])?;
    let source = fix.need("regex")?;
    let regex = Expression::new(&source.text()?, false, symbols).map_err(|reason| source.invalid(reason))?;
    let count = match fix.get("count") {
        None => None,
        Some(count) => {
            let number = count.value.as_u64().and_then(|number| u32::try_from(number).ok());
            Some(number.ok_or_else(|| count.invalid("a whole number was expected"))?)
        }
    };
    Ok(Some(FixRegex { regex, replacement: fix.need("replacement")?.text()?, count }))
}

/// Reads `options`. Those that are not known are passed over, as Semgrep does: they are of newer versions, or of parts of
/// it that are not for one file.
pub(super) fn options(node: &Node<'_>) -> Result<Options, Fault> {
    let mut options = Options::default();
    let Some(found) = node.get("options") else {
        return Ok(options);
    };
    if !found.value.is_object() {
        return Err(found.invalid("a mapping was expected"));
    }
    for key in found.keys() {
        let value = found.need(key)?;
        if let Some(switch) = options.switch(key) {
            *switch = value.truth()?;
            continue;
        }
        match key {
            "generic_engine" => options.generic_aliengrep = value.text()? == "aliengrep",
            "generic_ellipsis_max_span" => {
                let number = value.value.as_u64().and_then(|number| u32::try_from(number).ok());
                options.generic_ellipsis_max_span =
                    number.ok_or_else(|| value.invalid("a whole number was expected"))?;
            }
            "generic_comment_style" => {
                options.generic_comment_style = match value.text()?.as_str() {
                    "c" => Some(CommentStyle::C),
                    "cpp" => Some(CommentStyle::Cpp),
                    "shell" => Some(CommentStyle::Shell),
                    other => return Err(value.invalid(format!("`{other}` is no style of comments"))),
                }
            }
            "generic_braces" => options.generic_braces = Some(braces(&value)?),
            "generic_extra_braces" => options.generic_extra_braces = braces(&value)?,
            "generic_extra_word_characters" => options.generic_extra_word_characters = value.texts()?,
            _ => {}
        }
    }
    Ok(options)
}

fn braces(node: &Node<'_>) -> Result<Vec<(String, String)>, Fault> {
    node.items()?
        .iter()
        .map(|pair| match pair.texts()?.as_slice() {
            [open, close] => Ok((open.clone(), close.clone())),
            _ => Err(pair.invalid("an opening and a closing bracket were expected")),
        })
        .collect()
}
