use std::ops::Range;

use andon_model::{Relation, Scope};
use andon_purl::Purl;

use super::tokens::{Token, tokens};
use crate::support::origin;
use crate::support::sheet::{Sheet, read_text};
use crate::{Format, Listing, Package, Source};

/// `Gemfile`, as far as it can be read without running it: calls of `gem` with literal arguments, in the blocks of
/// `group`, `git` and `path`. What only running it could tell is named in the problems.
pub(crate) fn gemfile(bytes: &[u8]) -> Listing {
    read_text(Format::Gemfile, bytes, |sheet, text| {
        let mut blocks = Vec::new();
        statements(text, |statement, span| read(sheet, &mut blocks, statement, span));
    })
}

/// A block that has not ended: what it says of the gems in it.
#[derive(Default)]
struct Block {
    groups: Vec<String>,
    optional: bool,
    source: Option<Source>,
}

/// Blocks and lines of a statement beyond which nothing is followed.
const MAX_BLOCKS: usize = 100;
const MAX_LINES: usize = 50;

/// Shows the statements of a file one by one: a line that ends with a comma goes on in the next.
fn statements(text: &str, mut show: impl FnMut(&[Token], Range<usize>)) {
    let mut current: Option<(Vec<Token>, Range<usize>)> = None;
    let (mut offset, mut goes_on, mut count) = (0, false, 0);
    for line in text.split_inclusive('\n') {
        let start = offset + line.len() - line.trim_start().len();
        let end = offset + line.trim_end().len();
        offset += line.len();
        let read = tokens(line);
        if read.is_empty() {
            continue;
        }
        let continues = goes_on && count < MAX_LINES;
        count = if continues { count + 1 } else { 0 };
        let opens = matches!(read.last(), Some(Token::Other(',' | '(' | '[' | '{' | '\\')));
        goes_on = opens;
        match current.as_mut().filter(|_| continues) {
            Some((tokens, span)) => {
                tokens.extend(read);
                span.end = end;
            }
            None => {
                if let Some((tokens, span)) = current.replace((read, start..end.max(start))) {
                    show(&tokens, span);
                }
            }
        }
    }
    if let Some((tokens, span)) = current {
        show(&tokens, span);
    }
}

fn read(sheet: &mut Sheet<'_>, blocks: &mut Vec<Block>, statement: &[Token], span: Range<usize>) {
    let Some(Token::Word(first)) = statement.first() else { return };
    let opens = statement.iter().any(|token| *token == Token::Word("do".to_owned()));
    let arguments = Arguments::read(statement.get(1..).unwrap_or_default());
    match first.as_str() {
        "end" => {
            blocks.pop();
            return;
        }
        "gem" => gem(sheet, blocks, &arguments, span),
        "eval_gemfile" => match arguments.texts.first() {
            Some(path) => sheet.listing.includes.push(path.clone()),
            None => {
                sheet.problem_at(span, "a file is included whose name only running the Gemfile could tell")
            }
        },
        _ if opens => {
            blocks.push(block(first, &arguments));
            blocks.truncate(MAX_BLOCKS);
            return;
        }
        "if" | "unless" | "case" | "while" | "until" | "begin" | "def" | "for" | "module" | "class" => {
            blocks.push(Block::default());
            blocks.truncate(MAX_BLOCKS);
            return;
        }
        _ => {}
    }
    if opens {
        blocks.push(Block::default());
        blocks.truncate(MAX_BLOCKS);
    }
}

fn block(word: &str, arguments: &Arguments) -> Block {
    let first = arguments.texts.first().cloned().unwrap_or_default();
    let mut block = Block::default();
    match word {
        "group" | "groups" => {
            block.groups.clone_from(&arguments.texts);
            block.optional = arguments.option("optional").is_some_and(|value| value == "true");
        }
        "git" => block.source = Some(git(&first, arguments)),
        "github" => block.source = Some(git(&github(&first), arguments)),
        "path" => block.source = Some(Source::Local(first)),
        _ => {}
    }
    block
}

fn gem(sheet: &mut Sheet<'_>, blocks: &[Block], arguments: &Arguments, span: Range<usize>) {
    let Some((name, requirements)) = arguments.texts.split_first().filter(|_| !arguments.unknown_name) else {
        sheet.problem_at(
            span,
            "a gem whose name only running the Gemfile could tell; list it by a Gemfile.lock",
        );
        return;
    };
    if name.is_empty() {
        return;
    }
    let source = own_source(arguments).or_else(|| blocks.iter().rev().find_map(|block| block.source.clone()));
    let exact = match requirements {
        [one] => exact(one).filter(|_| source.is_none()),
        _ => None,
    };
    let mut package = Package::new(Purl::new("gem", name).with_version(exact.unwrap_or_default()));
    if exact.is_none() && !requirements.is_empty() {
        package.requirement = Some(requirements.join(", "));
    }
    package.source = source.unwrap_or_default();
    package.relation = Relation::Direct;
    package.scope = scope(blocks, arguments);
    package.region = Some(sheet.region(span));
    sheet.push(package);
}

/// Only in groups for developing and testing: development. In an optional group: optional.
fn scope(blocks: &[Block], arguments: &Arguments) -> Scope {
    let own = arguments.options.iter().filter(|(key, _)| key == "group" || key == "groups");
    let groups: Vec<&str> = own
        .map(|(_, value)| value.as_str())
        .chain(blocks.iter().flat_map(|block| block.groups.iter().map(String::as_str)))
        .collect();
    let develops = |group: &&str| ["development", "test", "dev", "tests", "ci", "lint"].contains(group);
    match () {
        () if !groups.is_empty() && groups.iter().all(develops) => Scope::Development,
        () if blocks.iter().any(|block| block.optional) => Scope::Optional,
        () => Scope::Runtime,
    }
}

fn own_source(arguments: &Arguments) -> Option<Source> {
    if let Some(address) = arguments.option("git") {
        return Some(git(address, arguments));
    }
    if let Some(repository) = arguments.option("github") {
        return Some(git(&github(repository), arguments));
    }
    arguments.option("path").map(|path| Source::Local(path.to_owned()))
}

fn git(address: &str, arguments: &Arguments) -> Source {
    let reference = arguments.option("ref").unwrap_or_default();
    origin::git(&format!("{}#{reference}", origin::without_credentials(address)))
}

fn github(repository: &str) -> String {
    let (owner, name) = repository.split_once('/').unwrap_or((repository, repository));
    format!("https://github.com/{owner}/{name}.git")
}

/// `1.2.3` and `= 1.2.3`, which admit one version.
fn exact(requirement: &str) -> Option<&str> {
    let version = requirement.trim().trim_start_matches('=').trim_start();
    let digits = version.starts_with(|c: char| c.is_ascii_digit());
    (digits && version.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.')).then_some(version)
}

/// The arguments of a call: those by position that are texts, and those by name.
#[derive(Default)]
struct Arguments {
    texts: Vec<String>,
    /// Whether the first argument is not a literal.
    unknown_name: bool,
    /// Values of names; a list's items one by one.
    options: Vec<(String, String)>,
}

impl Arguments {
    fn read(tokens: &[Token]) -> Self {
        let mut arguments = Self::default();
        let mut key: Option<String> = None;
        let mut depth = 0usize;
        let mut first = true;
        for (index, token) in tokens.iter().enumerate() {
            let named = tokens.get(index + 1) == Some(&Token::Arrow);
            match token {
                Token::Key(name) => key = Some(name.clone()),
                Token::Symbol(name) | Token::Text(name) if named => key = Some(name.clone()),
                Token::Symbol(text) | Token::Text(text) => arguments.add(key.as_deref(), text),
                Token::Word(word) if word == "do" || word == "if" || word == "unless" => break,
                Token::Word(word) => {
                    arguments.unknown_name |= first;
                    if key.is_some() {
                        arguments.add(key.as_deref(), word);
                    }
                }
                Token::Unknown => arguments.unknown_name |= first,
                Token::Other('[') => depth += 1,
                Token::Other(']') => depth = depth.saturating_sub(1),
                Token::Other(',') if depth == 0 => key = None,
                _ => {}
            }
            first &= matches!(token, Token::Other('('));
        }
        arguments
    }

    fn add(&mut self, key: Option<&str>, value: &str) {
        match key {
            Some(key) => self.options.push((key.to_owned(), value.to_owned())),
            None => self.texts.push(value.to_owned()),
        }
    }

    fn option(&self, name: &str) -> Option<&str> {
        self.options.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}
