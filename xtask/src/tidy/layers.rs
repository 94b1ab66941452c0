//! The dependency rule: shell -> feedback -> line -> engines -> parse -> base, and no engine imports another.

use super::crates::Crate;

/// Groups of crates, lowest first. Inside a group of layers a crate may use those that are named before it; engines
/// may not use each other, whatever their group.
const LAYERS: &[(&[&str], &[&str])] = &[
    (&["base"], &["model", "system", "mapped", "sandbox", "network", "attestation"]),
    (
        &["parse"],
        &[
            "purl",
            "versions",
            "syntax",
            "documents",
            "packages",
            "containers",
            "advisories",
            "sbom",
            "results",
            "signatures",
        ],
    ),
    (&["plan", "code", "build", "test", "package", "deploy", "monitor"], &[]),
    (&["line"], &["config", "advisorydb", "scan", "ledger", "gate", "pipeline"]),
    (&["feedback"], &["report", "store", "trace", "metrics"]),
    (&["shell"], &["lsp", "server", "cli"]),
];

/// Where a crate stands: its layer, and its place inside the layer.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    layer: usize,
    order: Option<usize>,
}

/// Dependencies that point the wrong way, and crates that stand nowhere.
pub(super) fn check(crates: &[Crate]) -> Vec<String> {
    let mut problems = Vec::new();
    for each in crates.iter().filter(|each| each.folder != "xtask") {
        let Some(place) = place(each) else {
            problems.push(format!(
                "{}: the design knows no such crate; see xtask/src/tidy/layers.rs",
                each.folder
            ));
            continue;
        };
        for name in &each.dependencies {
            let Some(other) = crates.iter().find(|other| other.name == *name) else { continue };
            let allowed = self::place(other).is_some_and(|other| may_use(place, other));
            if !allowed && other.folder != each.folder {
                problems.push(format!("{}: may not depend on {}", each.folder, other.folder));
            }
        }
    }
    problems
}

fn may_use(user: Place, used: Place) -> bool {
    match (user.order, used.order) {
        _ if used.layer != user.layer => used.layer < user.layer,
        (Some(user), Some(used)) => used < user,
        _ => false,
    }
}

fn place(each: &Crate) -> Option<Place> {
    let mut parts = each.folder.strip_prefix("crates/")?.split('/');
    let (group, name) = (parts.next()?, parts.next()?);
    let layer = LAYERS.iter().position(|(groups, _)| groups.contains(&group))?;
    let (_, names) = LAYERS.get(layer)?;
    let order = names.iter().position(|known| *known == name);
    (names.is_empty() || order.is_some()).then_some(Place { layer, order })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn crate_of(folder: &str, uses: &str) -> Crate {
        let dependencies = uses.split_whitespace().map(str::to_owned).collect();
        Crate {
            name: folder.to_owned(),
            folder: format!("crates/{folder}"),
            dependencies,
            ..Crate::default()
        }
    }

    fn check(user: &str, used: &str, allowed: bool) {
        let problems = super::check(&[crate_of(user, used), crate_of(used, "")]);
        assert_eq!(problems.is_empty(), allowed, "{user} -> {used}: {problems:?}");
    }

    #[test]
    fn dependencies_point_downwards() {
        check("shell/cli", "feedback/report", true);
        check("shell/cli", "base/model", true);
        check("line/scan", "base/system", true);
        check("code/secrets", "parse/documents", true);
        check("base/system", "base/model", true);
        check("parse/results", "parse/documents", true);
        check("line/pipeline", "line/gate", true);
    }

    #[test]
    fn nothing_points_the_other_way() {
        check("base/model", "base/system", false);
        check("base/model", "code/secrets", false);
        check("parse/documents", "parse/results", false);
        check("line/scan", "feedback/report", false);
        check("feedback/report", "shell/cli", false);
        check("code/secrets", "line/scan", false);
    }

    #[test]
    fn engines_do_not_know_each_other() {
        check("code/sast", "code/secrets", false);
        check("deploy/iac", "code/secrets", false);
        check("line/scan", "code/secrets", true);
    }

    #[test]
    fn a_crate_stands_somewhere() {
        assert_eq!(super::check(&[crate_of("helpers/text", "")]).len(), 1);
        assert_eq!(super::check(&[crate_of("base/util", "")]).len(), 1);
    }
}
