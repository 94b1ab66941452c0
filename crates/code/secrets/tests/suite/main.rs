//! What the engine promises as a whole: findings keep their identity while code changes around them, gitleaks
//! configurations behave as in gitleaks, and what is known of a similar text changes no answer.

#![expect(clippy::expect_used, clippy::panic, reason = "a test may stop where its own data are wrong")]

mod delta;
mod gitleaks;
mod identity;
mod random;
