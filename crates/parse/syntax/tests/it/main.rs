//! Shapes of lowered code.

mod java;
mod python;
mod script;
