//! One file per order. Each writes a version's key; each is total by construction, because keys are compared as bytes.

pub(crate) mod alpine;
pub(crate) mod debian;
pub(crate) mod maven;
pub(crate) mod numbers;
pub(crate) mod packagist;
pub(crate) mod pypi;
pub(crate) mod redhat;
pub(crate) mod rubygems;
pub(crate) mod semver;
