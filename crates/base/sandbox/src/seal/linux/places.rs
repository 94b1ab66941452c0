//! Where things are for a sealed command.

/// The system's own folders, shown where they exist.
pub(super) const SYSTEM: &[&str] = &[
    "/usr",
    "/etc",
    "/opt",
    "/bin",
    "/sbin",
    "/lib",
    "/lib32",
    "/lib64",
    "/libx32",
    "/nix/store",
    "/run/current-system",
];

/// What in them only root can read; it matters where the step's user is root.
pub(super) const HIDDEN: &[&str] = &[
    "/etc/NetworkManager",
    "/etc/docker",
    "/etc/gshadow",
    "/etc/gshadow-",
    "/etc/krb5.keytab",
    "/etc/kubernetes",
    "/etc/letsencrypt",
    "/etc/netplan",
    "/etc/pki/tls/private",
    "/etc/rancher",
    "/etc/security/opasswd",
    "/etc/shadow",
    "/etc/shadow-",
    "/etc/ssh",
    "/etc/ssl/private",
    "/etc/sudoers",
    "/etc/sudoers.d",
    "/etc/wireguard",
];

/// At level `full`: the home folder, inside of the temporary folder.
pub(super) const HOME: &str = "/tmp/home";
/// At level `full`: what /dev/shm leads to.
pub(super) const SHARED_MEMORY: &str = "/tmp/.shm";
/// At level `full`: what is seen as /var/tmp as well.
pub(super) const OTHER_TEMPORARY: &str = "/tmp/.var";
/// At level `full`: the secrets.
pub(super) const SECRETS: &str = "/run/secrets";
/// Where programs are searched when the step declares no PATH.
pub(super) const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
