//! `andon verify`: one command, one file per kind of target.

mod file;
mod image;

use andon_system::System;

use crate::arguments::VerifyArguments;

pub(crate) fn run(system: &dyn System, arguments: &VerifyArguments) -> anyhow::Result<u8> {
    match &arguments.image {
        Some(name) => image::run(system, name, arguments),
        None => file::run(system, arguments),
    }
}
