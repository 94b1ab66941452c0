//! The engine, asked as a scan asks it.

mod inventory;
mod joins;
mod judgement;
mod layers;
mod target;
