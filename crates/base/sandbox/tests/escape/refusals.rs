use std::path::Path;
pub(crate) fn failures(_base: &Path) -> Vec<String> {
    Vec::new()
}
