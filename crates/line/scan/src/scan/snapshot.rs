use andon_model::Snapshot;
use andon_system::paths;

use super::Scan;
use super::request::ScanTarget;
use crate::config_source::{ConfigSource, Revision, WorkingTree};
use crate::intake;

/// Engines get no larger file from the index while they combine, in bytes.
const LARGEST_CONFIGURATION: u64 = 16 << 20;

/// What engines may ask of the target while they combine.
pub(crate) fn snapshot<'a>(scan: &Scan<'a>) -> Box<dyn Snapshot + 'a> {
    let request = scan.request;
    let from_head = matches!(request.target, ScanTarget::History { .. } | ScanTarget::Range { .. });
    if from_head
        && let Some(repository) = &request.repository
        && let Ok(head) = Revision::new(repository, "HEAD")
    {
        return Box::new(Seen(head));
    }
    match (&request.target, &request.repository) {
        (ScanTarget::Stdin(_) | ScanTarget::Image { .. }, _) => return Box::new(Nothing),
        (ScanTarget::Staged, Some(repository)) => return Box::new(Index(repository.to_thread_local())),
        _ => {}
    }
    Box::new(Seen(WorkingTree::new(scan.system, request.root.clone())))
}

struct Seen<S>(S);

impl<S: ConfigSource> Snapshot for Seen<S> {
    fn read(&self, path: &str) -> Option<Vec<u8>> {
        self.0.read(path).ok().flatten()
    }
}

/// Files as the index has them.
struct Index(gix::Repository);

impl Snapshot for Index {
    fn read(&self, path: &str) -> Option<Vec<u8>> {
        let index = self.0.index_or_empty().ok()?;
        let entry = index.entry_by_path(paths::to_bytes(path).as_slice().into())?;
        intake::read_blob(&self.0, entry.id, LARGEST_CONFIGURATION).ok()
    }
}

struct Nothing;

impl Snapshot for Nothing {
    fn read(&self, _path: &str) -> Option<Vec<u8>> {
        None
    }
}
