//! npm, Yarn, pnpm and Bun.

mod berry;
mod bun;
mod classic;
mod folders;
mod manifest;
mod package_lock;
mod package_lock_nested;
mod pnpm;
mod pnpm_keys;
mod registry;

pub(crate) use bun::bun_lock;
pub(crate) use manifest::{node_module, package_json};
pub(crate) use package_lock::package_lock;
pub(crate) use pnpm::pnpm_lock;

use crate::{Format, Listing, support};

/// `yarn.lock`: Yarn 1's own notation, or the YAML of later versions, told by its `__metadata`.
pub(crate) fn yarn_lock(bytes: &[u8]) -> Listing {
    support::sheet::read_text(Format::YarnLock, bytes, |sheet, text| {
        if text.lines().any(|line| line.starts_with("__metadata:")) {
            berry::read(sheet, text);
        } else {
            sheet.listing.format = Format::YarnClassicLock;
            classic::read(sheet, text);
        }
    })
}

#[cfg(test)]
mod tests;
