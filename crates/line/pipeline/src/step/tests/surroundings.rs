use std::collections::BTreeMap;
use std::io::{ErrorKind, Read, Write};
use std::net::{IpAddr, TcpListener};
use std::sync::Arc;

use andon_config::{Network, Ready, Timespan};
use andon_network::gateway::Resolve;

use super::Bench;
use crate::step::launch::Reach;
use crate::{DEFAULT_PATH, Ending, PlannedService};

#[test]
fn a_step_gets_what_is_documented_and_no_more() {
    let mut bench =
        Bench::new("env | sort; pwd; cat; ls -A \"$HOME\" \"$TMPDIR\" | grep -v : | grep . || true");
    bench.step.environment.insert("OWN".to_owned(), "a b".to_owned());
    bench.run().unwrap();
    let shown = bench.shown();
    let lines: Vec<&str> =
        shown.lines().filter(|line| !line.starts_with("HOME=") && !line.starts_with("TMPDIR=")).collect();
    let path = format!("PATH={DEFAULT_PATH}");
    let root = bench.path("root").canonicalize().unwrap().display().to_string();
    assert_eq!(lines, ["CI=true", "LANG=C.UTF-8", "OWN=a b", &path, &format!("PWD={root}"), &root]);
    let order = bench.launch.order.lock().unwrap().clone().unwrap();
    assert_eq!((order.reach, order.least), (Reach::Nothing, bench.step.seal));
}

/// Names lead to this machine.
struct Here;

impl Resolve for Here {
    fn resolve(&self, name: &str) -> std::io::Result<Vec<IpAddr>> {
        if name == "far.example" {
            Ok(vec!["127.0.0.1".parse().unwrap()])
        } else {
            Err(ErrorKind::NotFound.into())
        }
    }
}

/// Answers every request with `hello`.
fn origin() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
        }
    });
    port
}

const FETCH: &str = "
import os, sys, urllib.request
for address in sys.argv[1:]:
    try:
        print(urllib.request.urlopen(address, timeout=20).read().decode())
    except Exception as error:
        print(getattr(error, 'code', error))
";

#[test]
fn the_network_is_what_is_allowed() {
    let port = origin();
    let (good, bad) = (format!("http://far.example:{port}/"), format!("http://other.example:{port}/"));
    let mut bench = Bench::new("");
    bench.step.command = ["python3", "-c", FETCH, &good, &good, &bad].map(String::from).to_vec();
    // What andon.yaml allows has no plain HTTP, so this is what a run that learns sees.
    bench.step.network = Network::Allow(vec![format!("127.0.0.1:{port}").parse().unwrap()]);
    bench.learn = true;
    bench.resolver = Some(Arc::new(Here));
    let ended = bench.run().unwrap();
    assert_eq!(bench.shown(), "hello\nhello\n502\n");
    let seen: Vec<_> =
        ended.connections.iter().map(|found| (found.host.as_str(), found.allowed, found.count)).collect();
    assert_eq!(seen, [("far.example", true, 2), ("other.example", true, 1)]);
    assert!(ended.connections[0].received > 60 && ended.connections[0].sent > 60, "{:?}", ended.connections);
    std::fs::remove_file(bench.path("step.log")).unwrap();
    bench.learn = false;
    let ended = bench.run().unwrap();
    assert_eq!(bench.shown(), "hello\nhello\n502\n403\n403\n403\n");
    assert_eq!(ended.connections.iter().filter(|found| found.allowed).count(), 0);
    let hint = format!("add \"http://far.example:{port}\" under `network:`");
    assert!(ended.notes.iter().any(|note| note.contains(&hint)), "{:?}", ended.notes);
    assert_eq!(ended.notes.len(), 2, "each reason once");
}

fn service(name: &str, script: &str, port: Option<(u16, u64)>) -> PlannedService {
    PlannedService {
        name: name.to_owned(),
        command: ["/bin/sh", "-c", script].map(String::from).to_vec(),
        environment: BTreeMap::from([("NAME".to_owned(), "it's".to_owned())]),
        ready: port.map(|(port, seconds)| Ready {
            port,
            timeout: Timespan(std::time::Duration::from_secs(seconds)),
        }),
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

#[test]
fn services_are_there_before_the_step_and_gone_after_it() {
    let port = free_port();
    let listen = format!(
        "echo \"I am $NAME\"; env | grep -c TOKEN; exec python3 -c 'import socket,time\ns=socket.create_server((\"127.0.0.1\",{port}))\nwhile True:\n  c,_=s.accept(); c.sendall(b\"served\"); c.close()'"
    );
    let script = format!(
        "python3 -c 'import socket;print(socket.create_connection((\"127.0.0.1\",{port})).recv(9).decode())'; exit 5"
    );
    let mut bench = Bench::new(&script);
    bench.step.environment.insert("TOKEN".to_owned(), "x".to_owned());
    bench.step.services =
        vec![service("data base", &listen, Some((port, 30))), service("other", "echo up; sleep 100", None)];
    let ended = bench.run().unwrap();
    assert_eq!(
        (ended.ending, bench.shown().as_str()),
        (Ending::Exited(5), "served\n"),
        "{}",
        bench.log("step.log")
    );
    assert_eq!(bench.log("step.log.service-0-data_base"), "s| I am it's\ns| 0");
    assert_eq!(bench.log("step.log.service-1-other"), "s| up");
    assert!(TcpListener::bind(("127.0.0.1", port)).is_ok(), "the service is gone");
}

#[test]
fn a_service_that_does_not_come_up_is_why_nothing_ran() {
    for (script, seconds, words) in [
        ("echo broken; exit 1", 30, "the service `db` ended before it listened on port"),
        ("sleep 100", 1, "within 1 s"),
        ("/no/such/program", 30, "ended before it listened"),
    ] {
        let mut bench = Bench::new("echo ran");
        bench.step.services = vec![service("db", script, Some((free_port(), seconds)))];
        let failure = bench.run().unwrap_err();
        assert!(failure.0.contains(words) && failure.0.contains("log"), "{failure}");
        assert_eq!(bench.shown(), "", "{script}");
    }
}
