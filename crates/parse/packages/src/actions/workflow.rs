use andon_documents::{Document, Limits, yaml_one};
use andon_model::Region;
use serde_json::Value;

use super::reference::{Reference, reference};
use crate::support::merges::blank;
use crate::support::position::Lines;
use crate::support::tell::tell;
use crate::support::text::decode;
use crate::{Format, Listing};

/// Finding a job costs time in proportion to their number.
const MAX_JOBS: usize = 2_000;
/// Comments are looked for on lines that people write, so that many steps on one line cost no quadratic time.
const MAX_LINE: usize = 1_000;
const LIMITS: Limits = Limits { depth: 64, nodes: 250_000, bytes: 16 << 20 };

/// Reads the `uses:` of a workflow's jobs and steps and of an action's steps. What is not YAML is read line by line.
pub(crate) fn workflow(bytes: &[u8]) -> Listing {
    let (text, replaced) = decode(bytes);
    let mut reader = Reader::new(&text);
    if replaced {
        reader.listing.problem("some bytes are not UTF-8 and were replaced; save the file as UTF-8");
    }
    match yaml_one(&text, &LIMITS) {
        Ok(document) => reader.document(&document),
        Err(error) => {
            reader.listing.problem(format!(
                "not valid YAML ({error}); the lines that begin with `uses:` were read: mend the file"
            ));
            reader.each_line();
        }
    }
    reader.listing
}

struct Reader<'a> {
    text: &'a str,
    lines: Lines<'a>,
    /// Where each line begins.
    starts: Vec<usize>,
    listing: Listing,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str) -> Self {
        let ends = memchr::memchr_iter(b'\n', text.as_bytes()).map(|end| end + 1);
        let starts = std::iter::once(0).chain(ends).collect();
        Self { text, lines: Lines::new(text), starts, listing: Listing::new(Format::Workflow) }
    }

    fn document(&mut self, document: &Document) {
        if let Some(Value::Object(jobs)) = document.value.get("jobs") {
            for (name, job) in jobs.iter().take(MAX_JOBS) {
                let at = format!("/jobs/{}", name.replace('~', "~0").replace('/', "~1"));
                self.uses(document, job, &at, "uses");
                self.steps(document, job, &at);
            }
            if jobs.len() > MAX_JOBS {
                let left = jobs.len() - MAX_JOBS;
                self.listing.problem(format!(
                    "{left} jobs beyond the first {MAX_JOBS} were not read; split the file"
                ));
            }
        }
        if let Some(runs) = document.value.get("runs") {
            self.steps(document, runs, "/runs");
            if runs.get("image").and_then(Value::as_str).is_some_and(|image| image.starts_with("docker://")) {
                self.uses(document, runs, "/runs", "image");
            }
        }
    }

    fn steps(&mut self, document: &Document, owner: &Value, at: &str) {
        let steps = owner.get("steps").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        for (index, step) in steps.iter().enumerate() {
            self.uses(document, step, &format!("{at}/steps/{index}"), "uses");
        }
    }

    fn uses(&mut self, document: &Document, owner: &Value, at: &str, key: &str) {
        let Some(value) = owner.get(key) else { return };
        let place = document.locate_key(&format!("{at}/{key}")).unwrap_or_default();
        let line = (place.line as usize).saturating_sub(1);
        match value.as_str() {
            Some(uses) => self.add(uses, line),
            None => self.problem("`uses` is not a text and was left out; write owner/name@version", line),
        }
    }

    fn each_line(&mut self) {
        let (text, _) = blank(self.text.into());
        for (number, line) in text.lines().enumerate() {
            let code = line.trim_start();
            let code = code.strip_prefix("- ").map_or(code, str::trim_start);
            let Some(value) = code.strip_prefix("uses:") else { continue };
            let value = value.split(" #").next().unwrap_or_default().trim().trim_matches(['"', '\'']);
            if !value.is_empty() {
                self.add(value, number);
            }
        }
    }

    /// Adds what the `uses:` on a line (0-based) names.
    fn add(&mut self, uses: &str, line: usize) {
        let short = self.line(line).filter(|(_, text)| text.len() <= MAX_LINE);
        let comment = short.and_then(|(_, text)| Some(text.split_once(" #")?.1));
        match reference(uses.trim(), comment) {
            Reference::Package(mut package) => {
                package.region = self.region(line);
                self.listing.packages.push(*package);
            }
            Reference::Local => {}
            Reference::Unknown => {
                self.problem("`uses` does not name owner/name@version and was left out", line)
            }
        }
    }

    fn problem(&mut self, detail: &str, line: usize) {
        let region = self.region(line);
        tell(&mut self.listing, detail, region);
    }

    fn line(&self, line: usize) -> Option<(usize, &'a str)> {
        let start = *self.starts.get(line)?;
        let end = self.starts.get(line + 1).copied().unwrap_or(self.text.len());
        Some((start, self.text.get(start..end)?.trim_end()))
    }

    fn region(&self, line: usize) -> Option<Region> {
        let (start, text) = self.line(line)?;
        let indent = text.len() - text.trim_start().len();
        Some(self.lines.region(start + indent..start + text.len()))
    }
}
