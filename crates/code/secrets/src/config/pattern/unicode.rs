use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, HirKind};

use super::PatternError;

/// Reads `\pL`, `\p{Greek}`, `\p{^Greek}` or a `\P` of them; returns what follows.
pub(super) fn property(source: &str, folded: bool) -> Result<(ClassUnicode, &str), PatternError> {
    let bad = || PatternError::new("a Unicode class `\\p{…}` is malformed");
    let body = source.get(2..).unwrap_or_default();
    let (name, rest) = match body.strip_prefix('{') {
        Some(braced) => braced.split_once('}').ok_or_else(bad)?,
        None => body.split_at_checked(body.chars().next().map_or(0, char::len_utf8)).ok_or_else(bad)?,
    };
    let mut negated = source.starts_with("\\P");
    let name = name.strip_prefix('^').inspect(|_| negated = !negated).unwrap_or(name);
    let mut class = table(name)?;
    if folded {
        class = fold(&class)?;
    }
    if negated {
        class.negate();
    }
    Ok((class, rest))
}

/// Adds the other cases of what is in `class`, except that `k` and `s` do not bring their non-ASCII signs.
pub(super) fn fold(class: &ClassUnicode) -> Result<ClassUnicode, PatternError> {
    let mut folded = class.clone();
    folded.try_case_fold_simple().map_err(|e| PatternError::new(e.to_string()))?;
    let mut signs = ClassUnicode::new(['\u{17f}', '\u{212a}'].map(|c| ClassUnicodeRange::new(c, c)));
    signs.difference(class);
    folded.difference(&signs);
    Ok(folded)
}

/// The characters of a general category or script.
fn table(name: &str) -> Result<ClassUnicode, PatternError> {
    let unknown = || PatternError::new(format!("there is no Unicode class `{name}`"));
    if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
        return Err(unknown());
    }
    let hir = regex_syntax::parse(&format!("\\p{{{name}}}")).map_err(|_| unknown())?;
    match hir.into_kind() {
        HirKind::Class(Class::Unicode(class)) => Ok(class),
        HirKind::Literal(literal) => std::str::from_utf8(&literal.0)
            .ok()
            .and_then(|s| s.chars().next())
            .map(|c| ClassUnicode::new([ClassUnicodeRange::new(c, c)]))
            .ok_or_else(unknown),
        _ => Err(unknown()),
    }
}
