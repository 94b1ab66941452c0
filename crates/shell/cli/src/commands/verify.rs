//! `andon verify`: one command, one file per kind of target.

mod file;
mod image;
mod ledger;

use andon_system::System;

use crate::arguments::VerifyArguments;

pub(crate) fn run(system: &dyn System, arguments: &VerifyArguments) -> anyhow::Result<u8> {
    if arguments.ledger.is_some() {
        return ledger::run(system, arguments);
    }
    if let Some(id) = &arguments.decision {
        return super::gate::replay::run(system, id);
    }
    match &arguments.image {
        Some(name) => image::run(system, name, arguments),
        None => file::run(system, arguments),
    }
}
