use std::collections::HashMap;

/// Folders with packages, nested as `node_modules` are, in which a name is found as Node.js finds it: in the folder that
/// asks, then in each one around it.
pub(super) struct Folders<'t> {
    parents: Vec<u32>,
    packages: Vec<Option<u32>>,
    children: HashMap<(u32, u32), u32>,
    names: HashMap<&'t str, u32>,
}

/// Folders around a folder that are searched; real trees have some ten.
const MAX_STEPS: usize = 256;

impl<'t> Folders<'t> {
    /// The project's own folder.
    pub(super) const ROOT: u32 = 0;

    pub(super) fn new() -> Self {
        Self { parents: vec![0], packages: vec![None], children: HashMap::new(), names: HashMap::new() }
    }

    /// Adds a folder that is not found by a name. Its parent is the root until [`Folders::place`] says otherwise.
    pub(super) fn add(&mut self, package: Option<u32>) -> u32 {
        let id = u32::try_from(self.parents.len()).unwrap_or(u32::MAX);
        self.parents.push(Self::ROOT);
        self.packages.push(package);
        id
    }

    /// Says which package is in a folder: for links, which are placed before what they lead to is known.
    pub(super) fn set_package(&mut self, folder: u32, package: Option<u32>) {
        if let Some(slot) = self.packages.get_mut(folder as usize) {
            *slot = package;
        }
    }

    pub(super) fn package(&self, folder: u32) -> Option<u32> {
        self.packages.get(folder as usize).copied().flatten()
    }

    /// Puts a folder into another one, under a name unless it cannot be found by one.
    pub(super) fn place(&mut self, folder: u32, parent: u32, name: Option<&'t str>) {
        if let Some(slot) = self.parents.get_mut(folder as usize) {
            *slot = parent;
        }
        if let Some(name) = name {
            let next = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
            let name = *self.names.entry(name).or_insert(next);
            self.children.insert((parent, name), folder);
        }
    }

    /// The package that a name means in a folder.
    pub(super) fn resolve(&self, folder: u32, name: &str) -> Option<u32> {
        let name = *self.names.get(name)?;
        let mut here = folder;
        for _ in 0..MAX_STEPS {
            if let Some(found) = self.children.get(&(here, name)) {
                return self.package(*found);
            }
            if here == Self::ROOT {
                return None;
            }
            here = self.parents.get(here as usize).copied().unwrap_or(Self::ROOT);
        }
        self.children.get(&(Self::ROOT, name)).and_then(|found| self.package(*found))
    }
}
