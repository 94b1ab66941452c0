//! Services run inside the seal of their step, so that they share its loopback interface and end with it: a few lines of
//! shell start them, wait until they listen, and then become the command itself.

mod tags;
mod wrap;

pub(crate) use tags::{NOT_READY, Tags};
pub(crate) use wrap::wrap;
