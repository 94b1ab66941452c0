//! What the engine promises as a whole: findings keep their identity while code changes around them, and gitleaks
//! configurations behave as in gitleaks.

#![expect(clippy::expect_used, clippy::panic, reason = "a test may stop where its own data are wrong")]

mod gitleaks;
mod identity;
