//! Programs that keep credentials: `docker-credential-NAME get`, the server on standard input, JSON on standard output.

use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use andon_system::System;
use serde::Deserialize;

use crate::Secret;
use crate::registry::Credentials;

/// How long the program may take: it may have to ask a key store, but not a person.
const PATIENCE: Duration = Duration::from_secs(10);
const LARGEST_ANSWER: u64 = 1 << 20;

#[derive(Deserialize)]
struct Answer {
    #[serde(rename = "Username")]
    user: String,
    #[serde(rename = "Secret")]
    secret: String,
}

/// Asks the program for the credentials of a server; `None` when it has none. The program is one that the user's own
/// configuration names, and is looked for where the user's programs are.
pub(crate) fn ask(system: &dyn System, name: &str, server: &str) -> Result<Option<Credentials>, String> {
    ask_within(PATIENCE, system, name, server)
}

fn ask_within(
    patience: Duration,
    system: &dyn System,
    name: &str,
    server: &str,
) -> Result<Option<Credentials>, String> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    if !name.bytes().all(plain) {
        return Err("Docker's configuration names a program with a strange name; mend it".to_owned());
    }
    let program = format!("docker-credential-{name}");
    let answer = run(patience, system, &program, server).map_err(|reason| {
        format!("the program {program} {reason}; sign in again with docker login, or run it by hand")
    })?;
    let Some(answer) = answer else { return Ok(None) };
    // An error of the parser would quote the secret.
    let answer: Answer =
        serde_json::from_slice(&answer).map_err(|_| format!("the program {program} answers no JSON"))?;
    Ok(Some(match answer.user.as_str() {
        "<token>" => Credentials::Identity(Secret::new(answer.secret)),
        _ => Credentials::Basic { user: answer.user, password: Secret::new(answer.secret) },
    }))
}

/// What the program says; `None` when it knows nothing about the server.
fn run(
    patience: Duration,
    system: &dyn System,
    program: &str,
    server: &str,
) -> Result<Option<Vec<u8>>, String> {
    #[expect(
        clippy::disallowed_methods,
        reason = "the user's own program, named by the user's own configuration"
    )]
    let mut command = Command::new(program);
    if let Some(path) = system.environment("PATH") {
        command.env("PATH", path);
    }
    command.arg("get").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().map_err(|error| format!("cannot be started ({error})"))?;
    if let Some(mut input) = child.stdin.take() {
        // A program that does not want to know the server says so by its status.
        let _ = input.write_all(server.as_bytes());
    }
    let deadline = Instant::now() + patience;
    let output = child.stdout.take();
    let (sender, receiver) = mpsc::channel();
    // Nobody waits for this thread: what the program started may keep its output open for ever.
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let read = output.map(|output| output.take(LARGEST_ANSWER).read_to_end(&mut bytes));
        let whole = read.is_some_and(|read| read.is_ok()).then_some(bytes);
        // Nobody listens any more when it took too long.
        let _ = sender.send(whole.unwrap_or_default());
    });
    let late = |what: &str| format!("{what} within {} s", patience.as_secs());
    let success = wait(&mut child, deadline)?.ok_or_else(|| late("does not answer"))?;
    let left = deadline.saturating_duration_since(Instant::now());
    let bytes = receiver.recv_timeout(left).map_err(|_| late("does not end what it writes"))?;
    if success {
        return Ok(Some(bytes));
    }
    let unknown = String::from_utf8_lossy(&bytes).contains("credentials not found");
    if unknown { Ok(None) } else { Err("fails".to_owned()) }
}

/// Waits for the end and says whether it was a good one; what takes too long is ended, and is none.
fn wait(child: &mut Child, deadline: Instant) -> Result<Option<bool>, String> {
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(Some(status.success())),
            Ok(None) if Instant::now() < deadline => std::thread::sleep(Duration::from_millis(10)),
            Ok(None) => {
                // It may have ended just now.
                let _ = child.kill();
                let _ = child.wait();
                return Ok(None);
            }
            Err(error) => return Err(format!("cannot be waited for ({error})")),
        }
    }
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use super::*;
    use andon_system::MemorySystem;
    use std::os::unix::fs::PermissionsExt;

    fn check(script: &str, expected: Result<Option<Credentials>, &str>) {
        check_within(PATIENCE, script, expected);
    }

    #[expect(clippy::disallowed_methods, reason = "a test makes its program")]
    fn check_within(patience: Duration, script: &str, expected: Result<Option<Credentials>, &str>) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("docker-credential-test");
        std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        let search = format!("{}:/usr/bin:/bin", folder.path().display());
        let system = MemorySystem::new().variable("PATH", &search);
        match (ask_within(patience, &system, "test", "r.example"), expected) {
            (Ok(found), Ok(expected)) => assert_eq!(found, expected, "{script}"),
            (Err(found), Err(expected)) => {
                assert!(found.contains(expected) && !found.contains("word"), "{found}")
            }
            (found, expected) => panic!("{found:?}, not {expected:?}"),
        }
    }

    #[test]
    fn the_program_is_asked() {
        let password = Secret::new("r.example");
        let user = "user".to_owned();
        check(
            r#"read s; echo "{\"Username\": \"user\", \"Secret\": \"$s\"}""#,
            Ok(Some(Credentials::Basic { user, password })),
        );
        check(
            r#"echo '{"Username": "<token>", "Secret": "t"}'"#,
            Ok(Some(Credentials::Identity(Secret::new("t")))),
        );
        check("echo credentials not found in native keychain; exit 1", Ok(None));
        check("echo word; exit 1", Err("fails; sign in again"));
        check("echo word", Err("answers no JSON"));
        let system = MemorySystem::new();
        assert!(ask(&system, "none-such", "r").unwrap_err().contains("cannot be started"));
        assert!(ask(&system, "../x", "r").unwrap_err().contains("strange name"));
    }
    #[test]
    fn a_program_that_does_not_end_is_not_waited_for() {
        let soon = Duration::from_secs(1);
        check_within(soon, "exec sleep 20", Err("does not answer within 1 s"));
        // It ends, and leaves another with its output open.
        check_within(soon, "sleep 20 & echo word", Err("within 1 s; sign in again"));
    }
}
