use std::io;
use std::path::Path;

use landlock::{
    ABI, Access, AccessFs, AccessNet, BitFlags, LandlockStatus, PathBeneath, PathFd, PathFdError, Ruleset,
    RulesetAttr, RulesetCreated, RulesetCreatedAttr, RulesetError, RulesetStatus, Scope,
};

use crate::{Enforced, Policy};

/// Restricts this thread and its future children by Landlock (kernel documentation, userspace-api/landlock).
pub(crate) fn restrict(policy: &Policy) -> Enforced {
    let mut remarks = Vec::new();
    let status = ruleset()
        .map_err(|error| error.to_string())
        .and_then(|created| allow(created, policy, &mut remarks))
        .and_then(|created| created.restrict_self().map_err(|error| error.to_string()))?;
    if status.ruleset == RulesetStatus::NotEnforced {
        return Err(missing(&status.landlock).to_owned());
    }
    remarks.extend(weakness(&status.landlock).map(str::to_owned));
    Ok(remarks)
}

/// What is forbidden unless allowed: every access to files, TCP, and signals or abstract sockets to others. Older
/// kernels enforce what they know.
fn ruleset() -> Result<RulesetCreated, RulesetError> {
    Ruleset::default()
        .handle_access(AccessFs::from_all(ABI::V5))?
        .handle_access(AccessNet::from_all(ABI::V4))?
        .scope(Scope::from_all(ABI::V6))?
        .create()
}

fn allow(
    mut rules: RulesetCreated,
    policy: &Policy,
    remarks: &mut Vec<String>,
) -> Result<RulesetCreated, String> {
    let reading = AccessFs::ReadFile | AccessFs::ReadDir;
    let writing = reading | (AccessFs::from_write(ABI::V5) & !unwanted());
    let wanted = policy.read.iter().map(|path| (path, reading, false));
    let wanted = wanted.chain(policy.write.iter().map(|path| (path, writing, true)));
    for (path, access, needed) in wanted {
        match PathFd::new(path) {
            Ok(file) => {
                let rule = PathBeneath::new(file, access & possible(path));
                rules = rules.add_rule(rule).map_err(|error| format!("{}: {error}", path.display()))?;
            }
            Err(error) if needed || !is_missing(&error) => {
                remarks.push(format!("{} is out of reach: {}", path.display(), cause(&error)));
            }
            Err(_) => {}
        }
    }
    Ok(rules)
}

/// A scan writes files and folders, nothing else.
fn unwanted() -> BitFlags<AccessFs> {
    AccessFs::MakeChar
        | AccessFs::MakeBlock
        | AccessFs::MakeSock
        | AccessFs::MakeFifo
        | AccessFs::MakeSym
        | AccessFs::IoctlDev
}

/// The kernel refuses rights on a file that only a folder can have.
fn possible(path: &Path) -> BitFlags<AccessFs> {
    if path.is_dir() { AccessFs::from_all(ABI::V5) } else { AccessFs::from_file(ABI::V5) }
}

fn is_missing(error: &PathFdError) -> bool {
    matches!(error, PathFdError::OpenCall { source, .. } if source.kind() == io::ErrorKind::NotFound)
}

fn cause(error: &PathFdError) -> String {
    match error {
        PathFdError::OpenCall { source, .. } => source.to_string(),
        other => other.to_string(),
    }
}

/// Why Landlock does less than the newest kernels' does.
pub(crate) fn shortcoming(status: &LandlockStatus) -> String {
    match status {
        LandlockStatus::Available { effective_abi, .. } => {
            format!(
                "this kernel's Landlock has version {}, and 6 is needed (Linux 6.12 or newer)",
                *effective_abi as i32
            )
        }
        other => missing(other).to_owned(),
    }
}

fn missing(status: &LandlockStatus) -> &'static str {
    match status {
        LandlockStatus::NotImplemented => "this kernel has no Landlock (Linux 5.13 or newer does)",
        LandlockStatus::NotEnabled => "Landlock is switched off in this kernel (boot parameter lsm=)",
        LandlockStatus::Available { .. } => "Landlock enforced nothing",
    }
}

/// What an old kernel leaves open that matters to a scan. Sockets do not: seccomp stops those.
fn weakness(status: &LandlockStatus) -> Option<&'static str> {
    match status {
        LandlockStatus::Available { effective_abi: ABI::V1 | ABI::V2, .. } => {
            Some("this kernel's Landlock cannot stop the truncation of files (Linux 6.2 or newer can)")
        }
        _ => None,
    }
}
