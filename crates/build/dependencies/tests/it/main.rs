//! The engine, asked as a scan asks it.

mod inventory;
mod judgement;
mod layers;
mod target;
