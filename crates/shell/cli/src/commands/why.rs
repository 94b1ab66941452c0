mod asked;
mod tree;

use andon_dependencies::{Path, paths_to};
use andon_model::{Component, GapKind, Inventory, Relation};
use andon_system::System;
use serde_json::{Value, json};

use super::scan;
use crate::arguments::{TextOrJson, WhyArguments};
use crate::problem::Problem;
use crate::{exit, terminal};

use asked::Asked;

/// Paths shown for one component.
const SHOWN: usize = 20;
/// Paths in JSON for one component.
const MOST: usize = 1000;

/// Says what brings a component in.
pub(crate) fn run(system: &dyn System, arguments: &WhyArguments) -> anyhow::Result<u8> {
    let asked = Asked::parse(&arguments.package)?;
    let report = scan::report(system, &arguments.scan())?;
    let inventory = report.inventory.unwrap_or_default();
    let found = asked.among(&inventory.components);
    if found.is_empty() {
        return Err(unknown(arguments, &asked, &inventory).into());
    }
    match arguments.format {
        TextOrJson::Json => {
            let all: Vec<Value> = found.iter().map(|component| as_json(&inventory, component)).collect();
            terminal::write_data(format!("{}\n", serde_json::to_string_pretty(&all)?).as_bytes())?;
        }
        TextOrJson::Text => {
            let texts: Vec<String> = found.iter().map(|component| as_text(&inventory, component)).collect();
            terminal::write_text(&texts.join("\n"))?;
        }
    }
    // Whether advisories are at hand says nothing about paths.
    let gaps = report.coverage.gaps.iter().filter(|gap| gap.kind != GapKind::NotAudited).count();
    if gaps > 0 && !arguments.quiet {
        let what = if gaps == 1 { "1 gap" } else { &format!("{gaps} gaps") };
        terminal::note(&format!("there may be more: the list has {what}, which `andon scan` names"));
    }
    Ok(exit::GO_ON)
}

fn unknown(arguments: &WhyArguments, asked: &Asked<'_>, inventory: &Inventory) -> Problem {
    let target = arguments.target.display();
    if inventory.components.is_empty() {
        return Problem::new(format!("{target} has no components"))
            .hint("name a folder with lock files or manifests that git tracks, an image or an SBOM");
    }
    let near = asked.nearest(&inventory.components);
    let hint = match near.as_slice() {
        [] => "`andon scan --format json` lists all components".to_owned(),
        names => format!("did you mean {}?", names.join(" or ")),
    };
    Problem::new(format!("there is no component `{}` in {target}", arguments.package)).hint(hint)
}

fn as_text(inventory: &Inventory, component: &Component) -> String {
    let mut text = format!("{}\n  {}\n", tree::described(component), component.purl);
    text.extend(component.locations.iter().map(|location| format!("  {}\n", tree::place(location))));
    let mut paths = paths_to(&inventory.components, &component.purl, SHOWN + 1);
    let more = paths.len() > SHOWN;
    paths.truncate(SHOWN);
    let brought: Vec<&Path> = paths.iter().filter(|path| path.purls.len() > 1).collect();
    if component.relation == Relation::Direct {
        text += "  the project asks for it itself\n";
    } else if brought.is_empty() {
        text += "  nothing says what brings it in\n";
    }
    text += &tree::draw(&inventory.components, &brought);
    if more {
        text += &format!("  only the {SHOWN} shortest paths are shown; --format json has more\n");
    }
    text
}

fn as_json(inventory: &Inventory, component: &Component) -> Value {
    let paths = paths_to(&inventory.components, &component.purl, MOST);
    let paths: Vec<Vec<String>> = paths.into_iter().map(|path| path.purls).collect();
    json!({
        "purl": component.purl,
        "name": component.name,
        "version": component.version,
        "scope": component.scope,
        "relation": component.relation,
        "locations": component.locations,
        "paths": paths,
    })
}
