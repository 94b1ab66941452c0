use andon_model::Engine;
use andon_system::System;

use super::rules::Here;
use crate::arguments::ExplainArguments;
use crate::{exit, terminal};

pub(crate) fn run(system: &dyn System, arguments: &ExplainArguments) -> anyhow::Result<u8> {
    let here = Here::open(system, &arguments.from.paths)?;
    let rule = here.find(&arguments.rule)?;
    arguments.look.color.apply();
    let options = terminal::text_options(arguments.look.color, false, false);
    let described = here.secrets.rules().into_iter().find(|described| described.rule.id == rule.id);
    let text = described.map(|described| andon_report::explain(&described, &options)).unwrap_or_default();
    terminal::write_data(text.as_bytes())?;
    Ok(exit::GO_ON)
}
