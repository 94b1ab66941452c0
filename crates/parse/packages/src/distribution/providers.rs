use std::collections::HashMap;

/// Packages of one name that are compared; more would cost time that grows with the square of their number.
const NAMESAKES: usize = 16;

/// Which packages of a list a name stands for: the packages of that name, and those that provide it.
#[derive(Default)]
pub(super) struct Providers<'a> {
    real: HashMap<&'a str, Vec<u32>>,
    virtual_: HashMap<&'a str, Vec<u32>>,
}

impl<'a> Providers<'a> {
    pub(super) fn add(&mut self, name: &'a str, package: u32) {
        push(self.real.entry(name).or_default(), package);
    }

    pub(super) fn provide(&mut self, name: &'a str, package: u32) {
        push(self.virtual_.entry(name).or_default(), package);
    }

    /// The packages of this name.
    pub(super) fn real(&self, name: &str) -> &[u32] {
        self.real.get(name).map(Vec::as_slice).unwrap_or_default()
    }

    /// The packages that provide this name.
    pub(super) fn virtual_(&self, name: &str) -> &[u32] {
        self.virtual_.get(name).map(Vec::as_slice).unwrap_or_default()
    }
}

fn push(packages: &mut Vec<u32>, package: u32) {
    if packages.len() < NAMESAKES {
        packages.push(package);
    }
}
