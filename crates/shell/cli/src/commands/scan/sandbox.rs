use std::path::{Path, PathBuf};

use andon_model::Sandboxing;
use andon_sandbox::Policy;

use crate::arguments::ScanArguments;
use crate::project::Project;

/// Enters the sandbox: from here on only the target and its repository can be read, and only the cache and the
/// folders in `writable` written.
pub(super) fn enter(
    arguments: &ScanArguments,
    project: &Project,
    cache: Option<&Path>,
    writable: &[PathBuf],
) -> Sandboxing {
    if arguments.no_sandbox {
        return Sandboxing { note: "switched off by --no-sandbox".to_owned(), ..Sandboxing::default() };
    }
    let mut policy = Policy::new().read(&project.root).read(&project.top);
    policy.read.extend(project.folders.iter().cloned());
    policy.write.extend(cache.map(Path::to_owned));
    policy.write.extend(writable.iter().cloned());
    andon_sandbox::enter(&policy)
}
