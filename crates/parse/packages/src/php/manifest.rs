use andon_documents::{Node, NodeKind};
use andon_model::{Relation, Scope};

use super::{is_platform, licenses, purl};
use crate::support::sheet::{Sheet, read_json};
use crate::{Format, Listing, Package, Project};

/// `composer.json`: what the project asks for.
pub(crate) fn composer_json(bytes: &[u8]) -> Listing {
    read_json(Format::ComposerJson, bytes, |sheet, root| {
        let text = |key| root.get(key).and_then(Node::text).filter(|text| !text.is_empty());
        let own = text("name").map(|name| purl(name, text("version").unwrap_or_default()));
        let licenses = licenses(root);
        if own.is_some() || !licenses.is_empty() {
            sheet.listing.project = Some(Project { purl: own, licenses });
        }
        for (section, scope) in [("require", Scope::Runtime), ("require-dev", Scope::Development)] {
            if let Some(needs) = root.get(section) {
                requirements(sheet, section, needs, scope);
            }
        }
        let repositories = root.get("repositories");
        let listed = repositories.into_iter().flat_map(Node::items);
        let named = repositories.into_iter().flat_map(Node::entries).map(|(_, node)| node);
        for repository in listed.chain(named) {
            let text = |key| repository.get(key).and_then(Node::text);
            if let (Some("path"), Some(folder)) = (text("type"), text("url")) {
                let folder = folder.trim_end_matches('/');
                let folder = folder.strip_prefix("./").unwrap_or(folder);
                sheet.listing.includes.push(format!("{folder}/composer.json"));
            }
        }
    })
}

fn requirements(sheet: &mut Sheet<'_>, section: &str, needs: Node<'_>, scope: Scope) {
    // PHP writes an empty object as an empty list.
    let is_empty_list = needs.kind() == NodeKind::List && needs.items().next().is_none();
    if needs.kind() != NodeKind::Map && !is_empty_list {
        sheet.problem_at(
            needs.entry_span(),
            format!("`{section}` is not an object; it was left out, correct it"),
        );
        return;
    }
    for (name, node) in needs.entries().filter(|(name, _)| !is_platform(name)) {
        let Some(range) = node.text() else {
            sheet.problem_at(
                node.entry_span(),
                format!("the version of `{name}` is not a text; it was left out"),
            );
            continue;
        };
        let version = exact(range);
        let mut package = Package::new(purl(name, version.unwrap_or_default()));
        package.requirement = version.is_none().then(|| range.to_owned());
        package.scope = scope;
        package.relation = Relation::Direct;
        package.region = Some(sheet.region(node.entry_span()));
        sheet.push(package);
    }
}

/// The one version that a requirement admits: a whole version, which Composer pads with zeros, with a stability.
fn exact(range: &str) -> Option<&str> {
    let version = range.trim().trim_start_matches('=').trim_start();
    let core = version.split(['-', '+']).next().unwrap_or_default();
    let core = core.strip_prefix('v').unwrap_or(core);
    let numeric = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let plain = version.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-+".contains(&byte));
    (plain && core.split('.').all(numeric) && !version.ends_with("-dev")).then_some(version)
}
