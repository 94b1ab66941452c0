use andon_model::{Finding, Skip, SkipReason, TargetKind, Verdict};

use super::{View, gate, paint};
use crate::components::Unaudited;
use crate::facts::{self, Tally};
use crate::{clean, components, wrap};

/// The last lines: what was examined, what was found, what now.
pub(super) fn summary(view: &View<'_>) -> String {
    let tally = Tally::of(&view.report.findings);
    let mut lines = vec![("examined", examined(view))];
    lines.extend(skipped(view).map(|text| ("left out", text)));
    lines.extend(sandbox(view).map(|text| ("sandbox", text)));
    if let Some(inventory) = &view.report.inventory {
        lines.push(("contains", clean::short(&components::contents(inventory), 400)));
        let basis = components::judged_by(view.report);
        lines.extend(basis.map(|text| ("judged by", clean::short(&text, 400))));
    }
    lines.push(("found", found(view, &tally)));
    let mut lines: Vec<String> =
        lines.into_iter().map(|(name, text)| line(view, name, &text, &tally)).collect();
    let gate = gate::lines(view, view.width, INDENT);
    if !gate.is_empty() {
        let label = view.paint.bold("     gate");
        lines.push(format!("{label}  {}", gate.join(&format!("\n{}", " ".repeat(INDENT)))));
    }
    lines.push(line(view, "next", &next(view, &tally), &tally));
    lines.join("\n")
}

/// Columns before the text.
const INDENT: usize = 11;

fn line(view: &View<'_>, name: &str, text: &str, tally: &Tally) -> String {
    let wrapped = wrap::hanging(text, view.width, INDENT);
    let label = format!("{name:>9}");
    match name {
        "left out" | "sandbox" => view.paint.quiet(&format!("{label}  {wrapped}")),
        "found" if tally.counted == 0 && Unaudited::of(view.report).is_some() => {
            format!("{}  {}", view.paint.bold(&label), warned(view, &wrapped))
        }
        "found" => format!("{}  {}", view.paint.bold(&label), colored(view, &wrapped, tally)),
        "judged by" if Unaudited::of(view.report).is_some() => {
            format!("{}  {}", view.paint.bold(&label), warned(view, &wrapped))
        }
        "next" => format!("{}  {wrapped}", view.paint.paint(paint::HELP, &label)),
        _ => format!("{}  {wrapped}", view.paint.bold(&label)),
    }
}

/// Style for style, line for line: what follows a line break is not part of one style everywhere.
fn warned(view: &View<'_>, text: &str) -> String {
    text.split('\n').map(|line| view.paint.paint(paint::WARNING, line)).collect::<Vec<_>>().join("\n")
}

/// Colours `3 high` and the like where they stand.
fn colored(view: &View<'_>, text: &str, tally: &Tally) -> String {
    tally.severities().fold(text.to_owned(), |text, (severity, count)| {
        let words = format!("{} {severity}", facts::grouped(count as u64));
        text.replacen(&words, &view.paint.severity(severity, &words), 1)
    })
}

fn examined(view: &View<'_>) -> String {
    let report = view.report;
    let target = &report.target;
    let engines = &report.coverage.engines;
    let sum = |number: fn(&andon_model::EngineCoverage) -> u64| engines.iter().map(number).sum::<u64>();
    let name = clean::short(&target.name, 80);
    if target.kind == TargetKind::Import {
        return format!("unknown: results of {} were read from {name}", clean::short(&report.tool.name, 80));
    }
    let mut text = format!(
        "{} ({}) with {} in {}",
        facts::plural64(sum(|engine| engine.files), facts::unit(report)),
        facts::bytes(sum(|engine| engine.bytes)),
        facts::plural64(sum(|engine| engine.rules_loaded), "rule"),
        facts::duration(report.duration_ms),
    );
    text.push_str(&format!(": {}", what(view, &name)));
    let cached = sum(|engine| engine.cached);
    if view.verbose && cached > 0 {
        text.push_str(&format!("; {} answered from the cache", facts::grouped(cached)));
    }
    text
}

fn what(view: &View<'_>, name: &str) -> String {
    let target = &view.report.target;
    let short = |id: &str| clean::short(&facts::short_id(id), 40);
    let of = |what: &str, preposition: &str| match name {
        "." | "" => what.to_owned(),
        name => format!("{what} {preposition} {name}"),
    };
    let kind = match target.kind {
        TargetKind::Directory => format!("the folder {name}"),
        TargetKind::WorkingTree => of("the working tree", "of"),
        TargetKind::History => of("the history", "of"),
        TargetKind::Range => of("what changed", "in"),
        TargetKind::Staged => of("what is staged", "in"),
        TargetKind::Stdin => "standard input".to_owned(),
        TargetKind::Image => format!("the image {name}"),
        TargetKind::Import => name.to_owned(),
    };
    let commits =
        target.commits.map(|count| format!(", {}", facts::plural64(count, "commit"))).unwrap_or_default();
    let base =
        target.base.as_deref().map(|base| format!(" since {}", clean::short(base, 40))).unwrap_or_default();
    let at = match (&target.branch, &target.head) {
        (Some(branch), Some(head)) => format!(" on {} at {}", clean::short(branch, 60), short(head)),
        (None, Some(head)) => format!(" at {}", short(head)),
        (Some(branch), None) => format!(" on {}", clean::short(branch, 60)),
        (None, None) => String::new(),
    };
    format!("{kind}{at}{base}{commits}")
}

fn skipped(view: &View<'_>) -> Option<String> {
    let mut skips: Vec<&Skip> = view.report.coverage.skipped.iter().filter(|skip| skip.files > 0).collect();
    skips.sort_by_key(|skip| skip.reason);
    let words = skips.iter().map(|skip| {
        let count = facts::grouped(skip.files);
        let mut text = format!("{count} {}", skip_word(skip.reason, skip.files));
        if view.verbose && !skip.examples.is_empty() {
            let examples: Vec<String> = skip.examples.iter().map(|path| clean::short(path, 60)).collect();
            text.push_str(&format!(" (such as {})", examples.join(", ")));
        }
        text
    });
    let words: Vec<String> = words.collect();
    (!words.is_empty()).then(|| format!("on purpose: {}", words.join(", ")))
}

fn skip_word(reason: SkipReason, count: u64) -> String {
    let ending = if count == 1 { "" } else { "s" };
    match reason {
        SkipReason::Binary => "binary".to_owned(),
        SkipReason::Ignored => "ignored by git".to_owned(),
        SkipReason::Allowed => "at paths that the rules allow".to_owned(),
        SkipReason::SymbolicLink => format!("symbolic link{ending}"),
        SkipReason::Submodule => format!("submodule{ending}"),
        SkipReason::SpecialFile => format!("special file{ending}"),
        SkipReason::Unopened => "archives of kinds that are not opened".to_owned(),
        SkipReason::Unreachable => "that no branch or tag reaches".to_owned(),
        SkipReason::LfsPointer => format!("LFS pointer{ending}"),
    }
}

fn sandbox(view: &View<'_>) -> Option<String> {
    let note = clean::short(&view.report.coverage.sandbox.note, 300);
    (!note.is_empty()).then_some(note)
}

fn found(view: &View<'_>, tally: &Tally) -> String {
    let severities: Vec<String> = tally
        .severities()
        .map(|(severity, count)| format!("{} {severity}", facts::grouped(count as u64)))
        .collect();
    let mut text = match severities.as_slice() {
        [] if facts::examined_nothing(view.report) => "nothing, for nothing was examined".to_owned(),
        [] => match Unaudited::of(view.report) {
            Some(open) => format!("nothing, but {}: this is not a clean result", open.words()),
            None => "nothing".to_owned(),
        },
        some => some.join(", "),
    };
    let mut aside = Vec::new();
    if facts::compared(view.report) {
        aside.push(format!("{} new", facts::grouped(tally.new as u64)));
        aside.push(format!("{} existing", facts::grouped((tally.counted - tally.new) as u64)));
    }
    if tally.gone > 0 {
        aside.push(format!("{} {}", facts::grouped(tally.gone as u64), facts::gone(view.report)));
    }
    for (count, word) in [(tally.suppressed, "suppressed"), (tally.fixed, "fixed")] {
        if count > 0 {
            aside.push(format!("{} {word}", facts::grouped(count as u64)));
        }
    }
    if !aside.is_empty() {
        text.push_str(&format!(" ({})", aside.join(", ")));
    }
    text
}

/// One thing to do, the most urgent.
fn next(view: &View<'_>, tally: &Tally) -> String {
    let report = view.report;
    let compared = facts::compared(report);
    let urgent: Vec<&Finding> =
        report.findings.iter().filter(|f| f.counts() && (!compared || f.is_new())).collect();
    let rule = facts::ordered(urgent.iter().copied())
        .first()
        .map(|f| clean::short(&f.rule.id, 60))
        .unwrap_or_default();
    let secrets = urgent.iter().filter(|finding| facts::is_secret(finding)).count();
    let waits = report.gate.as_ref().is_some_and(|gate| gate.verdict == Verdict::NeedsApproval);
    if secrets > 0 {
        let sure = urgent.iter().any(|finding| facts::is_secret(finding) && facts::sure(finding));
        let first = if sure { "revoke" } else { "look at each secret, and revoke" };
        return format!(
            "{first} what is real: a secret deleted from the code still opens its door\n\
             `andon explain {rule}` says how; what may stay: .andon/exceptions.yaml"
        );
    }
    if let Some(text) = malicious(&urgent) {
        return text;
    }
    if let Some(text) = update(view, &urgent) {
        return text;
    }
    if !urgent.is_empty() {
        return format!("mend the worst first; `andon explain {rule}` says how");
    }
    if waits {
        return "ask for the approval that the gate names".to_owned();
    }
    if !report.coverage.complete && report.target.kind == TargetKind::Import {
        return "nothing was reported; only the tool itself knows what it looked at".to_owned();
    }
    if let Some(open) = Unaudited::of(report) {
        let how = match open {
            Unaudited::Some => "see what was not audited (above)",
            Unaudited::All => "run `andon db update` and scan again",
        };
        return format!("{how}: nothing found in what was not audited means nothing");
    }
    if !report.coverage.complete {
        return "see what was not examined (above): nothing found there does not mean that nothing is there"
            .to_owned();
    }
    if facts::examined_nothing(report) {
        let untracked = match report.target.kind {
            TargetKind::WorkingTree => "; --untracked takes files that git does not know",
            _ => "",
        };
        return format!("check the target: nothing there was examined{untracked}");
    }
    if tally.counted > 0 {
        return "nothing new; the existing findings wait for their turn".to_owned();
    }
    "nothing to do".to_owned()
}

fn malicious(urgent: &[&Finding]) -> Option<String> {
    let any = urgent.iter().any(|finding| finding.rule.id == "malicious-dependency");
    any.then(|| {
        "remove what is malicious, and change every credential that it could read\n\
         `andon explain malicious-dependency` says how"
            .to_owned()
    })
}

/// The update to begin with, where the worst findings are about components.
fn update(view: &View<'_>, urgent: &[&Finding]) -> Option<String> {
    let worst = urgent.iter().map(|finding| finding.severity).max()?;
    let about = urgent.iter().copied().filter(|finding| components::is_about(finding));
    let about: Vec<&Finding> = about.collect();
    let groups = components::Groups::of(view.report, about.iter().copied());
    let first = groups.updates.first()?;
    let is_worst = first.findings.first().is_some_and(|finding| finding.severity == worst);
    is_worst.then(|| {
        let upgrade = first.upgrade;
        let name = clean::short(&format!("{} to {}", upgrade.name, upgrade.to), 80);
        let what = match &upgrade.command {
            Some(command) => format!("update {name}: `{}`", clean::short(command, 120)),
            None => format!("update {name}"),
        };
        format!("{what}\n`andon why {}` shows what brings it in", clean::short(&upgrade.name, 60))
    })
}
