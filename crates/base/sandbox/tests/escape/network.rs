use std::io::{self, Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream, UdpSocket};
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr as UnixAddress, UnixDatagram, UnixStream};
use std::path::Path;
use std::time::Duration;

use crate::attempt::Who::{Anyone, Perhaps, Root};
use crate::attempt::{Attempt, Facts, Outcome, attempt, c_path, call, expect, worked};
use crate::stage::ANSWER;

pub(crate) const ATTEMPTS: &[Attempt] = &[
    attempt("tcp-v4", Anyone, |facts| tcp(Ipv4Addr::LOCALHOST.into(), facts.port("tcp4"))),
    attempt("tcp-v6", Perhaps, |facts| tcp(Ipv6Addr::LOCALHOST.into(), facts.port("tcp6"))),
    attempt("tcp-own-address", Perhaps, |facts| {
        tcp(facts.text("address").parse().map_err(|_| "no address".to_owned())?, facts.port("tcp4"))
    }),
    attempt("tcp-bind-seen-outside", Anyone, bind_outside),
    attempt("udp-v4", Anyone, |facts| udp(Ipv4Addr::LOCALHOST.into(), facts.port("udp"))),
    attempt("udp-broadcast", Perhaps, |facts| udp(Ipv4Addr::BROADCAST.into(), facts.port("udp"))),
    attempt("dns", Anyone, |facts| udp(Ipv4Addr::LOCALHOST.into(), facts.port("dns"))),
    attempt("raw-v4", Root, |_| socket(libc::AF_INET, libc::SOCK_RAW, libc::IPPROTO_ICMP)),
    attempt("raw-v6", Root, |_| socket(libc::AF_INET6, libc::SOCK_RAW, libc::IPPROTO_ICMPV6)),
    attempt("packet", Root, |_| socket(libc::AF_PACKET, libc::SOCK_RAW, 0)),
    attempt("packet-old", Root, |_| socket(libc::AF_INET, 10, 0)),
    attempt("netlink-events", Anyone, |_| socket(libc::AF_NETLINK, libc::SOCK_RAW, 15)),
    attempt("netlink-sockets", Anyone, |_| socket(libc::AF_NETLINK, libc::SOCK_RAW, 4)),
    attempt("netlink-audit", Perhaps, |_| socket(libc::AF_NETLINK, libc::SOCK_RAW, 9)),
    attempt("vsock", Perhaps, |_| socket(libc::AF_VSOCK, libc::SOCK_STREAM, 0)),
    attempt("bluetooth", Perhaps, |_| socket(libc::AF_BLUETOOTH, libc::SOCK_RAW, 1)),
    attempt("crypto", Perhaps, |_| socket(libc::AF_ALG, libc::SOCK_SEQPACKET, 0)),
    attempt("can", Perhaps, |_| socket(libc::AF_CAN, libc::SOCK_RAW, 1)),
    attempt("tipc", Perhaps, |_| socket(libc::AF_TIPC, libc::SOCK_RDM, 0)),
    attempt("xdp", Perhaps, |_| socket(libc::AF_XDP, libc::SOCK_RAW, 0)),
    attempt("unix-path", Anyone, |facts| unix(&facts.outside("socket"))),
    attempt("unix-path-in-workspace", Anyone, |facts| unix(&facts.workspace().join("socket"))),
    attempt("unix-path-relative", Anyone, |_| unix(Path::new("./socket"))),
    attempt("unix-datagram", Anyone, |facts| {
        let socket = UnixDatagram::unbound().map_err(|error| error.to_string())?;
        worked(socket.send_to(b"x", facts.outside("datagrams")))
    }),
    attempt("unix-datagram-in-workspace", Anyone, |_| {
        let socket = UnixDatagram::unbound().map_err(|error| error.to_string())?;
        worked(socket.send_to(b"x", "datagrams"))
    }),
    attempt("unix-pair-redirected", Anyone, |_| {
        let (socket, _) = UnixDatagram::pair().map_err(|error| error.to_string())?;
        worked(socket.connect("datagrams").and_then(|()| socket.send(b"x")))
    }),
    attempt("unix-pair-sent-elsewhere", Anyone, |_| {
        let (socket, _) = UnixDatagram::pair().map_err(|error| error.to_string())?;
        worked(socket.send_to(b"x", "datagrams"))
    }),
    attempt("unix-abstract", Anyone, |facts| {
        let address = UnixAddress::from_abstract_name(facts.text("abstract")).unwrap();
        answer(UnixStream::connect_addr(&address))
    }),
    attempt("unix-abstract-datagram", Anyone, |facts| {
        let address = UnixAddress::from_abstract_name(facts.text("abstract-datagrams")).unwrap();
        let socket = UnixDatagram::unbound().map_err(|error| error.to_string())?;
        worked(socket.send_to_addr(b"x", &address))
    }),
    attempt("io-uring", Perhaps, |_| {
        let mut parameters = [0_u8; 120];
        worked(call(unsafe { libc::syscall(libc::SYS_io_uring_setup, 4, parameters.as_mut_ptr()) }))
    }),
    attempt("enter-network", Root, |facts| enter(facts, "net")),
    attempt("enter-mounts", Root, |facts| enter(facts, "mnt")),
    attempt("python-http", Perhaps, python),
];

fn tcp(address: IpAddr, port: u16) -> Outcome {
    answer(TcpStream::connect_timeout(&SocketAddr::new(address, port), Duration::from_secs(2)))
}

fn unix(path: &Path) -> Outcome {
    answer(UnixStream::connect(path))
}

fn answer(stream: io::Result<impl Read>) -> Outcome {
    let mut stream = stream.map_err(|error| error.to_string())?;
    let mut bytes = Vec::new();
    expect(stream.read_to_end(&mut bytes).map(|_| bytes), ANSWER)
}

fn udp(address: IpAddr, port: u16) -> Outcome {
    let exchange = || {
        let socket = UdpSocket::bind("0.0.0.0:0")?;
        socket.set_broadcast(true)?;
        socket.set_read_timeout(Some(Duration::from_secs(1)))?;
        socket.send_to(b"question", (address, port))?;
        let mut buffer = [0; 64];
        let length = socket.recv(&mut buffer)?;
        Ok(buffer.get(..length).unwrap_or_default().to_vec())
    };
    expect(exchange(), ANSWER)
}

/// Offers a port to the host, which calls it as soon as it learns of it by the output.
fn bind_outside(_: &Facts) -> Outcome {
    let offer = || {
        let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
        listener.set_nonblocking(true)?;
        println!("call {}", listener.local_addr()?.port());
        io::stdout().flush()?;
        for _ in 0..50 {
            match listener.accept() {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    std::thread::sleep(Duration::from_millis(10));
                }
                outcome => return outcome.map(drop),
            }
        }
        Err(io::Error::other("nobody called"))
    };
    worked(offer())
}

fn socket(family: i32, kind: i32, protocol: i32) -> Outcome {
    worked(call(unsafe { libc::socket(family, kind, protocol) }.into()))
}

fn enter(facts: &Facts, space: &str) -> Outcome {
    let path = c_path(format!("/proc/{}/ns/{space}", facts.text("victim")));
    let file = call(unsafe { libc::open(path.as_ptr(), libc::O_RDONLY) }.into());
    let file = file.map_err(|error| error.to_string())?;
    worked(call(unsafe { libc::setns(i32::try_from(file).unwrap(), 0) }.into()))
}

fn python(facts: &Facts) -> Outcome {
    let program = format!(
        "import socket; s = socket.create_connection(('127.0.0.1', {}), 2); print(s.recv(99).decode())",
        facts.port("tcp4")
    );
    let output = std::process::Command::new("/usr/bin/python3").args(["-c", &program]).output();
    expect(output.map(|output| output.stdout), ANSWER)
}
