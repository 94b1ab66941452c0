//! What the engine promises as a whole: findings keep their identity while code changes around them, and gitleaks
//! configurations behave as in gitleaks.

mod gitleaks;
mod identity;
