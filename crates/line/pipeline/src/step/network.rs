use std::collections::BTreeMap;

use andon_config::Network;
use andon_network::gateway::{AllowList, Outcome, Rules, Traffic};

use super::environment::GATEWAY_PORT;
use super::launch::Reach;
use crate::{Connection, Failure, PlannedStep};

/// Most remarks about connections.
const MOST_NOTES: usize = 20;

/// A step's way to the network.
pub(super) struct Way {
    pub(super) reach: Reach,
    /// What its gateway lets through, where it has one.
    pub(super) rules: Option<Rules>,
}

/// The way that a step is given; who learns sees everything through a gateway.
pub(super) fn way(step: &PlannedStep, learn: bool) -> Result<Way, Failure> {
    let entries: Vec<String> = match &step.network {
        Network::None if !learn => return Ok(Way { reach: Reach::Nothing, rules: None }),
        Network::Any if !learn => return Ok(Way { reach: Reach::Everything, rules: None }),
        Network::None | Network::Any => Vec::new(),
        Network::Allow(places) => places.iter().map(ToString::to_string).collect(),
    };
    let wrong = |error| Failure(format!("the network of the step `{}`: {error}", step.name));
    let allow = AllowList::parse(&entries).map_err(wrong)?;
    Ok(Way { reach: Reach::Gateway(GATEWAY_PORT), rules: Some(Rules { allow, learn }) })
}

/// Connections by place and by what came of them.
pub(super) fn connections(traffic: &Traffic) -> Vec<Connection> {
    let mut places: BTreeMap<(&str, u16, bool), Connection> = BTreeMap::new();
    for found in traffic.connections.iter().filter(|connection| connection.port != 0) {
        let allowed = !matches!(found.outcome, Outcome::Refused(_));
        let place = places.entry((&found.host, found.port, allowed)).or_insert_with(|| Connection {
            host: found.host.clone(),
            port: found.port,
            allowed,
            count: 0,
            sent: 0,
            received: 0,
        });
        place.count = place.count.saturating_add(1);
        place.sent = place.sent.saturating_add(found.sent);
        place.received = place.received.saturating_add(found.received);
    }
    places.into_values().collect()
}

/// What was refused and why, each once, and what it would take.
pub(super) fn notes(traffic: &Traffic) -> Vec<String> {
    let mut notes: Vec<String> = Vec::new();
    for connection in &traffic.connections {
        let Outcome::Refused(reason) = &connection.outcome else { continue };
        let note = format!("a connection was refused: {reason}");
        if !notes.contains(&note) && notes.len() < MOST_NOTES {
            notes.push(note);
        }
    }
    if traffic.dropped > 0 {
        notes.push(format!("{} more connections are not recorded", traffic.dropped));
    }
    notes
}
