//! GitHub Actions: workflows and actions made of steps.

mod reference;
mod workflow;

pub(crate) use workflow::workflow;

#[cfg(test)]
mod tests;
