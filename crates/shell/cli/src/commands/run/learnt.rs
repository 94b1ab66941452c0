use std::collections::BTreeSet;

use andon_pipeline::RunRecord;

use crate::terminal;

/// The allow-lists that the steps of a run would have needed, as lines for `andon.yaml`.
pub(super) fn show(record: &RunRecord) -> anyhow::Result<()> {
    let mut text = String::new();
    for step in &record.steps {
        let places: BTreeSet<String> = step.connections.iter().filter(|each| each.allowed).map(place).collect();
        let refused: BTreeSet<String> = step.connections.iter().filter(|each| !each.allowed).map(place).collect();
        if places.is_empty() && refused.is_empty() {
            continue;
        }
        let list: Vec<&str> = places.iter().map(String::as_str).collect();
        text.push_str(&format!("# step {}\nnetwork: [{}]\n", step.name, list.join(", ")));
        for place in &refused {
            text.push_str(&format!("# refused: {place}\n"));
        }
    }
    if text.is_empty() {
        text.push_str("# no step reached anything over the network\n");
    }
    terminal::write_text(&text)
}

fn place(connection: &andon_pipeline::Connection) -> String {
    let host = &connection.host;
    if host.contains(':') {
        format!("\"[{host}]:{}\"", connection.port)
    } else {
        format!("\"{host}:{}\"", connection.port)
    }
}
