use andon_system::System;
use anyhow::Context;

use crate::arguments::InitArguments;
use crate::problem::Problem;
use crate::project::Project;
use crate::{exit, terminal};

const NEXT: &str = "\
next:
  andon scan                    look at what is there
  git add andon.yaml            share the gate with everybody
  andon scan --since main       in a pull request: only what it brings
The file says what every setting does; `andon schema config` prints its JSON Schema for editors.
";

pub(crate) fn run(system: &dyn System, arguments: &InitArguments) -> anyhow::Result<u8> {
    let project = Project::open(system, &arguments.folder)?;
    if project.is_bare || project.is_file {
        let message = format!("{} is no folder to work in", arguments.folder.display());
        return Err(Problem::new(message).hint("name the top folder of the project").into());
    }
    let path = project.top.join("andon.yaml");
    // A link that leads nowhere is there, too.
    if system.metadata(&path).is_ok() {
        return Err(Problem::new(format!("{} is there already; it was not touched", path.display()))
            .hint("edit it, or remove it first")
            .into());
    }
    system.write_atomic(&path, with_id(andon_config::template(), &random_id()?).as_bytes())?;
    terminal::write_text(&format!("wrote {}\n{NEXT}", path.display()))?;
    Ok(exit::GO_ON)
}

/// The template with an identifier in place of the line that shows where one goes.
fn with_id(template: &str, id: &str) -> String {
    let line = |line: &str| {
        if line.trim_start().starts_with("# id:") { format!("  id: {id}\n") } else { format!("{line}\n") }
    };
    template.lines().map(line).collect()
}

/// 128 random bits in hexadecimal.
fn random_id() -> anyhow::Result<String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).context("the system gives no random numbers")?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use andon_config::Config;

    use super::*;

    #[test]
    fn the_file_says_what_holds_without_it_and_has_an_id() {
        let id = random_id().unwrap();
        assert_ne!(id, random_id().unwrap());
        let mut config = Config::from_yaml("andon.yaml", &with_id(andon_config::template(), &id)).unwrap();
        assert_eq!(config.project.id.take().as_deref(), Some(id.as_str()));
        assert_eq!(config, Config::built_in());
    }
}
