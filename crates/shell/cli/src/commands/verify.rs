//! `andon verify`: one command, one file per kind of target.

mod file;

use andon_system::System;

use crate::arguments::VerifyArguments;

pub(crate) fn run(system: &dyn System, arguments: &VerifyArguments) -> anyhow::Result<u8> {
    file::run(system, arguments)
}
