//! The tree of files that a command sees at level `full`: the system's programs, what was declared, and nothing else.

use std::fs;
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use nix::fcntl::open;
use nix::mount::{MntFlags, MsFlags, mount, umount2};
use nix::sys::stat::Mode;
use nix::unistd::{chdir, geteuid, pivot_root};

use super::outputs::Prepared;
use super::places::{HIDDEN, HOME, OTHER_TEMPORARY, SECRETS, SHARED_MEMORY, SYSTEM};
use super::scratch::write_secrets;
use super::stop::{Doing, Stop};
use super::system;
use super::tree::{NONE, PLACE, READ_ONLY, Tree, foothold, ground, mounted, point};
use super::wire::Spec;
use crate::seal::Network;

/// Builds the tree and makes it the root of this process.
pub(super) fn build(spec: &Spec, prepared: &mut Prepared) -> Result<(), Stop> {
    mounted("making mounts private", mount(NONE, "/", NONE, MsFlags::MS_REC | MsFlags::MS_PRIVATE, NONE))?;
    let parts = Parts::gather(spec, prepared)?;
    // The new root may lie upon any folder, since all that goes into it has been opened by now.
    let flags = MsFlags::MS_NOSUID | MsFlags::MS_NODEV;
    mounted("the new root", mount(Some("tmpfs"), "/usr", Some("tmpfs"), flags, Some("mode=0755,size=4m")))?;
    chdir("/usr").doing("cannot enter the new root")?;
    folders(spec)?;
    parts.assemble(spec, prepared)?;
    hide()?;
    secrets(spec)?;
    let here = open(".", PLACE, Mode::empty()).doing("cannot open the new root")?;
    mounted("the new root", system::restrict_mount(here.as_fd(), READ_ONLY, false))?;
    mounted("changing the root", pivot_root(".", "."))?;
    mounted("leaving the old root", umount2(".", MntFlags::MNT_DETACH))?;
    chdir("/").doing("cannot enter the new root")
}

/// Parts of the host's tree, detached from it.
struct Parts {
    trees: Vec<Tree>,
    workspace: OwnedFd,
    outputs: Vec<Tree>,
    /// Symbolic links of the host's root, and where they lead.
    links: Vec<(&'static str, PathBuf)>,
}

impl Parts {
    fn gather(spec: &Spec, prepared: &mut Prepared) -> Result<Self, Stop> {
        let mut links = Vec::new();
        let mut shown: Vec<PathBuf> = Vec::new();
        for path in SYSTEM.iter().copied() {
            match fs::read_link(path) {
                Ok(target) => links.push((path, target)),
                Err(_) if Path::new(path).exists() => shown.push(path.into()),
                Err(_) => {}
            }
        }
        let resolver = (spec.network == Network::Host).then(|| fs::canonicalize("/etc/resolv.conf").ok());
        let wanted = spec.read.iter().map(|path| path.path().to_owned()).chain(resolver.flatten());
        for path in wanted {
            if !path.starts_with(spec.workspace.path()) && !shown.iter().any(|other| path.starts_with(other))
            {
                shown.push(path);
            }
        }
        let mut trees = Vec::with_capacity(shown.len());
        for path in shown {
            trees.push(Tree::copy(&path, READ_ONLY | libc::MOUNT_ATTR_NODEV)?);
        }
        let workspace =
            open(spec.workspace.path(), PLACE, Mode::empty()).doing("cannot open the workspace")?;
        let mut outputs = Vec::with_capacity(prepared.outputs.len());
        for output in &prepared.outputs {
            outputs.push(Tree::of(output)?);
        }
        if mounts_below(spec.workspace.path()) {
            prepared.withhold_sockets("other file systems are mounted inside the workspace");
        }
        Ok(Self { trees, workspace, outputs, links })
    }

    /// Puts everything in its place below the working folder, which is the new root.
    fn assemble(mut self, spec: &Spec, prepared: &mut Prepared) -> Result<(), Stop> {
        for (place, target) in &self.links {
            symlink(target, foothold(Path::new(place))?).doing(format!("cannot link {place}"))?;
        }
        // An outer folder comes before what lies in it.
        self.trees.sort_by(|left, right| left.path.cmp(&right.path));
        let workspace = spec.workspace.path();
        let (outer, inner) =
            self.trees.into_iter().partition::<Vec<_>, _>(|tree| workspace.starts_with(&tree.path));
        for tree in outer.iter().chain(&inner) {
            tree.attach()?;
        }
        show_workspace(workspace, &self.workspace, prepared)?;
        for output in &self.outputs {
            output.attach()?;
        }
        for name in ["null", "zero", "full", "random", "urandom"] {
            // Read-only keeps root from changing the host's device; reading and writing it are not changes.
            Tree::copy(&Path::new("/dev").join(name), READ_ONLY | libc::MOUNT_ATTR_NOEXEC)?.attach()?;
        }
        Ok(())
    }
}

/// Shows the workspace read-only. As the lower layer of an overlay, where there is one, since that shows the same
/// files but leads to none of the host's sockets, to which a read-only mount would let the command connect.
fn show_workspace(path: &Path, workspace: &OwnedFd, prepared: &mut Prepared) -> Result<(), Stop> {
    let target = ground(path, true)?;
    if prepared.unix_sockets {
        let nothing = point(Path::new("sys"))?;
        let layers = format!("lowerdir={}:{},xino=off", descriptor(workspace), descriptor(&nothing));
        let flags = MsFlags::MS_RDONLY | MsFlags::MS_NOSUID | MsFlags::MS_NODEV;
        let place = descriptor(&target);
        match mount(Some("overlay"), place.as_str(), Some("overlay"), flags, Some(layers.as_str())) {
            Ok(()) => return Ok(()),
            Err(error) => prepared.withhold_sockets(&format!("no overlay can be mounted: {error}")),
        }
    }
    let tree = Tree::open(path, workspace, READ_ONLY | libc::MOUNT_ATTR_NODEV)?;
    mounted("the workspace", system::attach(tree.mount.as_fd(), target.as_fd()))
}

fn descriptor(file: &OwnedFd) -> String {
    format!("/proc/self/fd/{}", file.as_raw_fd())
}

/// Whether a file system is mounted below this folder (proc_pid_mountinfo(5)).
#[allow(clippy::disallowed_methods, reason = "a file of the kernel's")]
fn mounts_below(folder: &Path) -> bool {
    let Ok(text) = fs::read("/proc/self/mountinfo") else { return true };
    text.split(|byte| *byte == b'\n').filter_map(|line| line.split(|byte| *byte == b' ').nth(4)).any(
        |point| {
            let point = super::tree::unescape(point);
            point != folder && point.starts_with(folder)
        },
    )
}

/// The folders and small file systems that every command gets.
fn folders(spec: &Spec) -> Result<(), Stop> {
    for folder in ["tmp", "proc", "dev", "sys", "run", "run/secrets", "var", "var/tmp"] {
        fs::create_dir(folder).doing(format!("cannot make /{folder}"))?;
    }
    let quiet = MsFlags::MS_NOSUID | MsFlags::MS_NODEV;
    let options = format!("mode=1777,size={}", spec.limits.scratch);
    mounted(
        "the temporary folder",
        mount(Some("tmpfs"), "tmp", Some("tmpfs"), quiet, Some(options.as_str())),
    )?;
    for folder in [HOME, SHARED_MEMORY, OTHER_TEMPORARY] {
        fs::create_dir(folder.trim_start_matches('/')).doing(format!("cannot make {folder}"))?;
    }
    let other = point(Path::new(OTHER_TEMPORARY.trim_start_matches('/')))?;
    let tree = mounted("the other temporary folder", system::open_tree_at(other.as_fd()))?;
    mounted(
        "the other temporary folder",
        system::attach(tree.as_fd(), point(Path::new("var/tmp"))?.as_fd()),
    )?;
    let quiet = quiet | MsFlags::MS_NOEXEC | MsFlags::MS_RDONLY;
    mounted("/proc", mount(Some("proc"), "proc", Some("proc"), quiet, NONE))?;
    let links = [
        ("/proc/self/fd", "dev/fd"),
        ("/proc/self/fd/0", "dev/stdin"),
        ("/proc/self/fd/1", "dev/stdout"),
        ("/proc/self/fd/2", "dev/stderr"),
        (SHARED_MEMORY, "dev/shm"),
    ];
    links
        .into_iter()
        .try_for_each(|(target, place)| symlink(target, place))
        .doing("cannot make a link in /dev")
}

/// Hides what only root could read or use, and what of the kernel tells about more than the step.
fn hide() -> Result<(), Stop> {
    let hidden = if geteuid().is_root() { HIDDEN } else { &[] };
    let kernel = ["/proc/kcore", "/proc/keys", "/proc/sysrq-trigger", "/proc/timer_list"];
    for path in hidden.iter().copied().chain(kernel) {
        let place = Path::new(path.trim_start_matches('/'));
        let Ok(kind) = fs::symlink_metadata(place) else { continue };
        let nothing = if kind.is_dir() { c"sys" } else { c"dev/null" };
        // A symbolic link leads to something that is not shown, or is hidden itself.
        let Ok(target) = point(place) else { continue };
        let empty = system::open_tree(nothing);
        let hiding = empty.and_then(|empty| {
            system::restrict_mount(empty.as_fd(), READ_ONLY, false)?;
            system::attach(empty.as_fd(), target.as_fd())
        });
        mounted(&format!("hiding {path}"), hiding)?;
    }
    Ok(())
}

fn secrets(spec: &Spec) -> Result<(), Stop> {
    if spec.secrets.is_empty() {
        return Ok(());
    }
    let place = SECRETS.trim_start_matches('/');
    let quiet = MsFlags::MS_NOSUID | MsFlags::MS_NODEV | MsFlags::MS_NOEXEC;
    mounted("the secrets", mount(Some("tmpfs"), place, Some("tmpfs"), quiet, Some("mode=0700,size=16m")))?;
    write_secrets(Path::new(place), &spec.secrets).doing("cannot write the secrets")?;
    let place = point(Path::new(place))?;
    mounted("the secrets", system::restrict_mount(place.as_fd(), READ_ONLY, false))
}

impl Prepared {
    fn withhold_sockets(&mut self, reason: &str) {
        self.unix_sockets = false;
        self.remarks.push(format!("no sockets of the family UNIX, since {reason}"));
    }
}
