mod calls;
mod command;
mod entry;
mod filter;
mod household;
mod init;
mod namespaces;
mod obstacle;
mod outputs;
mod places;
mod root;
mod rules;
mod scratch;
mod start;
mod stop;
mod supervisor;
mod system;
mod tree;
mod wire;
mod wishes;

pub use entry::main_if_asked;
pub use start::{Sealed, Stopper, probe, spawn};

/// The only argument of a process that is to watch over a sealed command.
const MARKER: &str = "watch-over-a-sealed-command";
