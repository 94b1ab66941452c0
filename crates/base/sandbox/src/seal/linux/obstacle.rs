//! Why a level cannot be reached, and what somebody can do about it, in words.

use std::fmt::Display;
use std::fs;
use std::path::Path;

use crate::seal::Obstacle;

/// No new user namespace.
pub(super) fn namespaces(error: &impl Display) -> Obstacle {
    let set = |name: &str| setting(name);
    let known = if set("user/max_user_namespaces").as_deref() == Some("0") {
        Some((
            "user namespaces are switched off (user.max_user_namespaces is 0)",
            "set it to some thousands with sysctl",
        ))
    } else if set("kernel/unprivileged_userns_clone").as_deref() == Some("0") {
        Some((
            "user namespaces are reserved for root (kernel.unprivileged_userns_clone is 0)",
            "set it to 1 with sysctl",
        ))
    } else {
        apparmor()
    };
    let (reason, remedy) = known.unwrap_or_else(|| match container() {
        true => (
            "this container forbids new user namespaces",
            "start the container with a seccomp profile that allows unshare and mount, such as \
             `--security-opt seccomp=unconfined`, or accept the level `restricted`",
        ),
        false => ("this system forbids new user namespaces", "allow them, or accept the level `restricted`"),
    });
    Obstacle { reason: format!("{reason}: {error}"), remedy: remedy.to_owned() }
}

/// A new user namespace that gives no rights.
pub(super) fn mapping(file: &str, error: &impl Display) -> Obstacle {
    let (reason, remedy) = apparmor().unwrap_or((
        "a new user namespace gives no rights here",
        "run outside of what restricts this process, or accept the level `restricted`",
    ));
    Obstacle { reason: format!("{reason}: {file}: {error}"), remedy: remedy.to_owned() }
}

/// A new mount namespace in which nothing can be mounted.
pub(super) fn mounting(doing: &str, error: &impl Display) -> Obstacle {
    let (reason, remedy) = apparmor().unwrap_or_else(|| match container() {
        true => (
            "this container forbids mounts in a new namespace",
            "start the container with an unmasked /proc and a seccomp profile that allows mount, such as \
             `--security-opt systempaths=unconfined --security-opt seccomp=unconfined`, or accept the level `restricted`",
        ),
        false => (
            "mounts in a new namespace are not possible",
            "Linux 5.12 or newer is needed and nothing that forbids mount; or accept the level `restricted`",
        ),
    });
    Obstacle { reason: format!("{reason}: {doing}: {error}"), remedy: remedy.to_owned() }
}

/// Landlock is missing or too old.
pub(super) fn landlock(reason: impl Display) -> Obstacle {
    Obstacle {
        reason: format!("Landlock cannot hold what `restricted` promises: {reason}"),
        remedy: "use Linux 6.12 or newer with `landlock` among the boot parameter lsm=, or allow user namespaces for the \
                 level `full`"
            .to_owned(),
    }
}

/// No seccomp.
pub(super) fn seccomp(error: &impl Display) -> Obstacle {
    Obstacle {
        reason: format!("no seccomp filter can be installed: {error}"),
        remedy: "use a kernel with CONFIG_SECCOMP_FILTER, and a container that allows seccomp".to_owned(),
    }
}

/// No list of a process's children.
pub(super) fn children(error: &impl Display) -> Obstacle {
    Obstacle {
        reason: format!(
            "what a step leaves running could not be found: /proc/PID/task/TID/children: {error}"
        ),
        remedy: "mount /proc, and use a kernel with CONFIG_PROC_CHILDREN".to_owned(),
    }
}

fn apparmor() -> Option<(&'static str, &'static str)> {
    (setting("kernel/apparmor_restrict_unprivileged_userns").as_deref() == Some("1")).then_some((
        "AppArmor takes the rights from user namespaces (kernel.apparmor_restrict_unprivileged_userns is 1)",
        "set it to 0 with sysctl, or give andon an AppArmor profile that allows userns",
    ))
}

fn container() -> bool {
    ["/.dockerenv", "/run/.containerenv"].iter().any(|marker| Path::new(marker).exists())
        || Path::new("/var/run/secrets/kubernetes.io").exists()
}

#[allow(clippy::disallowed_methods, reason = "a small file of the kernel's")]
fn setting(name: &str) -> Option<String> {
    fs::read_to_string(Path::new("/proc/sys").join(name)).ok().map(|text| text.trim().to_owned())
}
