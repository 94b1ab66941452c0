use andon_config::Config;
use andon_secrets::ProjectKey;
use andon_system::System;

use super::Project;

/// The key for hashes of secrets: from ANDON_PROJECT_KEY, the project's id, or where the repository was cloned from,
/// so that a laptop and a build machine agree.
pub(crate) fn project_key(system: &dyn System, project: &Project, config: &Config) -> ProjectKey {
    let given = system.environment("ANDON_PROJECT_KEY").map(|value| value.to_string_lossy().into_owned());
    let id = given.or_else(|| project_id(project, config)).unwrap_or_default();
    ProjectKey::new(&id)
}

/// What a project is called wherever it is: its id, or where its repository was cloned from.
pub(crate) fn project_id(project: &Project, config: &Config) -> Option<String> {
    config.project.id.clone().or_else(|| origin(project))
}

/// Where the repository was cloned from: `host/owner/name`.
pub(crate) fn origin(project: &Project) -> Option<String> {
    let repository = project.repository.as_ref()?.to_thread_local();
    let url = repository.config_snapshot().string("remote.origin.url")?.to_string();
    normalised(&url)
}

/// `host/owner/name` of a clone's address, without protocol, user, port and `.git`; `None` for a path on this machine.
fn normalised(url: &str) -> Option<String> {
    let url = url.trim();
    let (authority, path) = match url.split_once("://") {
        Some(("file", _)) => return None,
        Some((_, rest)) => rest.split_once('/')?,
        // As scp writes it: `user@host:path`. A slash before the colon means a path.
        None => url.split_once(':').filter(|(host, _)| host.len() > 1 && !host.contains(['/', '\\']))?,
    };
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let host = host.split_once(':').map_or(host, |(host, _)| host).to_ascii_lowercase();
    let path = path.split(['?', '#']).next().unwrap_or_default().trim_matches('/');
    let path = path.strip_suffix(".git").unwrap_or(path);
    (!host.is_empty() && !path.is_empty()).then(|| format!("{host}/{path}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_of_a_repository_is_the_same() {
        let check =
            |url: &str, expected: Option<&str>| assert_eq!(normalised(url).as_deref(), expected, "{url}");
        for url in [
            "https://Example.org/shop/web.git",
            "https://user:word@example.org/shop/web",
            "git@example.org:shop/web.git",
            "ssh://git@example.org:2222/shop/web.git/",
            "git://example.org/shop/web.git",
        ] {
            check(url, Some("example.org/shop/web"));
        }
        check("/srv/git/web.git", None);
        check("../web", None);
        check("file:///srv/git/web.git", None);
        check("C:\\git\\web", None);
        check("", None);
    }
}
