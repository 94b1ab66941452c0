use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

/// Compiles globs over paths from the root: `*` and `?` stay inside a component, `**` crosses them.
///
/// # Errors
/// The first glob that is none.
pub fn globs<'a>(patterns: impl IntoIterator<Item = &'a String>) -> Result<GlobSet, globset::Error> {
    let mut set = GlobSetBuilder::new();
    for glob in patterns {
        set.add(GlobBuilder::new(glob).literal_separator(true).build()?);
    }
    set.build()
}
