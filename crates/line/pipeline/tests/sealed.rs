//! Steps in a real seal: secrets, services and the gateway inside namespaces. Where this machine cannot make a full
//! seal, it says so and tries nothing.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests may fail loudly")]
#![allow(clippy::disallowed_methods, reason = "tests look at the disk and open sockets")]

use std::collections::BTreeMap;
use std::io::{ErrorKind, Read, Write};
use std::net::{IpAddr, TcpListener};
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use andon_config::{CoverageReports, Network, Ready, SealLevel, Secret, TestReports, Timespan};
use andon_model::Stage;
use andon_network::gateway::Resolve;
use andon_pipeline::{
    Attempt, Bounds, Cancel, Ended, Ending, Failure, Output, PlannedOutput, PlannedService, PlannedStep,
    SealedLaunch, StepRunner, Steps,
};
use andon_sandbox::seal::{self, Level};
use andon_system::MemorySystem;

fn main() {
    seal::main_if_asked();
    if seal::probe().best() < Level::Full {
        println!("sealed steps: not tried, there is no full seal here");
        return;
    }
    secrets_and_outputs();
    services_share_the_loopback();
    the_gateway_is_the_only_way();
    nothing_outlives_a_step();
    println!("sealed steps: ok");
}

#[derive(Default)]
struct Shown(Mutex<String>);

impl Output for Shown {
    fn text(&self, text: &str) {
        self.0.lock().unwrap().push_str(text);
    }
}

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

fn step(script: &str) -> PlannedStep {
    PlannedStep {
        name: "try".to_owned(),
        stage: Stage::Build,
        command: ["/bin/sh", "-c", script].map(String::from).to_vec(),
        shown: script.to_owned(),
        environment: BTreeMap::new(),
        needs: Vec::new(),
        inputs: None,
        outputs: Vec::new(),
        scratch: Vec::new(),
        reads: Vec::new(),
        tools: Vec::new(),
        network: Network::None,
        seal: SealLevel::Full,
        timeout: Duration::from_secs(60),
        retries: 0,
        services: Vec::new(),
        secrets: BTreeMap::new(),
        tests: TestReports::default(),
        coverage: CoverageReports::default(),
        cache: false,
        always: false,
        after_failure: false,
        skip: None,
    }
}

/// How a step went, and what it showed.
fn run(folder: &Path, step: &PlannedStep, learn: bool) -> (Result<Ended, Failure>, String) {
    let root = folder.join("root");
    std::fs::create_dir_all(&root).unwrap();
    let root = root.canonicalize().unwrap();
    let (asked, shown) = (AtomicBool::new(false), Shown::default());
    let cancel = Cancel::new(&asked);
    let log = folder.join("step.log");
    let attempt =
        Attempt { run: "1", root: &root, number: 1, log: &log, learn, output: &shown, cancel: &cancel };
    let system = MemorySystem::new().variable("THE_KEY", "correct horse 1234");
    let launch = SealedLaunch::default();
    let bounds = Bounds { grace: Duration::from_millis(300), ..Bounds::default() };
    let runner = StepRunner::new(&launch, &system).bounds(bounds).resolver(Arc::new(Here));
    let ended = runner.run(step, &attempt);
    let text = shown.0.lock().unwrap().clone();
    (ended, text)
}

fn check(step: &PlannedStep, learn: bool, ending: Ending, shown: &str) -> Ended {
    let folder = tempfile::tempdir().unwrap();
    let (ended, text) = run(folder.path(), step, learn);
    let ended = ended.unwrap();
    assert_eq!((ended.ending, text.as_str()), (ending, shown), "{}: {:?}", step.shown, ended.notes);
    assert_eq!(ended.seal.level, SealLevel::Full);
    ended
}

fn secrets_and_outputs() {
    let mut step = step(
        "cat \"$KEY_FILE\"; echo; echo made > out/file; (echo no > other) 2>/dev/null || echo refused; exit 4",
    );
    step.secrets.insert("KEY".to_owned(), Secret::Environment("THE_KEY".to_owned()));
    step.outputs = vec![PlannedOutput { path: "out".to_owned(), folder: true }];
    check(&step, false, Ending::Exited(4), "***\nrefused\n");
    let mut missing = self::step("");
    missing.command = vec!["no-such-program".to_owned()];
    let folder = tempfile::tempdir().unwrap();
    let failure = run(folder.path(), &missing, false).0.unwrap_err();
    assert!(failure.0.contains("no-such-program"), "{failure}");
}

fn services_share_the_loopback() {
    let serve = "import socket\ns=socket.create_server(('127.0.0.1',5432))\nwhile True:\n  c,_=s.accept(); c.sendall(b'served'); c.close()";
    let ask = "import socket;print(socket.create_connection(('127.0.0.1',5432)).recv(9).decode())";
    let mut step = step("");
    step.command = ["python3", "-c", ask].map(String::from).to_vec();
    step.services = vec![PlannedService {
        name: "db".to_owned(),
        command: ["python3", "-c", serve].map(String::from).to_vec(),
        environment: BTreeMap::new(),
        ready: Some(Ready { port: 5432, timeout: Timespan(Duration::from_secs(30)) }),
    }];
    check(&step, false, Ending::Exited(0), "served\n");
}

fn the_gateway_is_the_only_way() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
        }
    });
    let fetch = format!(
        "import socket, urllib.request\n\
         print(urllib.request.urlopen('http://far.example:{port}/', timeout=20).read().decode())\n\
         try: socket.create_connection(('127.0.0.1', {port}), 5); print('escaped')\n\
         except OSError: print('refused')"
    );
    let mut step = step("");
    step.command = ["python3", "-c", &fetch].map(String::from).to_vec();
    step.network = Network::Allow(vec![format!("127.0.0.1:{port}").parse().unwrap()]);
    let ended = check(&step, true, Ending::Exited(0), "hello\nrefused\n");
    assert_eq!(ended.connections.len(), 1, "{:?}", ended.connections);
}

fn nothing_outlives_a_step() {
    let mut step = step(
        "(trap '' TERM; sleep 100) & (setsid sleep 100) & trap '' TERM; echo on; while :; do sleep 1; done",
    );
    step.timeout = Duration::from_secs(1);
    check(&step, false, Ending::TimedOut, "on\n");
    let left = self::step("setsid sleep 100 & exec >&- 2>&-; exit 0");
    check(&left, false, Ending::Exited(0), "");
}
