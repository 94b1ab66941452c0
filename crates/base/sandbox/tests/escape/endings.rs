use std::collections::BTreeSet;
use std::fs;
use std::io::{Read, Write};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use andon_sandbox::seal::{self, Ending, Level, Network, Output, Seal, Sealed};

use crate::run::{lingering, possible, seal_for, tool};
use crate::stage::{ANSWER, Stage};

/// How commands end, what limits them, and that nothing of them is left.
pub(crate) fn failures(stage: &Stage) -> Vec<String> {
    let mut check = Check { stage, failures: Vec::new() };
    for level in possible() {
        check.endings(level);
        check.stopping(level);
        check.limits(level);
        check.surroundings(level);
    }
    if possible().contains(&Level::Full) {
        check.networks();
    }
    check.parent_dies();
    check.failures
}

/// The other side of some checks.
pub(crate) fn act(name: &str) {
    match name {
        "flood" => flood(),
        "bomb" => bomb(),
        "die" => die(),
        _ => panic!("no such act"),
    }
}

/// A program, its arguments, and whether it ended as it must.
type Case<'a> = (&'a str, &'a [&'a str], fn(&Ending) -> bool);

struct Check<'a> {
    stage: &'a Stage,
    failures: Vec<String>,
}

impl Check<'_> {
    fn is(&mut self, good: bool, level: Level, what: &str, found: &impl std::fmt::Debug) {
        if !good {
            self.failures.push(format!("{what} at {level}: {found:?}"));
        }
    }

    fn seal(&self, level: Level) -> Seal {
        seal_for(self.stage, level)
    }

    fn endings(&mut self, level: Level) {
        let work = self.stage.facts.workspace();
        fs::write(work.join("out/plain"), "echo").unwrap();
        fs::write(work.join("out/script"), "#!/missing/interpreter\n").unwrap();
        let executable = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        fs::set_permissions(work.join("out/script"), executable).unwrap();
        let cases: &[Case] = &[
            ("true", &[], |ending| *ending == Ending::Exited(0)),
            ("sh", &["-c", "exit 3"], |ending| *ending == Ending::Exited(3)),
            ("sh", &["-c", "kill -9 $$"], |ending| *ending == Ending::Killed(9)),
            ("sh", &["-c", "kill -34 $$"], |ending| *ending == Ending::Killed(34)),
            (
                "missing-program",
                &[],
                |ending| matches!(ending, Ending::NotFound(words) if words.contains("/usr/bin")),
            ),
            ("./out/missing", &[], |ending| matches!(ending, Ending::NotFound(_))),
            (
                "./out/plain",
                &[],
                |ending| matches!(ending, Ending::NotExecutable(words) if words.contains("chmod")),
            ),
            (
                "./out/script",
                &[],
                |ending| matches!(ending, Ending::NotExecutable(words) if words.contains("interpreter")),
            ),
            (
                "./out",
                &[],
                |ending| matches!(ending, Ending::NotExecutable(words) if words.contains("folder")),
            ),
        ];
        for (program, arguments, expected) in cases {
            let ending = start(&self.seal(level), program, arguments).wait().ending;
            self.is(expected(&ending), level, &format!("{program} {arguments:?}"), &ending);
        }
    }

    fn stopping(&mut self, level: Level) {
        let seal = self.seal(level);
        let mark = self.stage.facts.text("mark").to_owned();
        let tool = tool(self.stage).display().to_string();
        let script = format!("trap 'exit 5' TERM; '{tool}' linger {mark} & echo ready; wait; wait");
        let stubborn = format!("trap '' TERM; '{tool}' linger {mark} & echo ready; while :; do wait; done");
        let mut sealed = started(&seal, &script);
        sealed.stopper().terminate(Duration::from_secs(20));
        let ending = sealed.wait().ending;
        self.is(ending == Ending::Exited(5), level, "terminate", &ending);
        let mut sealed = started(&seal, &stubborn);
        sealed.stopper().terminate(Duration::from_millis(50));
        let ending = sealed.wait().ending;
        self.is(ending == Ending::Stopped, level, "terminate what ignores it", &ending);
        let mut sealed = started(&seal, &stubborn);
        sealed.stopper().kill();
        let report = sealed.wait();
        self.is(report.ending == Ending::Stopped && sealed.wait() == report, level, "kill", &report);
        sealed.stopper().kill();
        drop(started(&seal, &stubborn));
        // Nobody reads its output, so that it stands still.
        let mut sealed = start(&seal, "yes", &[]);
        sealed.stopper().kill();
        let ending = sealed.wait().ending;
        self.is(ending == Ending::Stopped, level, "kill what stands still", &ending);
        let left = lingering(&self.stage.facts);
        self.is(left == 0, level, "processes left behind", &left);
    }

    fn limits(&mut self, level: Level) {
        let mut seal = self.seal(level);
        seal.limits.processes = 60;
        let mark = self.stage.facts.text("mark");
        let tool = tool(self.stage).display().to_string();
        let begun = Instant::now();
        let (report, output) = finish(start(&seal, &tool, &["ending", "flood"]));
        let started: u64 = output.trim().parse().unwrap_or(0);
        let held = report.ending == Ending::Exited(0) && started < 400 && started > 10;
        let ended = matches!(report.ending, Ending::TooManyProcesses(60));
        self.is(held || ended, level, "a flood of processes", &(&report, &output));
        let mut sealed = start(&seal, &tool, &["ending", "bomb", mark]);
        let stopper = sealed.stopper();
        std::thread::spawn(move || {
            std::thread::sleep(Duration::from_secs(2));
            stopper.kill();
        });
        let ending = sealed.wait().ending;
        let gone = matches!(ending, Ending::Stopped | Ending::TooManyProcesses(60) | Ending::Exited(_));
        self.is(gone && begun.elapsed() < Duration::from_secs(60), level, "a fork bomb", &ending);
        let mut seal = self.seal(level);
        seal.limits.file_size = 100_000;
        let ending = start(&seal, "sh", &["-c", "exec head -c 200000 /dev/zero > out/large"]).wait().ending;
        let size = fs::metadata(self.stage.facts.workspace().join("out/large")).unwrap().len();
        let bounded = ending == Ending::Killed(libc::SIGXFSZ) && size <= 100_000;
        self.is(bounded, level, "the size of a file", &(ending, size));
        seal.limits.memory = Some(64 << 20);
        let ending = start(&seal, "/usr/bin/python3", &["-c", "bytearray(200 << 20)"]).wait().ending;
        self.is(ending == Ending::Exited(1), level, "memory", &ending);
        seal.limits.scratch = 1 << 20;
        let ending = start(&seal, "sh", &["-c", "! head -c 90000 /dev/zero > /tmp/1 || for i in 1 2 3 4 5 6 7 8 9 a b c d; do head -c 90000 /dev/zero > /tmp/$i || exit 7; done"]).wait().ending;
        self.is(level < Level::Full || ending == Ending::Exited(7), level, "the temporary folder", &ending);
    }

    fn surroundings(&mut self, level: Level) {
        let mut seal = self.seal(level);
        (seal.environment, seal.read) = (vec![("ONE".into(), "1".into())], Vec::new());
        let (report, output) = finish(start(&seal, "env", &[]));
        let names: BTreeSet<&str> = output.lines().filter_map(|line| Some(line.split_once('=')?.0)).collect();
        let expected = BTreeSet::from(["ANDON_SECRETS", "HOME", "ONE", "OWN_TOKEN_FILE", "PATH", "TMPDIR"]);
        self.is(names == expected, level, "the environment", &(&report, &output));
        let (_, output) = finish(start(&seal, "sh", &["-c", "cat; umask; pwd; echo error >&2"]));
        let here = format!("0022\n{}\nerror\n", self.stage.facts.workspace().display());
        self.is(output == here, level, "standard input, umask and folder", &output);
        seal.working_folder = "./out".into();
        seal.outputs.push(Output::file("single"));
        let (report, output) =
            finish(start(&seal, "sh", &["-c", "pwd; echo x > ../single; ! mv ../single ../other"]));
        let here = output.lines().next().is_some_and(|line| line.ends_with("work space/out"));
        let held = report.ending == Ending::Exited(0) || level == Level::None;
        self.is(here && held, level, "working folder and single file", &(report, output));
        let cpu = "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done";
        let report = start(&seal, "sh", &["-c", cpu]).wait();
        self.is(
            report.cpu > Duration::ZERO && report.peak_memory > 100_000,
            level,
            "what is used up",
            &report,
        );
        let _ = fs::remove_file(self.stage.facts.workspace().join("single"));
        let _ = fs::remove_file(self.stage.facts.workspace().join("other"));
    }

    fn networks(&mut self) {
        let mut seal = self.seal(Level::Full);
        seal.network = Network::Listener { port: 3128 };
        let call = "import socket,sys; print(socket.create_connection(('127.0.0.1', int(sys.argv[1])), 2).recv(99).decode())";
        let mut sealed = start(&seal, "/usr/bin/python3", &["-c", call, "3128"]);
        let listener = sealed.listener.take();
        let served = listener.map(|listener| {
            listener.accept().and_then(|(mut caller, _)| caller.write_all(ANSWER.as_bytes()))
        });
        let (report, output) = finish(sealed);
        self.is(output.contains(ANSWER), Level::Full, "a listener", &(served, report, output));
        let unix = "import socket; s = socket.socket(socket.AF_UNIX); s.connect('socket')";
        let hidden =
            "import socket; s = socket.socket(socket.AF_UNIX); s.connect('\\0' + __import__('sys').argv[1])";
        for level in possible().into_iter().filter(|level| *level > Level::None) {
            let mut seal = self.seal(level);
            seal.network = Network::Host;
            let port = self.stage.facts.text("tcp4");
            let (report, output) = finish(start(&seal, "/usr/bin/python3", &["-c", call, port]));
            self.is(output.contains(ANSWER), level, "the host's network", &(report, output));
            let name = self.stage.facts.text("abstract");
            for (what, program) in [("a socket in the workspace", unix), ("an abstract socket", hidden)] {
                let (report, output) = finish(start(&seal, "/usr/bin/python3", &["-c", program, name]));
                self.is(report.ending == Ending::Exited(1), level, what, &(report, output));
            }
        }
    }

    /// A caller that is killed takes its commands with it.
    fn parent_dies(&mut self) {
        for level in possible() {
            let mut command = Command::new(tool(self.stage));
            command.args(["ending", "die"]).env("LEVEL", level.to_string()).stdout(Stdio::piped());
            command.env(crate::attempt::VARIABLE, self.stage.facts.write()).env("BASE", &self.stage.base);
            let mut parent = command.spawn().unwrap();
            let mut ready = [0; 5];
            let heard = parent.stdout.take().unwrap().read_exact(&mut ready);
            let before = lingering(&self.stage.facts);
            parent.kill().unwrap();
            parent.wait().unwrap();
            let begun = Instant::now();
            while lingering(&self.stage.facts) > 0 && begun.elapsed() < Duration::from_secs(10) {
                std::thread::sleep(Duration::from_millis(5));
            }
            let after = lingering(&self.stage.facts);
            self.is(before > 0 && after == 0, level, "the death of the caller", &(heard, before, after));
        }
    }
}

fn start(seal: &Seal, program: &str, arguments: &[&str]) -> Sealed {
    let arguments: Vec<_> = arguments.iter().map(Into::into).collect();
    seal::spawn(seal, program.as_ref(), &arguments).unwrap_or_else(|error| panic!("{program}: {error}"))
}

fn started(seal: &Seal, script: &str) -> Sealed {
    let mut sealed = start(seal, "sh", &["-c", script]);
    let mut ready = [0; 5];
    sealed.stdout.as_mut().unwrap().read_exact(&mut ready).unwrap();
    sealed
}

fn finish(mut sealed: Sealed) -> (seal::Report, String) {
    let mut errors = sealed.stderr.take().unwrap();
    let errors = std::thread::spawn(move || {
        let mut text = String::new();
        let _ = errors.read_to_string(&mut text);
        text
    });
    let mut output = String::new();
    let _ = sealed.stdout.take().unwrap().read_to_string(&mut output);
    let report = sealed.wait();
    (report, output + &errors.join().unwrap())
}

/// Starts processes until it cannot, and says how many there were.
fn flood() {
    let mut started = 0;
    for _ in 0..1000 {
        match unsafe { libc::fork() } {
            0 => {
                std::thread::sleep(Duration::from_secs(20));
                unsafe { libc::_exit(0) };
            }
            -1 => break,
            _ => started += 1,
        }
    }
    std::thread::sleep(Duration::from_millis(600));
    println!("{started}");
}

/// Each process starts others for ever.
fn bomb() {
    loop {
        unsafe { libc::fork() };
    }
}

/// Starts a sealed command and waits to be killed.
fn die() {
    let facts = crate::attempt::Facts::read();
    let level =
        Level::ALL.into_iter().find(|level| level.to_string() == std::env::var("LEVEL").unwrap()).unwrap();
    let mut seal = Seal::new(facts.workspace());
    (seal.wanted, seal.least) = (level, level);
    let tools = std::path::PathBuf::from(std::env::var("BASE").unwrap()).join("tools");
    seal.read.push(tools.clone());
    let script = format!(
        "trap '' TERM HUP; setsid '{}/escape' linger {} & sleep 0.1; echo ready; wait",
        tools.display(),
        facts.text("mark")
    );
    let mut sealed = start(&seal, "sh", &["-c", &script]);
    let mut ready = [0; 5];
    sealed.stdout.as_mut().unwrap().read_exact(&mut ready).unwrap();
    print!("ready");
    std::io::stdout().flush().unwrap();
    std::thread::sleep(Duration::from_secs(60));
}
