//! RubyGems and Bundler.

mod gemfile;
mod lock;
mod tokens;

pub(crate) use gemfile::gemfile;
pub(crate) use lock::gemfile_lock;

#[cfg(test)]
mod tests;
