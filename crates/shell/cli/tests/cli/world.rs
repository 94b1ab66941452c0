#![expect(clippy::disallowed_methods, reason = "tests make files and run programs")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A project in a folder of its own, with a cache and a home that nobody else has.
pub(crate) struct World {
    project: TempDir,
    home: TempDir,
}

impl World {
    /// A git repository without a commit.
    pub(crate) fn new() -> Self {
        let world = Self::plain();
        world.git("init -q -b main");
        world
    }

    /// A folder outside of git.
    pub(crate) fn plain() -> Self {
        Self { project: tempfile::tempdir().unwrap(), home: tempfile::tempdir().unwrap() }
    }

    /// A git repository whose first commit holds `README`.
    pub(crate) fn with_commit() -> Self {
        let world = Self::new();
        world.write("README", "hello\n").commit();
        world
    }

    pub(crate) fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.project.path().canonicalize().unwrap().join(name)
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> &Self {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        self
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.path(name).exists()
    }

    pub(crate) fn git(&self, arguments: &str) -> &Self {
        let output = Command::new("git")
            .current_dir(self.project.path())
            .args(arguments.split_whitespace())
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .envs([("GIT_AUTHOR_NAME", "Sam"), ("GIT_AUTHOR_EMAIL", "sam@example.org")])
            .envs([("GIT_COMMITTER_NAME", "Sam"), ("GIT_COMMITTER_EMAIL", "sam@example.org")])
            .output()
            .unwrap();
        assert!(output.status.success(), "git {arguments}: {}", String::from_utf8_lossy(&output.stderr));
        self
    }

    pub(crate) fn commit(&self) -> &Self {
        self.git("add -A").git("commit -q --allow-empty -m change")
    }

    pub(crate) fn command(&self, arguments: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_andon"));
        command.current_dir(self.project.path()).args(arguments.split_whitespace());
        for name in ["NO_COLOR", "CLICOLOR_FORCE", "ANDON_PROJECT_KEY", "XDG_CACHE_HOME", "RUST_BACKTRACE"] {
            command.env_remove(name);
        }
        for name in ["DOCKER_CONFIG", "http_proxy", "https_proxy", "all_proxy", "no_proxy"] {
            command.env_remove(name).env_remove(name.to_uppercase());
        }
        command.env("HOME", self.home.path()).env("ANDON_CACHE_DIR", self.home.path().join("cache"));
        command.env("ANDON_DATA_DIR", self.data());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs andon with these arguments, which may have spaces in them.
    pub(crate) fn andon_with(&self, arguments: &[&str]) -> Answer {
        Answer::of(self.command("").args(arguments).output().unwrap())
    }

    /// Runs andon with these arguments (none with a space in it).
    pub(crate) fn andon(&self, arguments: &str) -> Answer {
        Answer::of(self.command(arguments).output().unwrap())
    }

    /// Runs andon with something on standard input.
    pub(crate) fn andon_with_input(&self, arguments: &str, input: &str) -> Answer {
        use std::io::Write;
        let mut child = self.command(arguments).stdin(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        Answer::of(child.wait_with_output().unwrap())
    }

    /// The folder of the cache, once something is in it.
    pub(crate) fn cache(&self) -> PathBuf {
        self.home.path().join("cache")
    }

    /// A place outside of the project.
    pub(crate) fn outside(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// The folder of the advisories.
    pub(crate) fn data(&self) -> PathBuf {
        self.home.path().join("data")
    }

    pub(crate) fn start(&self, arguments: &str) -> Child {
        self.command(arguments).spawn().unwrap()
    }

    /// The report of a scan with these arguments, and the exit code.
    pub(crate) fn report(&self, arguments: &str) -> (Value, i32) {
        let answer = self.andon(&format!("scan --format json {arguments}"));
        let report = serde_json::from_str(&answer.out)
            .unwrap_or_else(|error| panic!("{error}: {}{}", answer.out, answer.err));
        (report, answer.code)
    }
}

/// What a run of andon gave.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Answer {
    pub(crate) fn of(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Self { code: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr) }
    }

    /// Checks the exit code, and that the output (on either channel) has these texts.
    #[track_caller]
    pub(crate) fn is(&self, code: i32, texts: &[&str]) -> &Self {
        assert_eq!(self.code, code, "{}\n{}", self.out, self.err);
        for text in texts {
            assert!(
                self.out.contains(text) || self.err.contains(text),
                "no `{text}` in {}\n{}",
                self.out,
                self.err
            );
        }
        self
    }
}

/// A GitHub token that nobody has, made here so that no file holds one; another for each number.
pub(crate) fn token(number: u32) -> String {
    andon_secrets::examples::expand("{{github:ghp_}}", &format!("cli {number}")).unwrap()
}

/// A line with a token.
pub(crate) fn line(number: u32) -> String {
    format!("GITHUB_TOKEN={}\n", token(number))
}

/// A value of every finding: `pointer` is a JSON pointer.
pub(crate) fn each(report: &Value, pointer: &str) -> Vec<String> {
    let findings = report["findings"].as_array().unwrap();
    let text =
        |finding: &Value| finding.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
    findings.iter().map(text).collect()
}

#[cfg(target_os = "linux")]
impl World {
    /// Runs andon with a standard output that takes nothing.
    pub(crate) fn andon_to_full_disk(&self, arguments: &str) -> Answer {
        let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        Answer::of(self.command(arguments).stdout(full).output().unwrap())
    }

    /// Waits until a process catches SIGINT (proc(5), `SigCgt`).
    pub(crate) fn wait_for_handler(&self, process: u32) {
        loop {
            let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
            let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:")).unwrap();
            if u64::from_str_radix(caught.trim(), 16).unwrap() & 0b10 != 0 {
                return;
            }
            std::thread::yield_now();
        }
    }

    pub(crate) fn interrupt(&self, process: u32) {
        assert!(Command::new("kill").arg("-INT").arg(process.to_string()).status().unwrap().success());
    }
}
