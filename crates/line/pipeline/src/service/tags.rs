use sha2::{Digest, Sha256};

use crate::PlannedService;
use crate::hash::hex;

/// The exit code of the shell when a service is not ready.
pub(crate) const NOT_READY: i32 = 125;

/// Tells what services write from what the command writes: all of it comes over the command's standard error, lines of
/// services behind a mark that is unlikely to be written by chance. A step that fakes it fools only itself.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tags {
    mark: String,
    names: Vec<String>,
}

/// A line of a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tagged<'a> {
    /// Where its mark begins; what is before that is not of the service.
    pub(crate) at: usize,
    pub(crate) service: &'a str,
    pub(crate) text: &'a [u8],
    /// Whether the line says why the service is not ready.
    pub(crate) failed: bool,
}

impl Tags {
    /// Marks for the services of a step of a run.
    pub(crate) fn new(run: &str, step: &str, services: &[PlannedService]) -> Self {
        if services.is_empty() {
            return Self::default();
        }
        let digest = hex(&Sha256::digest(format!("{run}\0{step}")));
        let mark = format!("service-{}", digest.get(..16).unwrap_or_default());
        Self { mark, names: services.iter().map(|service| service.name.clone()).collect() }
    }

    /// What stands in front of a line of output of a service.
    pub(super) fn output(&self, number: usize) -> String {
        format!("{}:{number}|", self.mark)
    }

    /// What stands in front of why a service is not ready.
    pub(super) fn failure(&self, number: usize) -> String {
        format!("{}!{number}|", self.mark)
    }

    /// Whether a line that is not whole yet may turn out to be one of a service.
    pub(crate) fn may_begin(&self, line: &[u8]) -> bool {
        let mark = self.mark.as_bytes();
        let start = line.get(..mark.len()).unwrap_or(line);
        !mark.is_empty() && mark.starts_with(start)
    }

    /// The part of a line that is of a service.
    pub(crate) fn read<'a>(&'a self, line: &'a [u8]) -> Option<Tagged<'a>> {
        if self.mark.is_empty() {
            return None;
        }
        let at = memchr::memmem::find(line, self.mark.as_bytes())?;
        let rest = line.get(at + self.mark.len()..)?;
        let bar = rest.iter().position(|byte| *byte == b'|')?;
        let (kind, number) = rest.get(..bar)?.split_first()?;
        let number: usize = std::str::from_utf8(number).ok()?.parse().ok()?;
        let failed = match kind {
            b':' => false,
            b'!' => true,
            _ => return None,
        };
        Some(Tagged { at, service: self.names.get(number)?, text: rest.get(bar + 1..)?, failed })
    }
}
