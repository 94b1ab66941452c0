//! What people do to code.

use std::collections::HashMap;

use andon_model::Renames;

use super::plant;
use super::project::{File, Line, Project};
use crate::random::Random;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Change {
    InsertLines,
    MoveFunctions,
    RenameFiles,
    Reindent,
    LineEndings,
    RenameNeighbours,
    /// Some credentials go, and others come elsewhere.
    Replace,
    /// Others come in the same places.
    Rotate,
}

pub(super) const ALL: [Change; 8] = [
    Change::InsertLines,
    Change::MoveFunctions,
    Change::RenameFiles,
    Change::Reindent,
    Change::LineEndings,
    Change::RenameNeighbours,
    Change::Replace,
    Change::Rotate,
];

impl Change {
    /// Applies the change to every file; renamed files are added to `renames`.
    pub(super) fn apply(self, project: &mut Project, renames: &mut Renames, random: &mut Random) {
        match self {
            Self::InsertLines => insert_lines(project, random),
            Self::MoveFunctions => project.files.iter_mut().for_each(|file| move_functions(file, random)),
            Self::RenameFiles => rename_files(project, renames, random),
            Self::Reindent => project.files.iter_mut().for_each(|file| reindent(file, random)),
            Self::LineEndings => project.files.iter_mut().for_each(|file| file.crlf = !file.crlf),
            Self::RenameNeighbours => {
                project.files.iter_mut().for_each(|file| rename_neighbours(file, random))
            }
            Self::Replace => replace(project, random),
            Self::Rotate => rotate(project, random),
        }
    }
}

fn insert_lines(project: &mut Project, random: &mut Random) {
    let plain = project.files.iter().flat_map(|file| &file.lines).filter(|line| line.planted.is_none());
    let pool: Vec<Line> = plain.cloned().collect();
    for file in &mut project.files {
        for _ in 0..1 + file.lines.len() / 12 {
            let at = file.gap(random);
            let lines: Vec<Line> = (0..1 + random.below(4)).map(|_| random.pick(&pool).clone()).collect();
            file.lines.splice(at..at, lines);
        }
    }
}

/// Blocks between blank lines change places.
fn move_functions(file: &mut File, random: &mut Random) {
    let blank = |line: &Line| line.text.trim().is_empty();
    let mut blocks: Vec<Vec<Line>> = file.lines.split(blank).map(<[Line]>::to_vec).collect();
    for _ in 0..1 + blocks.len() / 3 {
        let (a, b) = (random.below(blocks.len()), random.below(blocks.len()));
        blocks.swap(a, b);
    }
    file.lines = blocks.join(&Line::plain(""));
}

fn rename_files(project: &mut Project, renames: &mut Renames, random: &mut Random) {
    for file in &mut project.files {
        if random.chance(40) {
            continue;
        }
        let (folder, name) = file.path.rsplit_once('/').unwrap_or(("", &file.path));
        let renamed = match (file.planted, random.below(3)) {
            (None, 0) => format!("{folder}/new_{name}"),
            (None, 1) => format!("{folder}/inner/{name}"),
            _ => format!("moved/{folder}/{name}"),
        };
        let before = renames.remove(&file.path).unwrap_or_else(|| file.path.clone());
        renames.insert(renamed.clone(), before);
        file.path = renamed;
    }
}

fn reindent(file: &mut File, random: &mut Random) {
    let style = random.below(3);
    for line in file.lines.iter_mut().filter(|line| !line.text.trim().is_empty()) {
        let rest = line.text.trim_start();
        let width = line.text.len() - rest.len();
        line.text = match style {
            0 => format!("{}{rest}", "\t".repeat(width / 4)),
            1 => format!("{}{rest}", " ".repeat(width / 2)),
            _ => format!("    {}", line.text),
        };
    }
}

/// A quarter of the names in a file are replaced; on the lines of credentials too.
fn rename_neighbours(file: &mut File, random: &mut Random) {
    let names = file.identifiers().into_iter().filter(|_| random.chance(25));
    let renamed: HashMap<String, String> = names.map(|name| (name.clone(), format!("{name}_next"))).collect();
    for line in &mut file.lines {
        match (line.planted, &mut line.name) {
            (None, _) => line.text = replace_words(&line.text, &renamed),
            (Some(_), Some(name)) => {
                if let Some(new) = renamed.get(name.as_str()) {
                    line.text = line.text.replacen(name.as_str(), new, 1);
                    name.clone_from(new);
                }
            }
            (Some(_), None) => {}
        }
    }
}

fn replace_words(text: &str, renamed: &HashMap<String, String>) -> String {
    let mut changed = String::with_capacity(text.len());
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        changed.push_str(renamed.get(word).map_or(word, String::as_str));
        let end = after.find(is_word).unwrap_or(after.len());
        changed.push_str(&after[..end]);
        rest = &after[end..];
    }
    changed
}

fn replace(project: &mut Project, random: &mut Random) {
    for _ in 0..project.templates.len() / 10 {
        let gone = random.below(project.templates.len());
        for file in &mut project.files {
            file.lines.retain(|line| line.planted != Some(gone));
        }
    }
    for _ in 0..project.templates.len() / 10 {
        plant::plant_one(project, random);
    }
}

fn rotate(project: &mut Project, random: &mut Random) {
    for _ in 0..project.templates.len() / 10 {
        let gone = random.below(project.templates.len());
        plant::rotate(project, gone, random);
    }
}
