//! Signatures by OpenPGP keys, as gpg makes them.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use anyhow::{Context, Result};

use super::cases::{Case, Clock};
use super::workshop::Workshop;
use crate::process::output;

const NO_CURVE: &str = "of ECDSA the curves P-256, P-384 and P-521 are checked";
const NO_DSA: &str = "DSA is not checked";
const SHORT_RSA: &str = "we ask for 2048 bits of RSA, gpg for fewer";
const WEAK_HASH: &str = "SHA-1 proves nothing, gpg 2.2 still takes it";
const RARE_HASH: &str = "SHA-224 is not checked";

const NO_END: &str = "gpg takes an armor without its end line, we do not";
const MESSAGE: &str = "gpg takes a signature in the armor of a message, we do not";
const EMPTY: &str = "gpgsig -----BEGIN PGP SIGNATURE-----\n -----END PGP SIGNATURE-----\n";

pub(super) fn cases(shop: &Workshop) -> Result<Vec<Case>> {
    let mut cases = kinds(shop)?;
    cases.extend(digests(shop)?);
    cases.extend(ends(shop)?);
    cases.extend(subkeys(shop)?);
    cases.extend(forgeries(shop)?);
    Ok(cases)
}

/// Makes a key and returns its fingerprint. `clock` is what gpg takes for the current time.
fn make(
    shop: &Workshop,
    home: &str,
    user: &str,
    kind: &str,
    usage: &str,
    end: &str,
    clock: &str,
) -> Result<String> {
    let mut gpg = shop.command("gpg");
    gpg.env("GNUPGHOME", shop.path(home)).args(["--passphrase", "", "--status-fd", "1"]);
    if !clock.is_empty() {
        gpg.args(["--faked-system-time", clock]);
    }
    let user = format!("{user} <{}@example.org>", user.to_lowercase().replace(' ', "-"));
    let said = output(gpg.args(["--quick-gen-key", &user, kind, usage, end]))?;
    let line = said.lines().find(|line| line.contains("KEY_CREATED")).context("gpg made no key")?;
    Ok(line.split(' ').next_back().unwrap_or_default().to_owned())
}

/// A commit signed with a key; `options` are those of a gpg that git starts.
fn commit(shop: &Workshop, home: &str, key: &str, options: &str) -> Result<String> {
    let script = shop.path("gpg-with-options");
    let home = shop.path(home);
    fs::write(&script, format!("#!/bin/sh\nGNUPGHOME='{}' exec gpg {options} \"$@\"\n", home.display()))?;
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755))?;
    let settings = [
        "gpg.format=openpgp".to_owned(),
        format!("gpg.program={}", script.display()),
        format!("user.signingKey={key}!"),
    ];
    shop.commit("sha1", &settings)
}

fn kinds(shop: &Workshop) -> Result<Vec<Case>> {
    let rows = [
        ("ed25519", None),
        ("rsa2048", None),
        ("rsa3072", None),
        ("rsa1024", Some(SHORT_RSA)),
        ("nistp256", None),
        ("nistp384", None),
        ("nistp521", None),
        ("brainpoolP256r1", Some(NO_CURVE)),
        ("secp256k1", Some(NO_CURVE)),
        ("dsa2048", Some(NO_DSA)),
    ];
    let mut cases = Vec::new();
    for (kind, explained) in rows {
        let key = make(shop, "trusted", kind, kind, "sign", "never", "")?;
        let id = commit(shop, "trusted", &key, "")?;
        let mut case = Case::new(&format!("openpgp: {kind}"), &id, Clock::Now);
        case.explained = explained;
        cases.push(case);
    }
    let key = make(shop, "stranger", "Stranger", "ed25519", "sign", "never", "")?;
    let id = commit(shop, "stranger", &key, "")?;
    cases.push(Case::new("openpgp: key unknown", &id, Clock::Now));
    Ok(cases)
}

fn digests(shop: &Workshop) -> Result<Vec<Case>> {
    let key = make(shop, "trusted", "Digests", "rsa2048", "sign", "never", "")?;
    let rows = [
        ("SHA1", Some(WEAK_HASH)),
        ("SHA224", Some(RARE_HASH)),
        ("SHA256", None),
        ("SHA384", None),
        ("SHA512", None),
    ];
    let mut cases = Vec::new();
    for (digest, explained) in rows {
        let id = commit(shop, "trusted", &key, &format!("--digest-algo {digest}"))?;
        let mut case = Case::new(&format!("openpgp: rsa2048 with {digest}"), &id, Clock::Now);
        case.explained = explained;
        cases.push(case);
    }
    let id = commit(shop, "trusted", &key, "--comment 'a: b' --emit-version")?;
    cases.push(Case::new("openpgp: headers in the armor", &id, Clock::Now));
    let id = commit(shop, "trusted", &key, "--textmode")?;
    cases.push(Case::new("openpgp: over text", &id, Clock::Now).explain("text mode is not checked"));
    let id = commit(shop, "trusted", &key, "--sig-notation a@x=b")?;
    cases.push(Case::new("openpgp: with a notation", &id, Clock::Now));
    let id = commit(shop, "trusted", &key, "--sig-notation !a@x=b")?;
    cases.push(Case::new("openpgp: with a critical notation", &id, Clock::Now));
    Ok(cases)
}

fn ends(shop: &Workshop) -> Result<Vec<Case>> {
    let past = "20200101T000000";
    let old = make(shop, "trusted", "Old", "ed25519", "sign", "30d", past)?;
    let signed_then = commit(shop, "trusted", &old, "--faked-system-time 20200102T000000!")?;
    let extended = make(shop, "trusted", "Extended", "ed25519", "sign", "30d", past)?;
    let signed_too = commit(shop, "trusted", &extended, "--faked-system-time 20200102T000000!")?;
    output(shop.command("gpg").args(["--passphrase", "", "--quick-set-expire", &extended, "20y"]))?;
    let short = make(shop, "trusted", "Short", "ed25519", "sign", "never", past)?;
    let expired =
        commit(shop, "trusted", &short, "--faked-system-time 20200102T000000! --default-sig-expire 1d")?;
    let lasting = commit(shop, "trusted", &short, "--default-sig-expire 2y")?;
    let revoked = make(shop, "trusted", "Revoked", "rsa2048", "sign", "never", "")?;
    let by_revoked = commit(shop, "trusted", &revoked, "")?;
    revoke(shop, &revoked)?;
    Ok(vec![
        Case::new("openpgp: the key expired since", &signed_then, Clock::Now),
        Case::new("openpgp: the key's end was put off", &signed_too, Clock::Now),
        Case::new("openpgp: the signature expired", &expired, Clock::Now),
        Case::new("openpgp: the signature expires later", &lasting, Clock::Now),
        Case::new("openpgp: the key was revoked", &by_revoked, Clock::Now),
    ])
}

/// Takes in the revocation that gpg wrote when it made the key.
fn revoke(shop: &Workshop, key: &str) -> Result<()> {
    let file = shop.path("trusted").join("openpgp-revocs.d").join(format!("{key}.rev"));
    let text =
        fs::read_to_string(&file).context("gpg wrote no revocation")?.replace(":-----BEGIN", "-----BEGIN");
    fs::write(&file, text)?;
    output(shop.command("gpg").arg("--import").arg(&file)).map(drop)
}

fn subkeys(shop: &Workshop) -> Result<Vec<Case>> {
    let mut cases = Vec::new();
    let rows = [("ed25519", "sign", "never"), ("rsa2048", "sign", "1y"), ("rsa3072", "sign", "never")];
    for (index, (kind, usage, end)) in rows.into_iter().enumerate() {
        let user = format!("With subkey {index}");
        let primary = make(shop, "trusted", &user, "rsa2048", "cert", "never", "")?;
        let subkey = add(shop, &primary, kind, usage, end, "")?;
        let id = commit(shop, "trusted", &subkey, "")?;
        cases.push(Case::new(&format!("openpgp subkey: {kind}"), &id, Clock::Now));
    }
    let primary = make(shop, "trusted", "Subkey expired", "ed25519", "cert", "never", "20200101T000000")?;
    let subkey = add(shop, &primary, "ed25519", "sign", "30d", "20200101T010000")?;
    let id = commit(shop, "trusted", &subkey, "--faked-system-time 20200102T000000!")?;
    cases.push(Case::new("openpgp subkey: expired", &id, Clock::Now));
    let primary = make(shop, "trusted", "Primary expired", "ed25519", "cert", "30d", "20200101T000000")?;
    let subkey = add(shop, &primary, "ed25519", "sign", "never", "20200101T010000")?;
    let id = commit(shop, "trusted", &subkey, "--faked-system-time 20200102T000000!")?;
    cases.push(Case::new("openpgp subkey: its key expired", &id, Clock::Now));
    let primary = make(shop, "trusted", "Subkey revoked", "ed25519", "cert", "never", "")?;
    let subkey = add(shop, &primary, "ed25519", "sign", "never", "")?;
    let id = commit(shop, "trusted", &subkey, "")?;
    let mut edit = shop.command("gpg");
    edit.args([
        "--passphrase",
        "",
        "--no-batch",
        "--command-fd",
        "0",
        "--status-fd",
        "2",
        "--edit-key",
        &primary,
    ]);
    answer(&mut edit, "key 1\nrevkey\ny\n0\n\ny\nsave\n")?;
    cases.push(Case::new("openpgp subkey: revoked", &id, Clock::Now));
    let primary = make(shop, "trusted", "Revoked with subkey", "ed25519", "cert", "never", "")?;
    let subkey = add(shop, &primary, "ed25519", "sign", "never", "")?;
    let id = commit(shop, "trusted", &subkey, "")?;
    revoke(shop, &primary)?;
    cases.push(Case::new("openpgp subkey: its key was revoked", &id, Clock::Now));
    Ok(cases)
}

fn add(shop: &Workshop, primary: &str, kind: &str, usage: &str, end: &str, clock: &str) -> Result<String> {
    let mut gpg = shop.command("gpg");
    gpg.args(["--passphrase", ""]);
    if !clock.is_empty() {
        gpg.args(["--faked-system-time", clock]);
    }
    output(gpg.args(["--quick-add-key", primary, kind, usage, end]))?;
    let list =
        output(shop.command("gpg").args(["--with-colons", "--fingerprint", "--fingerprint", "-K", primary]))?;
    let line = list.lines().rfind(|line| line.starts_with("fpr:")).context("gpg made no subkey")?;
    Ok(line.split(':').nth(9).unwrap_or_default().to_owned())
}

/// Runs a program that asks questions.
fn answer(command: &mut std::process::Command, answers: &str) -> Result<()> {
    use std::io::Write;
    use std::process::Stdio;
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    child.stdin.take().context("no standard input")?.write_all(answers.as_bytes())?;
    child.wait()?;
    Ok(())
}

fn forgeries(shop: &Workshop) -> Result<Vec<Case>> {
    let key = make(shop, "trusted", "Forged", "ed25519", "sign", "never", "")?;
    let id = commit(shop, "trusted", &key, "")?;
    let text = String::from_utf8(shop.object("sha1", &id)?).context("a commit of ours is UTF-8")?;
    let signature: Vec<&str> =
        text.lines().filter(|line| line.starts_with(' ') || line.starts_with("gpgsig")).collect();
    let line = signature.get(2).copied().context("a short signature")?;
    let swapped: String = format!(" {}", line.trim().chars().rev().collect::<String>());
    let whole = format!("{}\n", signature.join("\n"));
    let twice = whole.clone() + &whole;
    let rows = [
        ("the text altered", text.replace("Change something", "Change anything"), None),
        ("the signature altered", text.replace(line, &swapped), None),
        ("the signature twice", text.replace(&whole, &twice), None),
        ("no end line", text.replace(" -----END PGP SIGNATURE-----\n", ""), Some(NO_END)),
        ("nothing inside", text.replace(&whole, EMPTY), None),
        ("a message instead", text.replace("PGP SIGNATURE", "PGP MESSAGE"), Some(MESSAGE)),
    ];
    rows.into_iter()
        .map(|(name, text, explained)| {
            let id = shop.forge("sha1", text.as_bytes())?;
            let mut case = Case::new(&format!("openpgp forged: {name}"), &id, Clock::Now);
            case.explained = explained;
            Ok(case)
        })
        .collect()
}
