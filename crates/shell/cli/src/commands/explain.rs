use andon_system::System;

use super::rules::Here;
use crate::arguments::ExplainArguments;
use crate::{exit, terminal};

pub(crate) fn run(system: &dyn System, arguments: &ExplainArguments) -> anyhow::Result<u8> {
    let here = Here::open(system, &arguments.from.paths)?;
    let described = here.describe(&arguments.rule)?;
    arguments.look.color.apply();
    let options = terminal::text_options(arguments.look.color, false, false);
    terminal::write_data(andon_report::explain(&described, &options).as_bytes())?;
    Ok(exit::GO_ON)
}
