use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

/// Compiles globs over paths from the root: `*` and `?` stay inside a component, `**` crosses them.
pub(crate) fn compile<'a>(globs: impl IntoIterator<Item = &'a String>) -> Result<GlobSet, globset::Error> {
    let mut set = GlobSetBuilder::new();
    for glob in globs {
        set.add(GlobBuilder::new(glob).literal_separator(true).build()?);
    }
    set.build()
}
