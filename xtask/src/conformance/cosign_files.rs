//! Keys, signatures and bundles of files beside cosign: what one program writes, both must read, and neither may accept
//! an altered file.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use clap::Args;
use tempfile::TempDir;

use crate::process;

/// Sign and verify files with Andon and with cosign, in every combination.
#[derive(Args)]
pub(crate) struct CosignFiles {
    /// The cosign to compare with, version 3 or later.
    #[arg(long, value_name = "FILE")]
    cosign: PathBuf,
    /// The `andon` to run. Without it, one is built.
    #[arg(long, value_name = "FILE")]
    binary: Option<PathBuf>,
}

impl CosignFiles {
    pub(super) fn run(&self) -> Result<bool> {
        let andon = self.binary.clone().map_or_else(|| process::andon("dev"), Ok)?;
        let tools = Tools {
            andon: andon.canonicalize().context("there is no such `andon`")?,
            cosign: self.cosign.canonicalize().context("there is no such cosign")?,
            folder: tempfile::tempdir()?,
        };
        fs::write(tools.path("file"), b"what is signed\n")?;
        fs::write(tools.path("altered"), b"what is singed\n")?;
        fs::write(tools.path("predicate.json"), br#"{"said":true}"#)?;
        println!(
            "{:11} {:7} {:7} {:10} {:9} {:8} exit  answer",
            "kind", "key of", "signer", "form", "verifier", "file"
        );
        let mut rows = Vec::new();
        for kind in ["ecdsa-p256", "ed25519"] {
            for key_of in BOTH {
                let key = tools.make_key(kind, key_of)?;
                for signer in BOTH {
                    for form in [Form::Signature, Form::Bundle, Form::Statement] {
                        rows.extend(tools.rows(&Signed { kind, key_of, key: key.clone(), signer, form })?);
                    }
                }
            }
        }
        let failed = rows.iter().filter(|passed| !**passed).count();
        println!("{} combinations, {failed} failed", rows.len());
        Ok(failed == 0)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Program {
    Andon,
    Cosign,
}

const BOTH: [Program; 2] = [Program::Andon, Program::Cosign];

impl Program {
    fn name(self) -> &'static str {
        match self {
            Self::Andon => "andon",
            Self::Cosign => "cosign",
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Signature,
    Bundle,
    Statement,
}

impl Form {
    fn name(self) -> &'static str {
        match self {
            Self::Signature => "signature",
            Self::Bundle => "bundle",
            Self::Statement => "statement",
        }
    }
}

/// Something that was signed; the files are named after the form.
struct Signed {
    kind: &'static str,
    key_of: Program,
    /// The key's files without their endings.
    key: String,
    signer: Program,
    form: Form,
}

const PREDICATE_TYPE: &str = "https://andon.dev/attestation/conformance/v1";
/// Not a secret: it guards keys that live as long as the command.
const PASSPHRASE: &str = "a passphrase with spaces and ü";
const OFFLINE: [&str; 2] = ["--use-signing-config=false", "--tlog-upload=false"];

struct Tools {
    andon: PathBuf,
    cosign: PathBuf,
    folder: TempDir,
}

impl Tools {
    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Makes a pair of files, encrypted.
    fn make_key(&self, kind: &str, of: Program) -> Result<String> {
        let prefix = format!("{kind}-{}", of.name());
        let made = match (of, kind) {
            (Program::Andon, _) => {
                self.exit(Program::Andon, &["key", "generate", "--kind", kind, "--output", &prefix])
            }
            (Program::Cosign, "ecdsa-p256") => {
                self.exit(Program::Cosign, &["generate-key-pair", "--output-key-prefix", &prefix])
            }
            // cosign makes no Ed25519 keys, but imports them.
            (Program::Cosign, _) => {
                let plain = format!("{kind}-plain");
                let plain_file = format!("{plain}.key");
                let generate = ["key", "generate", "--kind", kind, "--no-passphrase", "--output", &plain];
                self.exit(Program::Andon, &generate)?;
                let import = ["import-key-pair", "--key", &plain_file, "--output-key-prefix", &prefix];
                self.exit(Program::Cosign, &import)
            }
        }?;
        ensure!(made == 0, "{} makes no {kind} key: exit code {made}", of.name());
        Ok(prefix)
    }

    /// Signs, and has both programs verify the file and an altered one.
    fn rows(&self, signed: &Signed) -> Result<Vec<bool>> {
        let output = self.path("out");
        let _ = fs::remove_file(&output);
        let code = self.sign(signed)?;
        if code != 0 || !output.exists() {
            let says = format!("cannot sign, exit code {code}");
            return Ok(vec![row(signed, "-", "-", code, false, &says)]);
        }
        // cosign 3.1 does not verify all that it signs with an Ed25519 key.
        let own = signed.signer == Program::Cosign && self.verify(signed, Program::Cosign, "file")? != 0;
        let mut rows = Vec::new();
        for verifier in BOTH {
            for (file, genuine) in [("file", true), ("altered", false)] {
                let code = self.verify(signed, verifier, file)?;
                let passed = (code == 0) == genuine || (own && genuine);
                let says = match (passed, own && genuine) {
                    (true, false) => "as expected",
                    (true, true) => "cosign refuses what it signed itself",
                    (false, _) => "NOT as expected",
                };
                rows.push(row(signed, verifier.name(), file, code, passed, says));
            }
        }
        Ok(rows)
    }

    fn sign(&self, signed: &Signed) -> Result<i32> {
        let key = format!("{}.key", signed.key);
        if signed.signer == Program::Andon {
            let out = match signed.form {
                Form::Signature => ["--signature", "out"],
                Form::Bundle | Form::Statement => ["--bundle", "out"],
            };
            let mut words = vec!["sign", "--key", &key, out[0], out[1]];
            if signed.form == Form::Statement {
                self.write_statement()?;
                words.extend(["--statement", "statement.json"]);
            } else {
                words.push("file");
            }
            return self.exit(Program::Andon, &words);
        }
        let mut words = match signed.form {
            Form::Signature => vec!["sign-blob", "--new-bundle-format=false", "--output-signature", "out"],
            Form::Bundle => vec!["sign-blob", "--bundle", "out"],
            Form::Statement => {
                let predicate = ["--predicate", "predicate.json", "--type", PREDICATE_TYPE];
                [&["attest-blob", "--bundle", "out"], predicate.as_slice()].concat()
            }
        };
        words.extend(["--yes", "--key", &key]);
        words.extend(OFFLINE);
        words.push("file");
        self.exit(Program::Cosign, &words)
    }

    fn verify(&self, signed: &Signed, verifier: Program, file: &str) -> Result<i32> {
        let key = format!("{}.pub", signed.key);
        let (command, form): (&str, &[&str]) = match (verifier, signed.form) {
            (Program::Andon, Form::Signature) => ("verify", &["--signature", "out"]),
            (Program::Andon, Form::Bundle) => ("verify", &["--bundle", "out"]),
            (Program::Andon, Form::Statement) => ("verify", &["--bundle", "out", "--type", PREDICATE_TYPE]),
            (_, Form::Signature) => ("verify-blob", &["--new-bundle-format=false", "--signature", "out"]),
            (_, Form::Bundle) => ("verify-blob", &["--bundle", "out"]),
            (_, Form::Statement) => {
                ("verify-blob-attestation", &["--bundle", "out", "--type", PREDICATE_TYPE])
            }
        };
        let mut words = vec![command, "--key", &key];
        words.extend(form);
        if verifier == Program::Cosign {
            words.push("--insecure-ignore-tlog");
        }
        words.push(file);
        self.exit(verifier, &words)
    }

    fn write_statement(&self) -> Result<()> {
        let digest = process::output(Command::new("sha256sum").arg(self.path("file")))?;
        let digest = digest.split_whitespace().next().context("sha256sum says nothing")?;
        let statement = serde_json::json!({
            "_type": "https://in-toto.io/Statement/v1",
            "subject": [{ "name": "file", "digest": { "sha256": digest } }],
            "predicateType": PREDICATE_TYPE,
            "predicate": { "said": true },
        });
        Ok(fs::write(self.path("statement.json"), statement.to_string())?)
    }

    /// The exit code of a program in the folder; what it says is shown where it was not expected to fail.
    fn exit(&self, program: Program, words: &[&str]) -> Result<i32> {
        let binary: &Path = if program == Program::Andon { &self.andon } else { &self.cosign };
        let mut command = Command::new(binary);
        command.current_dir(self.folder.path()).args(words).stdin(Stdio::null());
        command.env("ANDON_KEY_PASSPHRASE", PASSPHRASE).env("COSIGN_PASSWORD", PASSPHRASE);
        command.env("HOME", self.folder.path()).env("ANDON_DATA_DIR", self.path("data"));
        let done = command.output().with_context(|| format!("cannot start {}", binary.display()))?;
        if !done.status.success() && !words.contains(&"altered") {
            eprintln!(
                "{} {}: {}",
                program.name(),
                words.join(" "),
                String::from_utf8_lossy(&done.stderr).trim()
            );
        }
        Ok(done.status.code().unwrap_or(-1))
    }
}

fn row(signed: &Signed, verifier: &str, file: &str, code: i32, passed: bool, says: &str) -> bool {
    let Signed { kind, key_of, signer, form, .. } = signed;
    let (key_of, signer, form) = (key_of.name(), signer.name(), form.name());
    println!("{kind:11} {key_of:7} {signer:7} {form:10} {verifier:9} {file:8} {code:4}  {says}");
    passed
}
