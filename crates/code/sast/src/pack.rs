//! Our own rules, carried inside the program.

include!(concat!(env!("OUT_DIR"), "/pack.rs"));

/// The files of our own pack: name and content.
pub fn own_pack_files() -> &'static [(&'static str, &'static str)] {
    FILES
}
