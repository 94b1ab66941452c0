use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio, exit};
use std::time::Duration;

use andon_sandbox::seal::{self, Level, Output, Possibility, Seal, SecretFile};

use crate::attempt::{Attempt, Facts, Outcome, VARIABLE, Who};
use crate::stage::{self, SECRET, Stage};
use crate::{allowed, endings, files, kernel, network, processes, refusals};

/// An ordinary user, as whom the suite runs again when it is started by root.
const NOBODY: u32 = 65_534;

pub(crate) fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["attempt", name] => tell(&(find(name).work)(&Facts::read())),
        ["allowed", name] => tell(&allowed::run(name, &Facts::read())),
        ["ending", name, ..] => endings::act(name),
        ["victim", _] => stage::be_victim(),
        ["linger", _] => std::thread::sleep(Duration::from_secs(60)),
        ["suite", base] => exit(i32::from(!suite(Path::new(base)))),
        ["--list", ..] => {}
        _ => exit(i32::from(!everyone())),
    }
}

fn tell(outcome: &Outcome) {
    match outcome {
        Ok(()) => println!("worked"),
        Err(reason) => println!("failed: {}", reason.replace('\n', " ")),
    }
}

fn attempts() -> impl Iterator<Item = &'static Attempt> {
    [files::ATTEMPTS, network::ATTEMPTS, processes::ATTEMPTS, kernel::ATTEMPTS].into_iter().flatten()
}

fn find(name: &str) -> &'static Attempt {
    attempts().find(|attempt| attempt.name == name).expect("an attempt has this name")
}

/// Runs the suite as this user, and as an ordinary one too when this is root.
fn everyone() -> bool {
    let own = unsafe { libc::getuid() };
    let users = if own == 0 { vec![0, NOBODY] } else { vec![own] };
    let outcomes: Vec<bool> = users.into_iter().map(|user| as_user(user, own)).collect();
    outcomes.into_iter().all(|good| good)
}

fn as_user(user: u32, own: u32) -> bool {
    let base = tempfile::Builder::new()
        .prefix("escape")
        .permissions(fs::Permissions::from_mode(0o755))
        .tempdir()
        .unwrap();
    let tools = base.path().join("tools");
    fs::create_dir(&tools).unwrap();
    fs::copy("/proc/self/exe", tools.join("escape")).unwrap();
    if own == 0 {
        fs::copy("/usr/bin/id", tools.join("who")).unwrap();
        fs::set_permissions(tools.join("who"), fs::Permissions::from_mode(0o4755)).unwrap();
        std::os::unix::fs::chown(base.path(), Some(user), Some(user)).unwrap();
    }
    println!("as user {user}");
    let mut command = Command::new(tools.join("escape"));
    command.arg("suite").arg(base.path());
    if user != own {
        command.uid(user).gid(user);
    }
    command.status().unwrap().success()
}

fn suite(base: &Path) -> bool {
    let mut stage = Stage::set(base);
    let mut failures = unsealed(&stage);
    for level in [Level::Full, Level::Restricted] {
        stage.reset();
        failures.extend(sealed(&mut stage, level));
    }
    stage.reset();
    failures.extend(refusals::failures(base));
    failures.extend(endings::failures(&stage));
    for failure in &failures {
        println!("FAILED {failure}");
    }
    failures.is_empty()
}

/// Shows that the attempts are real: without the seal they work.
fn unsealed(stage: &Stage) -> Vec<String> {
    let root = unsafe { libc::getuid() } == 0;
    let mut failures = Vec::new();
    let mut shown = 0;
    // An open file that nothing keeps from children.
    let _open = unsafe { libc::dup(1) };
    let _other = other_step(stage, Level::None);
    for attempt in attempts() {
        let mut command = Command::new(stage.base.join("tools/escape"));
        command.args(["attempt", attempt.name]).current_dir(stage.facts.workspace()).stdin(Stdio::null());
        command.env(VARIABLE, stage.facts.write()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let outcome = listen(child.stdout.take().unwrap());
        child.wait().unwrap();
        let must = attempt.open_to == Who::Anyone || attempt.open_to == Who::Root && root;
        match outcome {
            Ok(()) => shown += 1,
            Err(reason) if must => {
                failures.push(format!("{} does not work without the seal: {reason}", attempt.name))
            }
            Err(_) => {}
        }
        stage.reset();
    }
    if lingering(&stage.facts) == 0 {
        failures.push(format!("{} leaves nothing without the seal", processes::STAY_BEHIND));
    }
    clear_lingering(&stage.facts);
    println!("  without the seal: {shown} of {} attempts work", attempts().count());
    failures
}

fn sealed(stage: &mut Stage, level: Level) -> Vec<String> {
    let possible = seal::probe().levels.into_iter().find(|(each, _)| *each == level);
    if let Some((_, Possibility::Impossible(obstacle))) = possible {
        println!("  {level}: not possible here: {obstacle}");
        return Vec::new();
    }
    let _other = other_step(stage, level);
    let mut failures = Vec::new();
    for attempt in attempts() {
        match run(stage, level, &["attempt", attempt.name]) {
            Ok(()) => failures.push(format!("ESCAPE at {level}: {}", attempt.name)),
            Err(reason) if reason.starts_with("failed: ") => {}
            Err(reason) => failures.push(format!("{} at {level} said nothing: {reason}", attempt.name)),
        }
        if lingering(&stage.facts) > 0 {
            failures.push(format!("ESCAPE at {level}: {} left a process behind", attempt.name));
            clear_lingering(&stage.facts);
        }
    }
    failures.extend(stage.changes().into_iter().map(|change| format!("ESCAPE at {level}: {change}")));
    println!("  {level}: {} attempts, {} failures", attempts().count(), failures.len());
    for name in allowed::names(level) {
        if let Err(reason) = run(stage, level, &["allowed", name]) {
            failures.push(format!("{name} should be possible at {level}: {reason}"));
        }
    }
    println!("  {level}: {} things that must work", allowed::names(level).count());
    failures
}

/// The levels that this machine can reach; a machine without one says so when its attempts are due.
pub(crate) fn possible() -> Vec<Level> {
    let levels = seal::probe().levels.into_iter();
    levels
        .filter(|(_, possibility)| matches!(possibility, Possibility::Possible(_)))
        .map(|(level, _)| level)
        .collect()
}

/// Another sealed step with a secret, which runs until it is dropped.
fn other_step(stage: &Stage, level: Level) -> seal::Sealed {
    let mut other = seal_for(stage, level);
    other.outputs.clear();
    other.secrets.push(SecretFile { name: "other-token".to_owned(), bytes: SECRET.as_bytes().to_vec() });
    seal::spawn(&other, "/bin/sleep".as_ref(), &["600".into()]).unwrap()
}

pub(crate) fn seal_for(stage: &Stage, level: Level) -> Seal {
    let mut seal = Seal::new(stage.facts.workspace());
    (seal.wanted, seal.least) = (level, level);
    seal.outputs.push(Output::folder("out"));
    seal.read.push(stage.base.join("tools"));
    seal.environment.push((VARIABLE.into(), stage.facts.write().into()));
    seal.secrets.push(SecretFile { name: "OWN_TOKEN".to_owned(), bytes: b"own".to_vec() });
    seal
}

pub(crate) fn tool(stage: &Stage) -> PathBuf {
    stage.base.join("tools/escape")
}

fn run(stage: &Stage, level: Level, words: &[&str]) -> Outcome {
    let arguments: Vec<_> = words.iter().map(Into::into).collect();
    let seal = seal_for(stage, level);
    let mut sealed =
        seal::spawn(&seal, tool(stage).as_os_str(), &arguments).map_err(|error| error.to_string())?;
    let mut errors = sealed.stderr.take().unwrap();
    let errors = std::thread::spawn(move || {
        let mut text = String::new();
        let _ = errors.read_to_string(&mut text);
        text
    });
    let outcome = listen(sealed.stdout.take().unwrap());
    let report = sealed.wait();
    let errors = errors.join().unwrap();
    outcome.map_err(|reason| {
        if reason.starts_with("failed: ") { reason } else { format!("{}: {reason}{errors}", report.ending) }
    })
}

/// What a command says of its attempt. On the way it may ask to be called at a port.
fn listen(output: impl Read) -> Outcome {
    let mut last = String::new();
    for line in BufReader::new(output).lines() {
        last = line.unwrap();
        if let Some(port) = last.strip_prefix("call ") {
            let _ = TcpStream::connect(("127.0.0.1", port.parse().unwrap()));
        }
        if last == "worked" || last.starts_with("failed: ") {
            break;
        }
    }
    if last == "worked" { Ok(()) } else { Err(last) }
}

/// How many processes have stayed behind.
pub(crate) fn lingering(facts: &Facts) -> usize {
    processes_with(facts.text("mark")).len()
}

fn clear_lingering(facts: &Facts) {
    for process in processes_with(facts.text("mark")) {
        unsafe { libc::kill(process, libc::SIGKILL) };
    }
}

fn processes_with(mark: &str) -> Vec<i32> {
    let entries = fs::read_dir("/proc").unwrap().flatten();
    let processes = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    let linger = ["linger", mark, ""].join("\0");
    processes
        .filter(|process: &i32| {
            let line = fs::read(format!("/proc/{process}/cmdline")).unwrap_or_default();
            String::from_utf8_lossy(&line).ends_with(&linger)
        })
        .collect()
}
