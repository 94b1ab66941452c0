use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use crate::run::possible;
use andon_sandbox::seal::{self, Ending, Level, Network, Output, Seal, SealError, SecretFile};

/// What cannot be sealed and must be refused, with words that name it; at every level.
pub(crate) fn failures(base: &Path) -> Vec<String> {
    let work = base.join("refusals");
    prepare(&work);
    let mut failures = Vec::new();
    for level in possible() {
        let mut check = |name: &str, words: &str, change: &dyn Fn(&mut Seal)| {
            let mut seal = Seal::new(&work);
            (seal.wanted, seal.least) = (level, level);
            change(&mut seal);
            match seal::spawn(&seal, "true".as_ref(), &[]) {
                Err(SealError::Wrong(reason)) if reason.contains(words) => {}
                outcome => failures.push(format!("{name} at {level}: {:?}", outcome.map(|_| "was accepted"))),
            }
        };
        let outputs: &[(&str, &str)] = &[
            ("..", "relative and without `..`"),
            ("a/../../b", "relative and without `..`"),
            ("/tmp", "relative and without `..`"),
            (".", "whole workspace"),
            ("", "whole workspace"),
            (".git", "may not write to .git"),
            ("sub/.Git/hooks", "may not write to .git"),
            ("link", "symbolic link"),
            ("link/sub", "symbolic link"),
            ("dangling", "symbolic link"),
            ("file/sub", "no folder"),
        ];
        for (output, words) in outputs {
            check(output, words, &|seal| seal.outputs.push(Output::folder(output)));
        }
        check("a folder as a file", "something else", &|seal| seal.outputs.push(Output::file("folder")));
        check("a link as a file", "something else", &|seal| seal.outputs.push(Output::file("file-link")));
        check("a hard link", "hard links", &|seal| seal.outputs.push(Output::file("one")));
        check("a relative workspace", "absolute", &|seal| seal.workspace = "refusals".into());
        check("the root as workspace", "cannot be a workspace", &|seal| seal.workspace = "/".into());
        check("the temporary folder as workspace", "cannot be a workspace", &|seal| {
            seal.workspace = "/tmp".into()
        });
        check("a missing workspace", "cannot be used", &|seal| seal.workspace.push("missing"));
        check("a file as workspace", "cannot be a workspace", &|seal| seal.workspace.push("file"));
        check("a missing readable path", "cannot be used", &|seal| seal.read.push("/missing".into()));
        check("the root to read", "cannot be shown", &|seal| seal.read.push("/".into()));
        check("a working folder outside", "without `..`", &|seal| seal.working_folder = "..".into());
        check("a missing working folder", "cannot start in", &|seal| seal.working_folder = "missing".into());
        check("a secret with a path", "no name of a secret", &|seal| seal.secrets.push(secret("../x")));
        check("a hidden secret", "no name of a secret", &|seal| seal.secrets.push(secret(".x")));
        check("two secrets of a name", "two secrets", &|seal| seal.secrets = vec![secret("x"), secret("x")]);
        check("a variable without a name", "no name of an", &|seal| {
            seal.environment.push(("".into(), "x".into()))
        });
        check("a variable with =", "no name of an", &|seal| {
            seal.environment.push(("A=B".into(), "x".into()))
        });
    }
    if fs::read_dir(base.join("refusals-outside")).unwrap().next().is_some() {
        failures.push("a refused output was made all the same".to_owned());
    }
    failures.extend(levels(&work));
    failures.extend(odd_paths(base));
    failures
}

fn prepare(work: &Path) {
    let outside = work.with_file_name("refusals-outside");
    fs::create_dir_all(work.join("folder")).unwrap();
    fs::create_dir_all(&outside).unwrap();
    fs::write(work.join("file"), "").unwrap();
    fs::write(work.join("one"), "").unwrap();
    fs::hard_link(work.join("one"), work.join("two")).unwrap();
    symlink(&outside, work.join("link")).unwrap();
    symlink("file", work.join("file-link")).unwrap();
    symlink(outside.join("new"), work.join("dangling")).unwrap();
}

fn secret(name: &str) -> SecretFile {
    SecretFile { name: name.to_owned(), bytes: Vec::new() }
}

/// An allow-list cannot be held without a network of the step's own.
fn levels(work: &Path) -> Vec<String> {
    let mut seal = Seal::new(work);
    (seal.wanted, seal.least) = (Level::Restricted, Level::None);
    seal.network = Network::Listener { port: 3128 };
    match seal::spawn(&seal, "true".as_ref(), &[]) {
        Err(SealError::Level { obstacles, .. }) if obstacles.len() == 2 => Vec::new(),
        outcome => vec![format!("an allow-list below `full`: {:?}", outcome.map(|_| "was accepted"))],
    }
}

/// Names with spaces, line ends and what mount options are made of.
fn odd_paths(base: &Path) -> Vec<String> {
    let mut failures = Vec::new();
    for name in [
        "with space",
        "with\nline",
        "with,comma:colon\\backslash",
        "with\"quote'",
        "-dash",
        "\u{e4}\u{1f525}",
    ] {
        for level in possible() {
            let work = base.join("odd").join(name).join("w");
            fs::create_dir_all(&work).unwrap();
            fs::write(work.join("in"), "x").unwrap();
            let mut seal = Seal::new(&work);
            (seal.wanted, seal.least) = (level, level);
            seal.outputs = vec![Output::folder(Path::new(name).join("out")), Output::file("./result")];
            let script = "cat in > \"$1/out/copy\" && cat in > result && ! touch other";
            let arguments: Vec<OsString> = ["-c", script, "sh", name].map(Into::into).to_vec();
            let ending = seal::spawn(&seal, "sh".as_ref(), &arguments).map(|mut sealed| sealed.wait().ending);
            let written = fs::read_to_string(work.join(name).join("out/copy")).unwrap_or_default();
            let good = matches!(ending, Ok(Ending::Exited(0))) || level == Level::None;
            if !good || written != "x" {
                failures.push(format!("{name:?} at {level}: {ending:?}, wrote {written:?}"));
            }
            fs::remove_dir_all(&work).unwrap();
        }
    }
    failures
}
