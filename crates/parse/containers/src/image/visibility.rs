use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use sha2::{Digest as _, Sha256};

use crate::entry::EntryKind;

/// The start of the names by which a layer deletes what is below (OCI image specification, layer.md, "Whiteouts").
const WHITEOUT: &str = ".wh.";
/// Deletes everything that lower layers have in the folder.
const OPAQUE: &str = ".wh..wh..opq";
/// The start of names that some file systems leave behind and that mean nothing.
const LEFT_OVER: &str = ".wh..wh.";

/// Stands for a path.
type Id = [u8; 16];

/// What the layers above say about a name. Numbers are layers counted from 1 at the bottom, the topmost one that says
/// so; 0 is none.
#[derive(Clone, Copy, Default)]
struct Above {
    /// Deletes or replaces it, with everything below it.
    closed: u16,
    /// Deletes everything below it.
    opaque: u16,
    /// Has a folder of this name, which replaces anything but a folder.
    folder: u16,
}

/// Which files of the layers can be seen in the end. Layers are told from the top down, each in its own order.
pub(crate) struct Visibility {
    names: HashMap<Id, Above, BuildHasherDefault<FirstBytes>>,
    most: u64,
    layer: u16,
    /// The folders of the last path: name, id, and whether a layer above hides what is in it.
    folders: Vec<(String, Id, bool)>,
}

/// What a name in a layer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Named {
    /// A file, and whether it can be seen in the end.
    File { visible: bool },
    /// A mark for other names.
    Mark,
    /// A mark that names nothing.
    Malformed,
}

impl Visibility {
    /// Holds at most `most` names.
    pub(crate) fn new(most: u64) -> Self {
        Self { names: HashMap::default(), most, layer: 0, folders: Vec::new() }
    }

    /// Starts a layer, 0 at the bottom; each must be lower than the last.
    pub(crate) fn start(&mut self, layer: usize) {
        self.layer = u16::try_from(layer).unwrap_or(u16::MAX - 1) + 1;
        self.folders.clear();
    }

    /// Whether there were more names than it holds; from then on its answers are worth nothing.
    pub(crate) fn is_full(&self) -> bool {
        self.names.len() as u64 > self.most
    }

    /// Judges a name in the current layer, and remembers what it does to the layers below.
    pub(crate) fn see(&mut self, path: &str, kind: EntryKind) -> Named {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let (parent, hidden) = self.enter(folder);
        if name == OPAQUE {
            self.note(parent, |above| &mut above.opaque);
            return Named::Mark;
        }
        if name.starts_with(LEFT_OVER) {
            return Named::Mark;
        }
        if let Some(gone) = name.strip_prefix(WHITEOUT) {
            if matches!(gone, "" | "." | "..") {
                return Named::Malformed;
            }
            self.note(child(&parent, gone), |above| &mut above.closed);
            return Named::Mark;
        }
        let id = child(&parent, name);
        let above = self.names.get(&id).copied().unwrap_or_default();
        let folder = kind == EntryKind::Directory;
        let hidden = hidden || above.closed > self.layer || (!folder && above.folder > self.layer);
        if folder {
            self.note(id, |above| &mut above.folder);
        } else {
            self.note(id, |above| &mut above.closed);
        }
        Named::File { visible: !hidden }
    }

    fn note(&mut self, id: Id, field: impl Fn(&mut Above) -> &mut u16) {
        if self.is_full() {
            return;
        }
        let field = field(self.names.entry(id).or_default());
        // The topmost layer that says so counts, and it came first.
        if *field == 0 {
            *field = self.layer;
        }
    }

    /// Goes to a folder, from the one where the last path was: most paths of a layer share all but their names.
    fn enter(&mut self, folder: &str) -> (Id, bool) {
        let mut depth = 0;
        for part in folder.split('/').filter(|part| !part.is_empty()) {
            if self.folders.get(depth).is_none_or(|(name, _, _)| name != part) {
                self.folders.truncate(depth);
                let (parent, hidden) = self.innermost();
                let id = child(&parent, part);
                self.note(id, |above| &mut above.folder);
                let above = self.names.get(&id).copied().unwrap_or_default();
                let hidden = hidden || above.closed > self.layer || above.opaque > self.layer;
                self.folders.push((part.to_owned(), id, hidden));
            }
            depth += 1;
        }
        self.folders.truncate(depth);
        self.innermost()
    }

    fn innermost(&self) -> (Id, bool) {
        match self.folders.last() {
            Some((_, id, hidden)) => (*id, *hidden),
            None => {
                let root = self.names.get(&Id::default()).copied().unwrap_or_default();
                (Id::default(), root.opaque > self.layer)
            }
        }
    }
}

/// The id of a name in a folder. Nobody can make two paths with the same one: it is a piece of a SHA-256.
fn child(parent: &Id, name: &str) -> Id {
    let hash = Sha256::new().chain_update(parent).chain_update(name).finalize();
    hash.first_chunk().copied().unwrap_or_default()
}

/// Ids are hashes already.
#[derive(Default)]
struct FirstBytes(u64);

impl Hasher for FirstBytes {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        if let Some(first) = bytes.first_chunk() {
            self.0 = u64::from_le_bytes(*first);
        }
    }

    fn write_usize(&mut self, _length: usize) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Layers from the top down, paths separated by spaces; a path that ends in a slash is a folder. Returns the files
    /// with `+` or `-`.
    fn check(layers: &[&str], seen: &str) {
        let mut visibility = Visibility::new(1000);
        let mut out = Vec::new();
        for (index, layer) in layers.iter().enumerate() {
            visibility.start(layers.len() - 1 - index);
            for path in layer.split_whitespace() {
                let kind = if path.ends_with('/') { EntryKind::Directory } else { EntryKind::Regular };
                match visibility.see(path.trim_end_matches('/'), kind) {
                    Named::File { visible: true } => out.push(format!("+{path}")),
                    Named::File { visible: false } => out.push(format!("-{path}")),
                    Named::Mark => {}
                    Named::Malformed => out.push(format!("?{path}")),
                }
            }
        }
        assert_eq!(out.join(" "), seen);
    }

    #[test]
    fn files_are_replaced() {
        check(&["a/x", "a/x a/y"], "+a/x -a/x +a/y");
        check(&["x", "x", "x"], "+x -x -x");
    }

    #[test]
    fn files_are_deleted() {
        check(&["a/.wh.x", "a/x a/y"], "-a/x +a/y");
        check(&["a/.wh.d", "a/d/ a/d/x a/d/e/y a/dd"], "-a/d/ -a/d/x -a/d/e/y +a/dd");
    }

    #[test]
    fn a_deletion_holds_for_lower_layers_only() {
        check(&[".wh.x x", "x"], "+x -x");
        check(&["x .wh.x", "x"], "+x -x");
        check(&["y", "x .wh.x .wh.y", "x y"], "+y +x -x -y");
        check(&[".wh.x", "x", "x"], "-x -x");
    }

    #[test]
    fn folders_are_emptied() {
        check(&["a/ a/.wh..wh..opq a/new", "a/ a/old a/b/c b"], "+a/ +a/new +a/ -a/old -a/b/c +b");
        check(&[".wh..wh..opq n", "x a/y"], "+n -x -a/y");
    }

    #[test]
    fn files_and_folders_replace_each_other() {
        check(&["a", "a/ a/x a/b/y"], "+a -a/ -a/x -a/b/y");
        check(&["a/x", "a"], "+a/x -a");
        check(&["a/", "a/ a/x"], "+a/ +a/ +a/x");
        check(&["a/b/c", "a/b", "a/b/c a/b/d"], "+a/b/c -a/b -a/b/c -a/b/d");
    }

    #[test]
    fn marks_that_name_nothing() {
        check(
            &["a/.wh. a/.wh... .wh..wh.plnk/x a/.wh..wh.aufs", "a/x"],
            "?a/.wh. ?a/.wh... +.wh..wh.plnk/x +a/x",
        );
    }

    #[test]
    fn the_number_of_names_is_bounded() {
        let mut visibility = Visibility::new(10);
        visibility.start(0);
        for index in 0..100 {
            visibility.see(&format!("d{index}/x"), EntryKind::Regular);
        }
        assert!(visibility.is_full());
        assert_eq!(visibility.names.len(), 11);
    }
}
