//! What parsers of several formats share.

#[cfg(test)]
pub(crate) mod check;
pub(crate) mod integrity;
#[cfg(test)]
pub(crate) mod made;
pub(crate) mod merges;
pub(crate) mod needs;
pub(crate) mod origin;
pub(crate) mod position;
pub(crate) mod program;
pub(crate) mod reach;
pub(crate) mod sheet;
#[cfg(test)]
pub(crate) mod shown;
pub(crate) mod tell;
pub(crate) mod text;
pub(crate) mod toml;
