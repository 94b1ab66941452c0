use crate::arguments::SchemaOf;
use crate::{exit, terminal};

pub(crate) fn run(of: SchemaOf) -> anyhow::Result<u8> {
    let schema = match of {
        SchemaOf::Report => andon_report::json_schema(),
        SchemaOf::Config => andon_config::Config::json_schema(),
        SchemaOf::GateInput => andon_gate::Input::json_schema(),
    };
    let mut text = serde_json::to_vec_pretty(&schema)?;
    text.push(b'\n');
    terminal::write_data(&text)?;
    Ok(exit::GO_ON)
}
