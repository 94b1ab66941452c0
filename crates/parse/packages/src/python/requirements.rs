mod lines;

use std::borrow::Cow;
use std::ops::Range;

use andon_model::Relation;

use super::checksum;
use super::pep508::requirement;
use super::reference::{is_reference, reference};
use crate::support::merges::blank;
use crate::support::position::Lines;
use crate::support::reach::{Names, tidy};
use crate::support::tell::tell;
use crate::support::text::decode;
use crate::{Format, Listing, Package, Source};
use lines::{Line, logical_lines};

/// Reads a requirements file as pip does. What it names is direct, unless the comments that `pip-compile` and `uv`
/// write (`# via flask`) say what brought it in. Constraint files (`-c`) do not ask for anything: they stand in
/// [`Listing::constraints`].
pub(crate) fn requirements(bytes: &[u8]) -> Listing {
    let (text, replaced) = decode(bytes);
    // Files of older tools are in the encoding of the machine that wrote them; names are ASCII in all of them.
    let text = if replaced { Cow::Owned(bytes.iter().copied().map(char::from).collect()) } else { text };
    let lines = Lines::new(&text);
    let (text, conflicts) = blank(Cow::Borrowed(&text));
    let listing = Listing::new(Format::Requirements);
    let mut reader = Reader { listing, lines: &lines, last: None, in_via: false, via: Vec::new() };
    if let Some(first) = conflicts.into_iter().next() {
        reader.problem("unresolved merge conflicts; both sides were read: resolve them", first);
    }
    for line in logical_lines(&text) {
        reader.line(&line);
    }
    reader.finish()
}

struct Reader<'a> {
    listing: Listing,
    lines: &'a Lines<'a>,
    /// The package that comments speak of.
    last: Option<usize>,
    in_via: bool,
    /// Which package a comment says is brought in by what.
    via: Vec<(usize, String)>,
}

impl Reader<'_> {
    fn line(&mut self, line: &Line<'_>) {
        let code = line.code.trim();
        if !code.is_empty() {
            self.last = None;
            self.in_via = false;
            self.statement(code, line.span.clone());
        }
        if let Some(comment) = line.comment {
            self.comment(comment);
        }
    }

    fn statement(&mut self, code: &str, span: Range<usize>) {
        if code.starts_with('-') {
            return self.option(code, span);
        }
        let options = code.find(" -").filter(|at| code.get(at + 1..).is_some_and(is_option));
        let (asked, options) = code.split_at(options.unwrap_or(code.len()));
        let mut package = match requirement(asked)
            .filter(|found| found.address.is_some() || !is_reference(asked))
        {
            Some(requirement) => requirement.package(),
            None if is_reference(asked) => return self.reference(asked, span),
            None => {
                let detail = "this line is no requirement and was left out; write name==version or an option";
                return self.problem(detail, span);
            }
        };
        let hashes =
            options.split_whitespace().filter_map(|word| checksum(word.trim_start_matches("--hash=")));
        package.checksums.extend(hashes);
        self.add(package, span);
    }

    /// An option on a line of its own, its value attached or behind `=` or a space.
    fn option(&mut self, code: &str, span: Range<usize>) {
        let value = |names: &[&str]| {
            let rest = names.iter().find_map(|name| code.strip_prefix(name))?;
            let rest = rest.trim_start().trim_start_matches('=').trim();
            Some(rest.trim_matches(['"', '\'']))
        };
        if let Some(file) = value(&["--requirement", "-r"]) {
            self.include(file, span, false);
        } else if let Some(file) = value(&["--constraint", "-c"]) {
            self.include(file, span, true);
        } else if let Some(target) = value(&["--editable", "-e"]) {
            match requirement(target).filter(|requirement| requirement.address.is_some()) {
                Some(requirement) => self.add(requirement.package(), span),
                None => self.reference(target, span),
            }
        }
    }

    fn include(&mut self, file: &str, span: Range<usize>, constraint: bool) {
        if file.contains("${") || file.contains("://") {
            return self.problem(
                "the file named here is not in the repository and was not read; give its path or copy it",
                span,
            );
        }
        let files = if constraint { &mut self.listing.constraints } else { &mut self.listing.includes };
        files.push(file.strip_prefix("./").unwrap_or(file).to_owned());
    }

    fn reference(&mut self, text: &str, span: Range<usize>) {
        match (reference(text), super::reference::source_of(text)) {
            (Some(package), _) => self.add(package, span),
            // A project in a folder: its own files say what it is and needs.
            (None, Source::Local(folder)) => {
                let folder = folder.split('[').next().unwrap_or_default().trim_end_matches('/');
                let folder = folder.strip_prefix("./").unwrap_or(folder);
                if !folder.starts_with('/') && !folder.contains("${") {
                    let inside =
                        if matches!(folder, "." | "") { String::new() } else { format!("{folder}/") };
                    self.listing.includes.push(format!("{inside}pyproject.toml"));
                }
            }
            (None, _) => {
                self.problem("nothing names the package at this address; write name @ address", span)
            }
        }
    }

    fn add(&mut self, mut package: Package, span: Range<usize>) {
        package.relation = Relation::Direct;
        package.region = Some(self.lines.region(span));
        self.last = Some(self.listing.packages.len());
        self.listing.packages.push(package);
    }

    /// `# via flask, -r web.in`, or `# via` with a name on each of the lines below.
    fn comment(&mut self, comment: &str) {
        let Some(last) = self.last else { return };
        let text = comment.trim();
        if let Some(rest) = text.strip_prefix("via").filter(|rest| rest.is_empty() || rest.starts_with(' ')) {
            self.in_via = true;
            self.via.extend(
                rest.split(',').map(str::trim).filter(|by| !by.is_empty()).map(|by| (last, by.to_owned())),
            );
        } else if self.in_via && comment.starts_with("  ") && !text.is_empty() {
            self.via.push((last, text.to_owned()));
        } else {
            self.in_via = false;
        }
    }

    fn problem(&mut self, detail: &str, span: Range<usize>) {
        tell(&mut self.listing, detail, Some(self.lines.region(span)));
    }

    fn finish(mut self) -> Listing {
        relate(&mut self.listing.packages, &self.via);
        self.listing
    }
}

fn is_option(text: &str) -> bool {
    text.starts_with("--") || ["-C ", "-C="].iter().any(|option| text.starts_with(option))
}

/// Draws the edges that comments tell of. What only packages of this file bring in is transitive; a file, a constraint
/// or an unknown name (the project itself) stands for the project.
fn relate(packages: &mut [Package], via: &[(usize, String)]) {
    let mut names = Names::default();
    for (position, package) in packages.iter().enumerate() {
        names.add(package.purl.name(), position);
    }
    let mut direct = std::collections::HashMap::<usize, bool>::new();
    for (position, by) in via {
        let by = by.split('[').next().unwrap_or(by);
        if by.starts_with("-c ") {
            continue;
        }
        let parent = super::pypi(by);
        let parents = if by.contains(' ') { &[] } else { names.of(parent.name()) };
        *direct.entry(*position).or_default() |= parents.is_empty();
        for parent in parents {
            if let (Some(parent), Ok(position)) =
                (packages.get_mut(*parent as usize), u32::try_from(*position))
            {
                parent.dependencies.push(position);
            }
        }
    }
    for (position, direct) in direct {
        if let Some(package) = packages.get_mut(position).filter(|_| !direct) {
            package.relation = Relation::Transitive;
        }
    }
    packages.iter_mut().for_each(|package| tidy(&mut package.dependencies));
}
