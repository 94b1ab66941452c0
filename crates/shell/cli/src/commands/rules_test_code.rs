use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use andon_sast::Sast;
use andon_sast::check::apply_fixes;
use andon_sast::testing::{TestFile, judge, test_file};
use andon_syntax::Language;
use andon_system::{FileKind, System};

use crate::project::{CodeRuleFile, engine_of, read_code_rule_files};

/// A larger test file is refused, in bytes.
const LARGEST: u64 = 16 << 20;
/// Folders nested deeper are left out.
const DEEPEST: usize = 32;

/// How the rules for source code did.
#[derive(Default)]
pub(super) struct Outcome {
    pub(super) tested: usize,
    /// Lines that a test says something of.
    pub(super) lines: usize,
    pub(super) untested: Vec<String>,
    pub(super) failures: Vec<String>,
}

/// Tries the rules of files in Semgrep's format on the test files beside them.
///
/// # Errors
/// When a file cannot be read.
pub(super) fn test(system: &dyn System, paths: &[PathBuf]) -> anyhow::Result<Outcome> {
    let mut outcome = Outcome::default();
    for path in paths {
        let folder = match system.metadata(&system.canonical(path)?)?.kind {
            FileKind::Folder => path.clone(),
            _ => path.parent().filter(|parent| *parent != Path::new("")).unwrap_or(Path::new(".")).to_owned(),
        };
        let beside = files_below(system, &folder)?;
        for file in read_code_rule_files(system, std::slice::from_ref(path))? {
            one_file(system, &folder, &beside, file, &mut outcome)?;
        }
    }
    Ok(outcome)
}

fn one_file(
    system: &dyn System,
    folder: &Path,
    beside: &[PathBuf],
    file: CodeRuleFile,
    outcome: &mut Outcome,
) -> anyhow::Result<()> {
    let rules_path = relative(folder, Path::new(&file.name));
    let name = file.name.clone();
    let engine = engine_of(&[file], system);
    for refused in &engine.ruleset().refused {
        let id = refused.id.as_deref().unwrap_or("a rule without name");
        outcome.failures.push(format!("{name}:{}: {id}: it cannot run: {}", refused.line, refused.reason));
    }
    let mut verdicts: BTreeMap<String, (usize, Vec<String>)> = BTreeMap::new();
    for test in beside {
        if test_file(&rules_path, &relative(folder, test)) == Some(TestFile::Code) {
            one_test(system, &engine, test, &mut verdicts)?;
        }
    }
    for rule in &engine.ruleset().rules {
        match verdicts.remove(&rule.id) {
            Some((lines, failures)) if lines > 0 => {
                outcome.tested += 1;
                outcome.lines += lines;
                outcome
                    .failures
                    .extend(failures.into_iter().map(|failure| format!("{name}: {}: {failure}", rule.id)));
            }
            _ => outcome.untested.push(format!("{name}: {}", rule.id)),
        }
    }
    Ok(())
}

fn one_test(
    system: &dyn System,
    engine: &Sast,
    test: &Path,
    verdicts: &mut BTreeMap<String, (usize, Vec<String>)>,
) -> anyhow::Result<()> {
    let shown = test.display().to_string();
    let Some(language) = Language::of_path(&shown) else { return Ok(()) };
    let text = crate::project::read_text(system, test, LARGEST)?;
    let checked = engine.ruleset().check(language, &text);
    let rules = &engine.ruleset().rules;
    let line = |at: usize| text.get(..at).map_or(0, |before| before.matches('\n').count() as u32) + 1;
    let id = |rule: usize| rules.get(rule).map_or("", |rule| rule.id.as_str());
    let found: Vec<_> = checked.found.iter().map(|hit| (id(hit.rule), line(hit.span.start))).collect();
    for (rule, verdict) in judge(&text, found) {
        let (lines, failures) = verdicts.entry(rule.to_owned()).or_default();
        *lines += verdict.annotated;
        let listed = |lines: &[u32]| lines.iter().map(u32::to_string).collect::<Vec<_>>().join(", ");
        if !verdict.missed.is_empty() {
            failures.push(format!("{shown}: nothing found on line {}", listed(&verdict.missed)));
        }
        if !verdict.unexpected.is_empty() {
            failures.push(format!("{shown}: found on line {}", listed(&verdict.unexpected)));
        }
    }
    let fixes = checked.found.iter().filter_map(|hit| Some((hit.span.clone(), hit.fix.as_deref()?)));
    check_fixes(system, test, &apply_fixes(&text, fixes), verdicts)
}

/// Compares the text after all fixes with the `.fixed` file beside the test, if there is one.
fn check_fixes(
    system: &dyn System,
    test: &Path,
    fixed: &str,
    verdicts: &mut BTreeMap<String, (usize, Vec<String>)>,
) -> anyhow::Result<()> {
    let (Some(stem), Some(extension)) = (test.file_stem(), test.extension()) else { return Ok(()) };
    let name = format!("{}.fixed.{}", stem.to_string_lossy(), extension.to_string_lossy());
    let beside = test.with_file_name(name);
    if system.metadata(&beside).is_err() {
        return Ok(());
    }
    let wanted = crate::project::read_text(system, &beside, LARGEST)?;
    if wanted.trim_end() == fixed.trim_end() {
        return Ok(());
    }
    let differs = wanted.lines().zip(fixed.lines()).take_while(|(wanted, fixed)| wanted == fixed).count() + 1;
    for (_, failures) in verdicts.values_mut().filter(|(lines, _)| *lines > 0) {
        failures.push(format!("{}: the fixed code differs from line {differs}", beside.display()));
    }
    Ok(())
}

fn relative(folder: &Path, file: &Path) -> String {
    let file = file.strip_prefix(folder).unwrap_or(file);
    file.to_string_lossy().trim_start_matches("./").to_owned()
}

fn files_below(system: &dyn System, folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut open = vec![(folder.to_owned(), 0)];
    while let Some((folder, depth)) = open.pop() {
        for entry in system.list(&folder)? {
            let path = folder.join(&entry.name);
            match entry.kind {
                FileKind::Folder if depth < DEEPEST => open.push((path, depth + 1)),
                FileKind::File => files.push(path),
                _ => {}
            }
        }
    }
    files.sort();
    Ok(files)
}
