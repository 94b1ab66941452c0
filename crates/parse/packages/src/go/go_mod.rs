use std::borrow::Cow;
use std::ops::Range;

use andon_model::Relation;

use super::{is_folder, is_version, module};
use crate::support::merges::blank;
use crate::support::position::Lines;
use crate::support::tell::tell;
use crate::support::text::decode;
use crate::{Change, Format, Listing, Package, Project, Source};

/// Reads `go.mod` (the Go modules reference, "go.mod files"). The `toolchain` or `go` directive asks for a version of the
/// standard library: it is listed as `stdlib` with a requirement, for what it is built with is known only later. A
/// module of Go 1.17 or newer lists all it needs here; an older one needs `go.sum` for the rest.
pub(crate) fn go_mod(bytes: &[u8]) -> Listing {
    let mut listing = Listing::new(Format::GoMod);
    let (text, replaced) = decode(bytes);
    if replaced {
        listing.problem("some bytes are not UTF-8 and were replaced; save the file as UTF-8");
    }
    let lines = Lines::new(&text);
    let (text, conflicts) = blank(Cow::Borrowed(&text));
    let mut reader = Reader { listing, lines: &lines, block: None, go: None, toolchain: None };
    if let Some(first) = conflicts.into_iter().next() {
        reader.problem("unresolved merge conflicts; both sides were read: resolve them", first);
    }
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        reader.line(line, start);
        start += line.len();
    }
    reader.finish(start)
}

struct Reader<'a> {
    listing: Listing,
    lines: &'a Lines<'a>,
    /// The directive whose parentheses are open.
    block: Option<String>,
    go: Option<(String, Range<usize>)>,
    toolchain: Option<(String, Range<usize>)>,
}

impl Reader<'_> {
    fn line(&mut self, line: &str, start: usize) {
        let (code, comment) = split_comment(line);
        let span = start + code.len() - code.trim_start().len()..start + line.trim_end().len();
        let tokens = tokens(code);
        let mut rest = tokens.as_slice();
        if rest.is_empty() {
            return;
        }
        if rest == [")"] {
            self.block = None;
            return;
        }
        let verb = match &self.block {
            Some(block) => block.clone(),
            None => {
                let Some((verb, arguments)) = rest.split_first() else { return };
                rest = arguments;
                if rest.first().is_some_and(|first| first == "(") {
                    self.block = Some(verb.clone());
                    return;
                }
                verb.clone()
            }
        };
        self.directive(&verb, rest, comment, span);
    }

    fn directive(&mut self, verb: &str, arguments: &[String], comment: &str, span: Range<usize>) {
        match (verb, arguments) {
            ("module", [path]) => {
                self.listing.project = Some(Project { purl: Some(module(path)), licenses: Vec::new() });
            }
            ("go", [version]) => self.go = Some((version.clone(), span)),
            ("toolchain", [name]) => {
                let version =
                    name.strip_prefix("go").map(|version| version.split('-').next().unwrap_or(version));
                self.toolchain = version.map(|version| (version.to_owned(), span));
            }
            ("require", [path, version]) => self.require(path, version, comment, span),
            ("replace", arguments) => self.replace(arguments, span),
            ("exclude", [path, version]) => {
                self.listing.changes.push(Change { of: module(path).with_version(version), by: None });
            }
            // They say nothing about packages of this build; a tool's module is required beside it.
            ("retract" | "tool" | "godebug" | "ignore", _) => {}
            _ => self.problem("a line that go.mod does not know was left out; run `go mod tidy`", span),
        }
    }

    fn require(&mut self, path: &str, version: &str, comment: &str, span: Range<usize>) {
        let mut package = versioned(path, version);
        let indirect =
            comment.strip_prefix("indirect").is_some_and(|rest| rest.is_empty() || rest.starts_with(';'));
        package.relation = if indirect { Relation::Transitive } else { Relation::Direct };
        package.region = Some(self.lines.region(span));
        self.listing.packages.push(package);
    }

    fn replace(&mut self, arguments: &[String], span: Range<usize>) {
        let arrow = arguments.iter().position(|argument| argument == "=>");
        let sides = arrow
            .map(|at| (arguments.get(..at).unwrap_or_default(), arguments.get(at + 1..).unwrap_or_default()));
        let (of, mut by) = match sides {
            Some(([old], new)) => (module(old), replacement(old, new)),
            Some(([old, version], new)) => (module(old).with_version(version), replacement(old, new)),
            _ => return self.problem("a `replace` without `=>` was left out; run `go mod tidy`", span),
        };
        let Some(by) = &mut by else {
            return self.problem("a `replace` without a module was left out; run `go mod tidy`", span);
        };
        by.region = Some(self.lines.region(span));
        if let Source::Local(folder) = &by.source
            && folder.starts_with('.')
        {
            self.listing
                .includes
                .push(format!("{}/go.mod", folder.trim_start_matches("./").trim_end_matches('/')));
        }
        self.listing.changes.push(Change { of, by: Some(by.clone()) });
    }

    fn problem(&mut self, detail: &str, span: Range<usize>) {
        tell(&mut self.listing, detail, Some(self.lines.region(span)));
    }

    fn finish(mut self, end: usize) -> Listing {
        if let Some(block) = self.block.take() {
            let detail = format!("the file ends inside `{block} (`; take it from version control again");
            self.problem(&detail, end..end);
        }
        if let Some((version, span)) = self.toolchain.take().or(self.go.take()) {
            let mut package = Package::new(module("stdlib"));
            package.requirement = Some(version);
            package.relation = Relation::Direct;
            package.region = Some(self.lines.region(span));
            self.listing.packages.push(package);
        }
        self.listing
    }
}

/// What stands behind the arrow. A folder keeps the module's name, for nothing else here names it.
fn replacement(old: &str, new: &[String]) -> Option<Package> {
    match new {
        [folder] if is_folder(folder) => {
            let mut package = Package::new(module(old));
            package.source = Source::Local(folder.clone());
            Some(package)
        }
        [path] => Some(Package::new(module(path))),
        [path, version] => Some(versioned(path, version)),
        _ => None,
    }
}

fn versioned(path: &str, version: &str) -> Package {
    if is_version(version) {
        return Package::new(module(path).with_version(version));
    }
    Package { requirement: Some(version.to_owned()), ..Package::new(module(path)) }
}

/// The line without its comment, and the comment's text.
fn split_comment(line: &str) -> (&str, &str) {
    line.split_once("//").map_or((line, ""), |(code, comment)| (code, comment.trim()))
}

/// Words, where quotes of both kinds hold a word together and a parenthesis at the end stands for itself.
fn tokens(code: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut rest = code.trim();
    while let Some(first) = rest.chars().next() {
        let (token, after) = match first {
            '"' | '`' => {
                let inner = rest.get(1..).unwrap_or_default();
                inner.split_once(first).unwrap_or((inner, ""))
            }
            '(' | ')' => rest.split_at(1),
            _ => rest.split_at(rest.find(|c: char| c.is_whitespace() || c == '(').unwrap_or(rest.len())),
        };
        tokens.push(token.to_owned());
        rest = after.trim_start();
    }
    tokens
}
