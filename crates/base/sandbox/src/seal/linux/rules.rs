use std::fs;
use std::path::{Path, PathBuf};

use landlock::{
    ABI, Access, AccessFs, AccessNet, BitFlags, LandlockStatus, PathBeneath, PathFd, Ruleset, RulesetAttr,
    RulesetCreated, RulesetCreatedAttr, RulesetError, Scope,
};
use nix::unistd::geteuid;

use super::obstacle;
use super::outputs::Prepared;
use super::places::{HIDDEN, SYSTEM};
use super::stop::Stop;
use super::wire::{HostFolders, Spec};
use crate::filesystem;
use crate::seal::{Level, Network};

/// Whether signals and abstract sockets are kept inside.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Scopes(pub(super) bool);

/// The least version that holds what `restricted` promises: 6, Linux 6.12. Below it a command could send signals to all
/// that the user runs.
const LEAST: ABI = ABI::V6;

/// Leaves this process the files of the seal, by Landlock. At level `full` that is a second wall behind the namespaces,
/// so it may be missing; at `restricted` it is the first.
pub(super) fn restrict(spec: &Spec, prepared: &Prepared, remarks: &mut Vec<String>) -> Result<Scopes, Stop> {
    let status = match enforce(spec, prepared) {
        Ok(status) => status,
        Err(error) if spec.level == Level::Full => {
            remarks.push(format!("no second wall: Landlock: {error}"));
            return Ok(Scopes(false));
        }
        Err(error) => return Err(Stop::Impossible(obstacle::landlock(error))),
    };
    if matches!(status, LandlockStatus::Available { effective_abi, .. } if effective_abi >= LEAST) {
        return Ok(Scopes(true));
    }
    let shortcoming = filesystem::shortcoming(&status);
    if spec.level == Level::Restricted {
        return Err(Stop::Impossible(obstacle::landlock(shortcoming)));
    }
    remarks.push(format!("no second wall: {shortcoming}"));
    Ok(Scopes(false))
}

fn enforce(spec: &Spec, prepared: &Prepared) -> Result<LandlockStatus, RulesetError> {
    let mut rules =
        Ruleset::default().handle_access(AccessFs::from_all(ABI::V5))?.scope(Scope::from_all(ABI::V6))?;
    // Level `full` has a network of its own, and otherwise the host's is wanted.
    if spec.level == Level::Restricted && spec.network == Network::None {
        rules = rules.handle_access(AccessNet::from_all(ABI::V4))?;
    }
    let mut rules = rules.create()?;
    let (read, write) = match &spec.scratch {
        None => (vec!["/".into()], vec!["/tmp".into()]),
        Some(scratch) => below_the_host(spec, scratch),
    };
    for path in &read {
        rules = allow(rules, path, reading())?;
    }
    for path in &write {
        rules = allow(rules, path, writing())?;
    }
    for output in &prepared.outputs {
        let access = if output.folder { writing() } else { writing() & AccessFs::from_file(ABI::V5) };
        // By its path once more, since at level `full` another mount shows it.
        rules = allow(rules, &output.path, access)?;
    }
    for device in ["null", "zero", "full", "random", "urandom"] {
        let access = AccessFs::ReadFile | AccessFs::WriteFile | AccessFs::IoctlDev;
        rules = allow(rules, &Path::new("/dev").join(device), access)?;
    }
    Ok(rules.restrict_self()?.landlock)
}

/// What may be read and what may be written where the command sees the host's tree.
fn below_the_host(spec: &Spec, scratch: &HostFolders) -> (Vec<PathBuf>, Vec<PathBuf>) {
    let mut read = Vec::new();
    for path in SYSTEM.iter().map(Path::new) {
        match geteuid().is_root() && HIDDEN.iter().any(|hidden| Path::new(hidden).starts_with(path)) {
            true => read.extend(without_hidden(path)),
            false => read.push(path.to_owned()),
        }
    }
    read.extend(spec.read.iter().map(|path| path.path().to_owned()));
    read.push(spec.workspace.path().to_owned());
    read.extend(scratch.secrets.as_ref().map(|folder| folder.path().to_owned()));
    read.extend(KERNEL.iter().map(|name| Path::new("/proc").join(name)));
    if spec.network == Network::Host {
        read.extend(fs::canonicalize("/etc/resolv.conf"));
    }
    (read, vec![scratch.tmp(), scratch.home()])
}

/// What of /proc tells of the machine and not of its processes. A rule cannot tell a command's own processes from others
/// there, so no process can be looked at, not even with `/proc/self`.
const KERNEL: &[&str] = &[
    "cpuinfo",
    "devices",
    "filesystems",
    "loadavg",
    "meminfo",
    "stat",
    "sys/fs",
    "sys/kernel/cap_last_cap",
    "sys/kernel/ngroups_max",
    "sys/kernel/osrelease",
    "sys/kernel/ostype",
    "sys/kernel/pid_max",
    "sys/kernel/random",
    "sys/kernel/threads-max",
    "sys/vm/max_map_count",
    "sys/vm/overcommit_memory",
    "uptime",
    "version",
];

/// What is in a folder, apart from what is hidden.
#[allow(clippy::disallowed_methods, reason = "a folder of the system's")]
fn without_hidden(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if HIDDEN.iter().any(|hidden| Path::new(hidden) == path) {
            continue;
        }
        // A link leads to something that has a rule of its own, or none.
        match entry.file_type() {
            Ok(kind) if kind.is_symlink() => {}
            Ok(_) if HIDDEN.iter().any(|hidden| Path::new(hidden).starts_with(&path)) => {
                found.extend(without_hidden(&path));
            }
            Ok(_) => found.push(path),
            Err(_) => {}
        }
    }
    found
}

fn allow(
    rules: RulesetCreated,
    path: &Path,
    access: BitFlags<AccessFs>,
) -> Result<RulesetCreated, RulesetError> {
    // What is missing cannot be allowed, and need not be.
    let Ok(place) = PathFd::new(path) else { return Ok(rules) };
    let possible = if path.is_dir() { AccessFs::from_all(ABI::V5) } else { AccessFs::from_file(ABI::V5) };
    rules.add_rule(PathBeneath::new(place, access & possible))
}

fn reading() -> BitFlags<AccessFs> {
    AccessFs::ReadFile | AccessFs::ReadDir | AccessFs::Execute
}

/// All but making devices.
fn writing() -> BitFlags<AccessFs> {
    AccessFs::from_all(ABI::V5) & !(AccessFs::MakeChar | AccessFs::MakeBlock | AccessFs::IoctlDev)
}
