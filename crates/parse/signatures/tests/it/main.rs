//! Signatures that ssh-keygen and gpg made, with keys that exist no more.

#![expect(clippy::unwrap_used, reason = "helpers of tests may fail the test")]

use andon_signatures::{AllowedSigners, Keyring, ObjectKind, RevokedKeys, Trust, Verdict, examine, verify};
use jiff::Timestamp;

/// The time of all commits: 2026-03-01 12:00 UTC.
const WHEN: &str = "2026-03-01T12:00:00Z";
const KEYRING: &str = include_str!("data/keyring.asc");
const BOB_REVOKED: &str = include_str!("data/bob-revoked.asc");
const ED: &str = include_str!("data/ssh-ed.commit");
const ED_KEY: &str = include_str!("data/ssh-ed.pub");
const CERTIFIED: &str = include_str!("data/ssh-certificate.commit");
const AUTHORITY: &str = include_str!("data/ssh-authority.pub");
const SUBKEY: &str = include_str!("data/openpgp-subkey.commit");
const BOB: &str = include_str!("data/openpgp-bob.commit");
const CAROL: &str = include_str!("data/openpgp-carol.commit");

fn at(time: &str) -> Timestamp {
    time.parse().unwrap()
}

fn ssh(allowed: &str) -> Trust {
    let signers = AllowedSigners::parse(allowed.as_bytes()).unwrap();
    assert!(signers.problems().is_empty(), "{:?}", signers.problems());
    Trust { signers, ..Trust::default() }
}

fn openpgp(keyring: &str) -> Trust {
    Trust { keyring: Keyring::parse(keyring.as_bytes()).unwrap(), ..Trust::default() }
}

/// The verdict's word and reason.
fn check(object: &str, trust: &Trust, time: &str, word: &str, reason: &str) {
    let verdict = verify(object.as_bytes(), trust, at(time));
    assert_eq!(verdict.word(), word, "{verdict:?}");
    assert!(verdict.reason().contains(reason), "{verdict:?}");
}

#[test]
fn ssh_keys_of_every_kind() {
    let rows = [
        (ED, ED_KEY),
        (include_str!("data/ssh-ec.commit"), include_str!("data/ssh-ec.pub")),
        (include_str!("data/ssh-ec5.commit"), include_str!("data/ssh-ec5.pub")),
        (include_str!("data/ssh-rsa.commit"), include_str!("data/ssh-rsa.pub")),
        (include_str!("data/ssh.tag"), ED_KEY),
    ];
    for (object, key) in rows {
        let trust = ssh(&format!("alice@example.org {key}"));
        check(object, &trust, WHEN, "good", "");
        check(object, &Trust::default(), WHEN, "unknown-key", "not among");
        for (from, to) in [("Alice <", "Mallory <"), ("\n\n", "\n\n ")] {
            check(&object.replacen(from, to, 1), &trust, WHEN, "bad", "does not hold");
        }
    }
}

#[test]
fn ssh_entries() {
    let line = |before: &str| ssh(&format!("{before} {ED_KEY}"));
    let rows = [
        ("a@x namespaces=\"git\"", "good", ""),
        ("a@x namespaces=\"file\"", "unknown-key", "not allowed for `git`"),
        ("a@x valid-before=\"20260301\"", "expired", "time is over"),
        ("a@x valid-after=\"20260302\"", "expired", "not valid yet"),
        ("a@x cert-authority", "unknown-key", "not among"),
    ];
    for (before, word, reason) in rows {
        check(ED, &line(before), WHEN, word, reason);
    }
    let mut trust = line("alice@example.org");
    trust.revoked = RevokedKeys::parse(ED_KEY.as_bytes()).unwrap();
    check(ED, &trust, WHEN, "revoked", "in the revocation file");
}

#[test]
fn ssh_certificates() {
    let trust = ssh(&format!("*@example.org cert-authority {AUTHORITY}"));
    check(CERTIFIED, &trust, WHEN, "good", "");
    check(CERTIFIED, &trust, "2025-12-31T23:00:00Z", "expired", "not valid yet");
    check(CERTIFIED, &trust, "2027-01-02T00:00:00Z", "expired", "has expired");
    check(CERTIFIED, &ssh(&format!("bob@x cert-authority {AUTHORITY}")), WHEN, "unknown-key", "no principal");
    check(CERTIFIED, &ssh(&format!("alice@example.org {ED_KEY}")), WHEN, "unknown-key", "not among");
    let Verdict::Good(signer) = verify(CERTIFIED.as_bytes(), &trust, at(WHEN)) else { panic!("not good") };
    assert_eq!(signer.identities, ["alice@example.org"]);
    assert!(signer.authority.is_some_and(|authority| authority.starts_with("SHA256:")));
}

#[test]
fn openpgp_keys() {
    let trust = openpgp(KEYRING);
    assert_eq!(trust.keyring.len(), 3);
    for object in [SUBKEY, BOB, CAROL] {
        check(object, &trust, WHEN, "good", "");
        check(object, &Trust::default(), WHEN, "unknown-key", "not in the keyring");
        check(&object.replacen("Alice <", "Mallory <", 1), &trust, WHEN, "bad", "does not hold");
    }
    check(SUBKEY, &trust, "2027-01-02T00:00:00Z", "expired", "the subkey has expired");
    check(CAROL, &trust, "2027-01-02T00:00:00Z", "expired", "the key has expired");
    check(BOB, &trust, "2040-01-01T00:00:00Z", "good", "");
    check(BOB, &openpgp(&format!("{KEYRING}{BOB_REVOKED}")), WHEN, "revoked", "revoked by its owner");
    let Verdict::Good(signer) = verify(SUBKEY.as_bytes(), &trust, at(WHEN)) else { panic!("not good") };
    assert_eq!(signer.identities, ["Alice <alice@example.org>"]);
    assert_eq!(signer.made, Some(at(WHEN)));
    assert_ne!(signer.authority, Some(signer.key));
}

#[test]
fn who_signed_and_who_committed() {
    let trust = ssh(&format!("*@EXAMPLE.org,!mallory@example.org {ED_KEY}"));
    let seen = examine(ED.as_bytes(), &trust, at(WHEN));
    assert_eq!(seen.kind, ObjectKind::Commit);
    assert!(seen.signer_is_committer() && seen.signer_is_author());
    let signer = seen.verdict.signer().unwrap();
    let rows = [("Bob@Example.Org", true), ("mallory@example.org", false), ("", false), ("a@x", false)];
    for (email, expected) in rows {
        assert_eq!(signer.speaks_for(email), expected, "{email}");
    }
    assert!(!examine(BOB.as_bytes(), &openpgp(KEYRING), at(WHEN)).signer_is_committer());
    assert!(examine(SUBKEY.as_bytes(), &openpgp(KEYRING), at(WHEN)).signer_is_committer());
}

#[test]
fn signatures_that_are_none() {
    let trust = ssh(&format!("a@x {ED_KEY}"));
    let header = |text: &str| format!("tree 1\ngpgsig {}\n\nt\n", text.replace('\n', "\n "));
    let rows = [
        ("tree 1\n\nt\n".to_owned(), "unsigned", ""),
        (header("nonsense"), "bad", "no format"),
        (header("-----BEGIN SIGNED MESSAGE-----\nAAAA"), "unsupported", "X.509"),
        (header("-----BEGIN PGP MESSAGE-----\n\nAAAA"), "unsupported", "not a detached"),
        (header("-----BEGIN PGP SIGNATURE-----\n\nAAAA\n-----END PGP SIGNATURE-----"), "bad", "broken"),
        (header("-----BEGIN SSH SIGNATURE-----\nAAAA"), "bad", "no end line"),
        (header("-----BEGIN SSH SIGNATURE-----\n!\n-----END SSH SIGNATURE-----"), "bad", "not base64"),
        (header("-----BEGIN SSH SIGNATURE-----\nAAAA\n-----END SSH SIGNATURE-----"), "bad", "not an SSH"),
    ];
    for (object, word, reason) in rows {
        check(&object, &trust, WHEN, word, reason);
    }
}

#[test]
fn files_of_keys_that_are_none() {
    let signers =
        AllowedSigners::parse(b"a@x\na@x ssh-ed25519 AAAA\n# fine\na@x ssh-dss AAAA\n\xff\n").unwrap();
    assert!(signers.is_empty());
    assert_eq!(signers.problems().iter().map(|problem| problem.at).collect::<Vec<_>>(), [1, 2, 4, 5]);
    assert!(RevokedKeys::parse(b"SSHKRL\n\0...").unwrap_err().to_string().contains("binary"));
    assert!(RevokedKeys::parse(b"\nnonsense\n").unwrap_err().to_string().contains("line 2"));
    assert!(RevokedKeys::parse(b"# nobody\n").unwrap().is_empty());
    assert!(Keyring::parse(b"nonsense").is_err());
    assert!(Keyring::parse(b"").unwrap().is_empty());
    assert!(Keyring::parse(&[0x94, 1, 4]).unwrap_err().to_string().contains("secret key"));
    for end in (0..KEYRING.len()).step_by(97) {
        let _ = Keyring::parse(&KEYRING.as_bytes()[..end]);
    }
}
