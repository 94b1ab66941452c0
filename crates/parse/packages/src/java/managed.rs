use std::{collections::HashMap, rc::Rc};

use super::{
    PomDependency,
    coordinates::shown,
    properties::{Budget, Lineage, Unknown},
    workspace::Workspace,
};

/// Bills of materials that import each other.
const DEPTH: usize = 32;
/// Names of files that are not at hand, kept for a message.
const NAMED: usize = 4;

/// Group, artifact, type and classifier: what Maven tells dependencies apart by.
pub(super) type Key = (String, String, String, String);

/// What dependency management says of one artifact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Managed {
    pub(super) version: Option<Result<String, Unknown>>,
    pub(super) scope: Option<String>,
}

/// The dependency management of a project, everything that it inherits and imports included.
#[derive(Default)]
pub(super) struct Book {
    entries: HashMap<Key, Managed>,
    /// Imports and parents that are not at hand, as people write them.
    pub(super) missing: Vec<String>,
}

impl Book {
    fn name_missing(&mut self, name: String) {
        if self.missing.len() < NAMED && !self.missing.contains(&name) {
            self.missing.push(name);
        }
    }
}

/// What a project sees of dependency management: its own and its parents' declarations before those it imports, as
/// Maven's model builder has it.
pub(super) struct View<'v, 'a> {
    lineage: &'v Lineage<'a>,
    budget: &'v Budget,
    levels: Vec<Rc<Level<'a>>>,
    /// Declarations whose names hold properties; they differ from child to child.
    open: HashMap<Key, (usize, &'a PomDependency)>,
    imports: Vec<Rc<Book>>,
    pub(super) missing: Vec<String>,
}

impl View<'_, '_> {
    /// What is said of an artifact.
    pub(super) fn get(&self, key: &Key) -> Option<Managed> {
        let mut literal = self.levels.iter().enumerate();
        let literal = literal.find_map(|(at, level)| level.literal.get(key).map(|&entry| (at, entry)));
        let own = match (literal, self.open.get(key).copied()) {
            (Some(literal), Some(open)) => Some(if open.0 <= literal.0 { open.1 } else { literal.1 }),
            (literal, open) => literal.or(open).map(|(_, entry)| entry),
        };
        match own {
            Some(entry) => Some(evaluate(entry, self.lineage, self.budget)),
            None => self.imports.iter().find_map(|book| book.entries.get(key).cloned()),
        }
    }
}

/// The dependency management of every project, worked out when it is first asked for.
#[derive(Default)]
pub(super) struct Library<'a> {
    levels: HashMap<usize, Rc<Level<'a>>>,
    /// `None` while it is being worked out.
    books: HashMap<usize, Option<Rc<Book>>>,
}

impl<'a> Library<'a> {
    pub(super) fn view<'v>(
        &mut self,
        workspace: &'v Workspace<'a>,
        index: usize,
        lineage: &'v Lineage<'a>,
    ) -> View<'v, 'a> {
        self.view_at(workspace, index, lineage, 0)
    }

    fn view_at<'v>(
        &mut self,
        workspace: &'v Workspace<'a>,
        index: usize,
        lineage: &'v Lineage<'a>,
        depth: usize,
    ) -> View<'v, 'a> {
        let budget = &workspace.budget;
        let mut view = View {
            lineage,
            budget,
            levels: Vec::new(),
            open: HashMap::new(),
            imports: Vec::new(),
            missing: Vec::new(),
        };
        let Some(ancestry) = workspace.ancestry(index) else { return view };
        let mut missing = Book::default();
        if let Some(parent) = ancestry.missing {
            missing.name_missing(coordinates(&parent.group, &parent.artifact, &parent.version));
        }
        for (at, &member) in ancestry.members.iter().enumerate() {
            let level = self.level(workspace, member);
            for &entry in &level.open {
                let Some(key) = key(entry, lineage, budget) else { continue };
                view.open.entry(key).or_insert((at, entry));
            }
            for &entry in &level.imports {
                if !budget.take(4) {
                    break;
                }
                match self.import(workspace, entry, lineage, depth) {
                    Ok(book) => {
                        book.missing.iter().for_each(|name| missing.name_missing(name.clone()));
                        view.imports.push(book);
                    }
                    Err(name) => missing.name_missing(name),
                }
            }
            view.levels.push(level);
        }
        view.missing = missing.missing;
        view
    }

    fn level(&mut self, workspace: &Workspace<'a>, index: usize) -> Rc<Level<'a>> {
        let level = self.levels.entry(index).or_insert_with(|| Rc::new(Level::new(workspace, index)));
        Rc::clone(level)
    }

    /// The book that an import names, or its name when it is not at hand.
    fn import(
        &mut self,
        workspace: &Workspace<'a>,
        entry: &PomDependency,
        lineage: &Lineage<'a>,
        depth: usize,
    ) -> Result<Rc<Book>, String> {
        let written = || {
            let version = entry.version.as_deref().unwrap_or("?");
            let version =
                lineage.expand(version, &workspace.budget).map_or(version.into(), |text| text.into_owned());
            coordinates(&entry.group, &entry.artifact, &version)
        };
        let budget = &workspace.budget;
        let part = |text| lineage.expand(text, budget).map_err(|_| written());
        let (group, artifact) = (part(&entry.group)?, part(&entry.artifact)?);
        let version = part(entry.version.as_deref().unwrap_or_default())?;
        let index = workspace.find(&group, &artifact, Some(&version)).ok_or_else(written)?;
        self.book(workspace, index, depth + 1).ok_or_else(written)
    }

    /// Everything that a project manages; `None` when it is being worked out already, that is, in a circle.
    fn book(&mut self, workspace: &Workspace<'a>, index: usize, depth: usize) -> Option<Rc<Book>> {
        if let Some(known) = self.books.get(&index) {
            return known.clone();
        }
        if depth > DEPTH {
            return None;
        }
        self.books.insert(index, None);
        let lineage = workspace.lineage(index);
        let book = Rc::new(flatten(self.view_at(workspace, index, &lineage, depth)));
        self.books.insert(index, Some(Rc::clone(&book)));
        Some(book)
    }
}

/// All that one view can answer, so that those who import it need not know where it came from.
fn flatten(view: View<'_, '_>) -> Book {
    let mut book = Book { entries: HashMap::new(), missing: Vec::new() };
    let literal = view.levels.iter().flat_map(|level| level.literal.keys());
    for key in literal.chain(view.open.keys()) {
        if book.entries.contains_key(key) || !view.budget.take(4) {
            continue;
        }
        if let Some(managed) = view.get(key) {
            book.entries.insert(key.clone(), managed);
        }
    }
    for (key, managed) in view.imports.iter().flat_map(|import| &import.entries) {
        if !book.entries.contains_key(key) && view.budget.take(4) {
            book.entries.insert(key.clone(), managed.clone());
        }
    }
    book.missing = view.missing;
    book
}

/// What one file declares.
#[derive(Default)]
struct Level<'a> {
    literal: HashMap<Key, &'a PomDependency>,
    open: Vec<&'a PomDependency>,
    imports: Vec<&'a PomDependency>,
}

impl<'a> Level<'a> {
    fn new(workspace: &Workspace<'a>, index: usize) -> Self {
        let mut level = Self::default();
        let Some(facts) = workspace.facts(index) else { return level };
        for profile in facts.active_profiles() {
            profile.managed.iter().for_each(|entry| level.add(entry));
        }
        // What a profile says outweighs the project's own; within a list, the last wins.
        let mut own = Self::default();
        facts.managed.iter().for_each(|entry| own.add(entry));
        for (key, entry) in own.literal {
            level.literal.entry(key).or_insert(entry);
        }
        level.open.extend(own.open);
        level.imports.extend(own.imports);
        level
    }

    fn add(&mut self, entry: &'a PomDependency) {
        let parts =
            [Some(&entry.group), Some(&entry.artifact), entry.kind.as_ref(), entry.classifier.as_ref()];
        if entry.scope.as_deref() == Some("import") && entry.kind.as_deref() == Some("pom") {
            self.imports.push(entry);
        } else if parts.into_iter().flatten().any(|part| part.contains("${")) {
            self.open.push(entry);
        } else {
            let part = |text: Option<&String>, default: &str| text.map_or(default, String::as_str).to_owned();
            let key = (
                entry.group.clone(),
                entry.artifact.clone(),
                part(entry.kind.as_ref(), "jar"),
                part(entry.classifier.as_ref(), ""),
            );
            self.literal.insert(key, entry);
        }
    }
}

/// What tells a dependency apart; `None` when a part of it is not known.
pub(super) fn key(entry: &PomDependency, lineage: &Lineage<'_>, budget: &Budget) -> Option<Key> {
    let part = |text| {
        budget.take(1).then(|| lineage.expand(text, budget).ok()).flatten().map(|text| text.into_owned())
    };
    Some((
        part(&entry.group)?,
        part(&entry.artifact)?,
        part(entry.kind.as_deref().unwrap_or("jar"))?,
        part(entry.classifier.as_deref().unwrap_or(""))?,
    ))
}

/// As people write them.
fn coordinates(group: &str, artifact: &str, version: &str) -> String {
    format!("{}:{}:{}", shown(group), shown(artifact), shown(version))
}

fn evaluate(entry: &PomDependency, lineage: &Lineage<'_>, budget: &Budget) -> Managed {
    let version = entry.version.as_deref();
    let scope = entry.scope.as_deref().and_then(|scope| lineage.expand(scope, budget).ok());
    Managed {
        version: version.map(|version| lineage.expand(version, budget).map(|text| text.into_owned())),
        scope: scope.map(|scope| scope.into_owned()),
    }
}
