use std::collections::BTreeMap;

use andon_gate::{DecisionRecord, Program, Replay};
use andon_system::System;

use crate::line::Documents;
use crate::{exit, terminal};

/// Makes a recorded decision again and says whether it is the same.
///
/// # Errors
/// When the record is not here, was altered, or cannot be used.
pub(crate) fn run(system: &dyn System, id: &str) -> anyhow::Result<u8> {
    let id = id.strip_prefix("sha256:").unwrap_or(id);
    let replay = replay(system, id)?;
    let verdict = serde_json::to_value(replay.recorded.verdict)?;
    let mut text = format!("decision {id}\n");
    text += &format!("verdict  {} at {}\n", verdict.as_str().unwrap_or_default(), replay.recorded.at);
    let (then, now) = (&replay.program, Program::this());
    text += &format!("decided  by {} {}, again by {} {}\n", then.name, then.version, now.name, now.version);
    let statements = match (replay.recollected, replay.missing.len()) {
        (true, _) => "collected again from the signed statements".to_owned(),
        (false, 0) => "there was none".to_owned(),
        (false, missing) => format!("as recorded; {missing} statements are not here any more"),
    };
    text += &format!("evidence {statements}\n");
    if replay.differences.is_empty() {
        text += "equal    the decision follows again, byte for byte\n";
    } else {
        text += "differs\n";
        replay.differences.iter().for_each(|difference| text += &format!("  {difference}\n"));
    }
    terminal::write_text(&text)?;
    Ok(if replay.differences.is_empty() { exit::GO_ON } else { exit::STOPPED })
}

/// The recorded decision, made again.
///
/// # Errors
/// When the record is not here, was altered, or cannot be used.
pub(crate) fn replay(system: &dyn System, id: &str) -> anyhow::Result<Replay> {
    let documents = Documents::open(system)?;
    let record = DecisionRecord::from_bytes(id, &documents.get(id)?)?;
    let offered = record.input.evidence.iter().flat_map(|evidence| &evidence.offered);
    let mut envelopes = BTreeMap::new();
    for statement in offered {
        if let Ok(bytes) = documents.get(&statement.id) {
            envelopes.insert(statement.id.clone(), bytes);
        }
    }
    Ok(record.replay(&envelopes)?)
}
