//! Signatures by SSH keys, with each kind of key and of entry.

use std::fs;

use anyhow::{Context, Result};

use super::cases::{Case, Clock};
use super::workshop::{EMAIL, Workshop, setting};
use crate::process::output;

const SHORT_RSA: &str = "we ask for 2048 bits of RSA, ssh-keygen for 1024";
const NO_SUCH_DAY: &str = "we do not take a day that the calendar lacks";
const STRICT: &str = "git puts several headers together and ssh-keygen stops at the first end, we do not";

pub(super) fn cases(shop: &Workshop) -> Result<Vec<Case>> {
    let mut cases = kinds(shop)?;
    let key = Key::make(shop, "one", &["-t", "ed25519"])?;
    let commit = shop.commit("sha1", &key.settings())?;
    cases.extend(entries(&key, &commit));
    cases.extend(revocations(shop, &key, &commit)?);
    cases.extend(forgeries(shop, &key, &commit)?);
    cases.extend(certificates(shop)?);
    cases.push(Case::new("no signature", &shop.commit("sha1", &[])?, Clock::Committer));
    let tag = shop.tag("v1", &key.settings())?;
    let mut tagged = Case::new("ssh: a tag", &tag, Clock::Committer).allow(key.line(EMAIL));
    tagged.is_tag = true;
    cases.push(tagged.clone());
    tagged.name = "ssh: a tag, key unknown".to_owned();
    cases.push(tagged.allow(""));
    let other = shop.commit("sha256", &key.settings())?;
    let mut case =
        Case::new("ssh: a repository with SHA-256", &other, Clock::Committer).allow(key.line(EMAIL));
    case.repository = "sha256";
    cases.push(case);
    Ok(cases)
}

/// A key made by ssh-keygen.
struct Key {
    file: std::path::PathBuf,
    public: String,
}

impl Key {
    fn make(shop: &Workshop, name: &str, options: &[&str]) -> Result<Self> {
        let file = shop.path(name);
        output(
            shop.command("ssh-keygen").args(["-q", "-N", "", "-C", "comment", "-f"]).arg(&file).args(options),
        )?;
        let public = fs::read_to_string(file.with_extension("pub"))?.trim().to_owned();
        Ok(Self { file, public })
    }

    fn settings(&self) -> Vec<String> {
        vec!["gpg.format=ssh".to_owned(), setting("user.signingKey", &self.file)]
    }

    /// A line of allowed signers.
    fn line(&self, before: &str) -> String {
        format!("{before} {}\n", self.public)
    }
}

fn kinds(shop: &Workshop) -> Result<Vec<Case>> {
    let kinds: [(&str, &[&str]); 7] = [
        ("ed25519", &["-t", "ed25519"]),
        ("ecdsa-256", &["-t", "ecdsa", "-b", "256"]),
        ("ecdsa-384", &["-t", "ecdsa", "-b", "384"]),
        ("ecdsa-521", &["-t", "ecdsa", "-b", "521"]),
        ("rsa-2048", &["-t", "rsa", "-b", "2048"]),
        ("rsa-3072", &["-t", "rsa", "-b", "3072"]),
        ("rsa-1024", &["-t", "rsa", "-b", "1024"]),
    ];
    let mut cases = Vec::new();
    for (name, options) in kinds {
        let key = Key::make(shop, name, options)?;
        let commit = shop.commit("sha1", &key.settings())?;
        let known = Case::new(&format!("ssh: {name}"), &commit, Clock::Committer).allow(key.line(EMAIL));
        cases.push(if name == "rsa-1024" { known.explain(SHORT_RSA) } else { known });
        let payload = payload(shop, &commit)?;
        for (hash, namespace) in [("sha256", "git"), ("sha512", "file")] {
            if name == "rsa-1024" {
                continue;
            }
            let signed = sign(shop, &key, &payload, hash, namespace)?;
            let object = shop.forge("sha1", &signed)?;
            let name = format!("ssh: {name}, {hash}, for {namespace}");
            cases.push(Case::new(&name, &object, Clock::Committer).allow(key.line(EMAIL)));
        }
    }
    Ok(cases)
}

fn entries(key: &Key, commit: &str) -> Vec<Case> {
    let line = |before: &str| key.line(before);
    let broken = format!("{EMAIL} ssh-ed25519 AAAA\n{}", line(EMAIL));
    let rows = [
        ("key unknown", String::new()),
        ("comments and empty lines", format!("# us\n\n  # them\n{}", line(EMAIL))),
        ("line ends of Windows", line(EMAIL).replace('\n', "\r\n")),
        ("a pattern", line("*@example.org")),
        ("a pattern that matches none of git's", line("*@example.com")),
        ("a pattern that forbids", line("!bob@example.org,*@example.org")),
        ("several principals", line("bob@example.org,alice@example.org")),
        ("principals in quotes", line("\"Alice A\"")),
        ("namespaces with git", line("a@x namespaces=\"file,git\"")),
        ("namespaces with a pattern", line("a@x namespaces=\"g*\"")),
        ("namespaces without git", line("a@x namespaces=\"file\"")),
        ("namespaces that forbid git", line("a@x namespaces=\"!git,*\"")),
        ("valid-after before", line("a@x valid-after=\"20260228\"")),
        ("valid-after behind", line("a@x valid-after=\"20260302Z\"")),
        ("valid-before behind", line("a@x valid-before=\"202603011201\"")),
        ("valid-before before", line("a@x valid-before=\"20260301115959Z\"")),
        ("valid-before at that second", line("a@x valid-before=\"20260301120000\"")),
        ("valid-after at that second", line("a@x valid-after=\"20260301120000UTC\"")),
        ("both times", line("a@x valid-after=\"20260101\",valid-before=\"20270101\"")),
        ("options in capitals", line("a@x NAMESPACES=\"git\"")),
        ("expired first, valid second", format!("{}{}", line("a@x valid-before=\"20200101\""), line("b@x"))),
        ("an authority, but the key itself", line("a@x cert-authority")),
        ("a broken line before", broken),
        ("an unknown option", line("a@x nonsense=\"1\"")),
        ("an option twice", line("a@x namespaces=\"git\",namespaces=\"git\"")),
        ("times in the wrong order", line("a@x valid-after=\"20270101\",valid-before=\"20260101\"")),
        ("white space before and between", format!(" \ta@x \t{}\n", key.public)),
    ];
    let mut cases: Vec<Case> = rows
        .into_iter()
        .map(|(name, allowed)| {
            Case::new(&format!("ssh entry: {name}"), commit, Clock::Committer).allow(allowed)
        })
        .collect();
    cases.push(
        Case::new("ssh entry: no such day", commit, Clock::Committer)
            .allow(line("a@x valid-before=\"20270231\""))
            .explain(NO_SUCH_DAY),
    );
    cases
}

fn revocations(shop: &Workshop, key: &Key, commit: &str) -> Result<Vec<Case>> {
    let other = Key::make(shop, "other", &["-t", "ed25519"])?;
    let case = |name: &str, revoked: String| {
        Case::new(&format!("ssh revoked: {name}"), commit, Clock::Committer)
            .allow(key.line(EMAIL))
            .revoke(revoked)
    };
    Ok(vec![
        case("nobody", String::new()),
        case("another key", format!("{}\n", other.public)),
        case("the key", format!("# gone\n{}\n{}\n", other.public, key.public)),
    ])
}

fn forgeries(shop: &Workshop, key: &Key, commit: &str) -> Result<Vec<Case>> {
    let object = shop.object("sha1", commit)?;
    let text = String::from_utf8(object).context("a commit of ours is UTF-8")?;
    let header = |text: &str| -> Result<String> {
        let start = text.find("gpgsig ").context("no signature")?;
        let end = text.find(" -----END SSH SIGNATURE-----\n").context("no end")? + 29;
        Ok(text.get(start..end).context("not a header")?.to_owned())
    };
    let own = header(&text)?;
    let body = own.lines().nth(2).context("a short signature")?.to_owned();
    let swapped: String = body.chars().rev().collect();
    let rows = [
        ("the text altered", text.replace("Change something", "Change anything"), None),
        ("the author altered", text.replacen("Alice", "Mallory", 1), None),
        ("the signature altered", text.replace(&body, &swapped), None),
        ("the end line missing", text.replace(" -----END SSH SIGNATURE-----\n", ""), None),
        ("the signature twice", text.replace(&own, &format!("{own}{own}")), Some(STRICT)),
        ("text behind the signature", text.replace(&own, &format!("{own} more\n")), Some(STRICT)),
        ("of the other hash before it", text.replace(&own, &format!("gpgsig-sha256 x\n y\n{own}")), None),
        ("a header like it", text.replace(&own, &format!("gpgsignature x\n y\n{own}")), None),
        ("an X.509 signature", text.replace("SSH SIGNATURE", "SIGNED MESSAGE"), None),
        ("an unknown header inside", text.replace(&own, &format!("extra 1\n{own}")), None),
    ];
    rows.into_iter()
        .map(|(name, text, explained)| {
            let id = shop.forge("sha1", text.as_bytes())?;
            let mut case =
                Case::new(&format!("ssh forged: {name}"), &id, Clock::Committer).allow(key.line(EMAIL));
            case.explained = explained;
            Ok(case)
        })
        .collect()
}

fn certificates(shop: &Workshop) -> Result<Vec<Case>> {
    let authority = Key::make(shop, "authority", &["-t", "ed25519"])?;
    let stranger = Key::make(shop, "authority2", &["-t", "ecdsa"])?;
    let rows: [(&str, &Key, &[&str]); 7] = [
        ("plain", &authority, &["-n", EMAIL, "-V", "20260101:20270101"]),
        ("for ever", &authority, &["-n", EMAIL]),
        ("of another authority", &stranger, &["-n", EMAIL]),
        ("for another principal", &authority, &["-n", "bob@example.com"]),
        ("expired", &authority, &["-n", EMAIL, "-V", "20200101:20210101"]),
        ("not valid yet", &authority, &["-n", EMAIL, "-V", "20300101:20310101"]),
        ("of a host", &authority, &["-h", "-n", EMAIL]),
    ];
    let mut cases = Vec::new();
    for (index, (name, by, options)) in rows.into_iter().enumerate() {
        let file = format!("certified{index}");
        let key = Key::make(shop, &file, &["-t", if index == 1 { "rsa" } else { "ed25519" }])?;
        let mut certify = shop.command("ssh-keygen");
        certify.arg("-q").arg("-s").arg(&by.file).args(["-I", "id"]).args(options);
        output(certify.arg(key.file.with_extension("pub")))?;
        let settings = vec![
            "gpg.format=ssh".to_owned(),
            setting("user.signingKey", &shop.path(&format!("{file}-cert.pub"))),
        ];
        let commit = shop.commit("sha1", &settings)?;
        let case = Case::new(&format!("ssh certificate: {name}"), &commit, Clock::Committer);
        cases.push(case.clone().allow(authority.line("*@example.org cert-authority")));
        if index == 0 {
            let mut renamed = |name: &str, case: Case| {
                cases.push(Case { name: format!("ssh certificate: {name}"), ..case });
            };
            renamed("the authority without the option", case.clone().allow(authority.line("*@example.org")));
            renamed("the key itself allowed", case.clone().allow(key.line(EMAIL)));
            let times = authority.line("*@example.org cert-authority,valid-before=\"20200101\"");
            renamed("the authority expired", case.clone().allow(times));
            let known = case.allow(authority.line("*@example.org cert-authority"));
            renamed("the key revoked", known.clone().revoke(format!("{}\n", key.public)));
            renamed("the authority revoked", known.revoke(format!("{}\n", authority.public)));
        }
    }
    Ok(cases)
}

/// What a commit's signature is over.
fn payload(shop: &Workshop, commit: &str) -> Result<Vec<u8>> {
    let object = shop.object("sha1", commit)?;
    Ok(andon_signatures::SignedObject::parse(&object).payload.into_owned())
}

/// A commit with a signature that ssh-keygen makes over a payload.
fn sign(shop: &Workshop, key: &Key, payload: &[u8], hash: &str, namespace: &str) -> Result<Vec<u8>> {
    let file = shop.path("payload");
    fs::write(&file, payload)?;
    let signature = shop.path("payload.sig");
    let _ = fs::remove_file(&signature);
    let mut keygen = shop.command("ssh-keygen");
    keygen.args(["-q", "-Y", "sign", "-O", &format!("hashalg={hash}"), "-n", namespace, "-f"]);
    output(keygen.arg(&key.file).arg(&file))?;
    Ok(with_header(payload, &fs::read_to_string(&signature)?))
}

/// Puts a signature before the text of a commit.
pub(super) fn with_header(payload: &[u8], signature: &str) -> Vec<u8> {
    let text = String::from_utf8_lossy(payload).into_owned();
    let header = format!("\ngpgsig {}\n\n", signature.trim_end().replace('\n', "\n "));
    text.replacen("\n\n", &header, 1).into_bytes()
}
