use std::fs;
use std::net::{Ipv4Addr, SocketAddrV4, TcpListener};
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;

use nix::sched::{CloneFlags, unshare};
use nix::sys::socket::{AddressFamily, SockFlag, SockType, socket};
use nix::unistd::{getegid, geteuid, setgroups, sethostname};

use super::obstacle;
use super::stop::{Doing, Stop};
use super::system;
use super::wire::{self, Message, Spec};
use crate::seal::Network;

/// Moves this process into a user namespace of its own, where it has the right to the other namespaces.
pub(super) fn enter(spec: &Spec) -> Result<(), Stop> {
    let (user, group) = (geteuid(), getegid());
    // Only root can; an ordinary user's other groups stay, and reach nothing that is not shown.
    let _ = setgroups(&[]);
    unshare(spaces(spec.network)).map_err(|error| Stop::Impossible(obstacle::namespaces(&error)))?;
    let maps = [
        ("/proc/self/setgroups", "deny".to_owned()),
        ("/proc/self/uid_map", format!("{user} {user} 1")),
        ("/proc/self/gid_map", format!("{group} {group} 1")),
    ];
    for (file, content) in maps {
        fs::OpenOptions::new()
            .write(true)
            .open(file)
            .and_then(|mut file| std::io::Write::write_all(&mut file, content.as_bytes()))
            .map_err(|error| Stop::Impossible(obstacle::mapping(file, &error)))?;
    }
    system::control(libc::PR_SET_DUMPABLE, 0).doing("cannot hide the memory of the step's watcher")
}

fn spaces(network: Network) -> CloneFlags {
    let spaces = CloneFlags::CLONE_NEWUSER
        | CloneFlags::CLONE_NEWNS
        | CloneFlags::CLONE_NEWPID
        | CloneFlags::CLONE_NEWIPC
        | CloneFlags::CLONE_NEWUTS
        | CloneFlags::CLONE_NEWCGROUP;
    if network == Network::Host { spaces } else { spaces | CloneFlags::CLONE_NEWNET }
}

/// Readies the network of the namespace, and hands its listening socket to the caller.
pub(super) fn network(spec: &Spec, control: &UnixStream) -> Result<(), Stop> {
    // A name that resolves everywhere, and tells nothing of the host.
    sethostname("localhost").doing("cannot set the host's name")?;
    if spec.network == Network::Host {
        return Ok(());
    }
    let any = socket(AddressFamily::Inet, SockType::Datagram, SockFlag::SOCK_CLOEXEC, None);
    let any = any.doing("cannot make a socket")?;
    system::raise_loopback(any.as_fd()).doing("cannot switch on the step's loopback interface")?;
    if let Network::Listener { port } = spec.network {
        let listener = listen(port).doing(format!("cannot listen on the step's port {port}"))?;
        wire::send_with(control, &Message::Listener, listener.as_fd()).doing("cannot hand over a socket")?;
    }
    Ok(())
}

#[allow(clippy::disallowed_methods, reason = "the socket is in the step's network, not the host's")]
fn listen(port: u16) -> std::io::Result<TcpListener> {
    TcpListener::bind(SocketAddrV4::new(Ipv4Addr::LOCALHOST, port))
}
