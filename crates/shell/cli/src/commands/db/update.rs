use andon_advisorydb::{Ecosystem, Feed, How, Options, Progress, Status, UpdateError, Updated};
use andon_system::System;
use indicatif::{DecimalBytes, HumanCount};

use crate::arguments::DbUpdateArguments;
use crate::exit;
use crate::problem::Problem;
use crate::terminal::{self, Steps};

/// Brings the advisories of this machine up to date and says what came of it.
pub(crate) fn run(system: &dyn System, arguments: &DbUpdateArguments) -> anyhow::Result<u8> {
    let steps = Steps::new(arguments.quiet);
    let progress = |step: Progress<'_>| steps.at(step.what, step.done, step.total);
    let options = Options {
        from: arguments.from.as_deref(),
        ecosystems: &arguments.ecosystems,
        progress: &progress,
        ..Options::default()
    };
    let updated = andon_advisorydb::update(system, &options);
    steps.finish();
    let updated = updated.map_err(|error| problem(&error))?;
    let status = andon_advisorydb::status(system);
    terminal::write_text(&told(&updated, &status))?;
    if updated.complete() {
        return Ok(exit::GO_ON);
    }
    if !arguments.quiet {
        terminal::note("not everything is up to date; what was there before is still used. Try again later");
    }
    Ok(exit::INCOMPLETE)
}

fn problem(error: &UpdateError) -> anyhow::Error {
    let message = error.to_string();
    match error {
        UpdateError::NoFolder | UpdateError::Name(_) | UpdateError::Network(_) => Problem::new(message),
        UpdateError::Source(_) | UpdateError::Empty(_) => Problem::new(message)
            .hint("name the folder that has a folder for each ecosystem, such as `npm/all.zip`"),
        UpdateError::Running(_) => Problem::incomplete(message),
        UpdateError::Write(_) => Problem::incomplete(message).hint(
            "make room, or name another folder in ANDON_DATA_DIR; the advisories from before are still used",
        ),
        UpdateError::Build(_) | UpdateError::Index(_) => {
            Problem::incomplete(message).hint("the advisories from before are still used; try again")
        }
    }
    .into()
}

/// The result in words: a line for each ecosystem and list, then the index.
fn told(updated: &Updated, status: &Status) -> String {
    let index = status.index.as_ref();
    let mut rows = Vec::new();
    for each in &updated.ecosystems {
        let held =
            index.and_then(|index| index.metadata.ecosystems.iter().find(|held| held.name == each.name));
        let records = held.map(|held| format!("{} advisories", HumanCount(held.advisories)));
        rows.push((each.name.as_str(), records, how(each.how), remarks(each)));
    }
    let held = |catalogue: Option<u64>| catalogue.map(|count| format!("{} entries", HumanCount(count)));
    let metadata = index.map(|index| &index.metadata);
    let exploited = metadata.and_then(|held| Some(held.exploited.as_ref()?.count));
    let probabilities = metadata.and_then(|held| Some(held.probabilities.as_ref()?.count));
    for (name, count, feed) in
        [("KEV", exploited, &updated.exploited), ("EPSS", probabilities, &updated.probabilities)]
    {
        rows.push((name, held(count), feed_how(feed), feed_remark(feed)));
    }
    let wide = |texts: &mut dyn Iterator<Item = usize>| texts.max().unwrap_or(0);
    let first = wide(&mut rows.iter().map(|row| row.0.chars().count()));
    let second = wide(&mut rows.iter().map(|row| row.1.as_ref().map_or(1, String::len)));
    let mut text = format!("from {}\n\n", updated.source);
    for (name, records, how, remarks) in rows {
        let records = records.unwrap_or_else(|| "-".to_owned());
        text += &format!("{name:first$}  {records:>second$}  {how}\n");
        remarks.iter().for_each(|remark| text += &format!("{:first$}    {remark}\n", ""));
    }
    text + "\n" + &summary(status, updated.built.is_some())
}

fn summary(status: &Status, is_new: bool) -> String {
    match (&status.index, &status.problem) {
        (Some(index), _) => format!(
            "{} index of {} advisories, {}\n",
            if is_new { "new" } else { "unchanged" },
            HumanCount(index.metadata.advisories),
            DecimalBytes(index.bytes)
        ),
        (None, Some(problem)) => format!("the index cannot be used: {problem}\n"),
        (None, None) => "there is no index yet\n".to_owned(),
    }
}

fn how(how: How) -> String {
    match how {
        How::Unchanged => "unchanged".to_owned(),
        How::Whole => "fetched".to_owned(),
        How::Changes(1) => "1 change".to_owned(),
        How::Changes(count) => format!("{} changes", HumanCount(count)),
        How::Kept => "kept from before".to_owned(),
        How::Missing => "none".to_owned(),
    }
}

fn feed_how(feed: &Feed) -> String {
    how(feed.how)
}

fn feed_remark(feed: &Feed) -> Vec<String> {
    feed.problem.iter().cloned().collect()
}

fn remarks(each: &Ecosystem) -> Vec<String> {
    let mut remarks: Vec<String> = each.problem.iter().cloned().collect();
    let mut count = |number: u64, one: &str, many: &str| match number {
        0 => {}
        1 => remarks.push(format!("1 record {one}")),
        number => remarks.push(format!("{} records {many}", HumanCount(number))),
    };
    count(each.broken, "cannot be used", "cannot be used");
    count(each.partial, "is used in part only", "are used in part only");
    remarks.extend(each.examples.iter().map(|example| format!("  {example}")));
    remarks
}
