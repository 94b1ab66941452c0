//! What others computed: the example of C2SP signed-note, the notes of Go's checksum database and of two logs that sign
//! with ECDSA, and the tree that implementations of RFC 6962 share.

use andon_ledger::note::{self, NoteKey};
use andon_ledger::{Checkpoint, Hash};

use crate::naive;

const PETER: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const ENOCH: &str = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop";
const TEXT: &str = "If you think cryptography is the answer to your problem,\n\
    then you don't know what your problem is.\n";
const BY_PETER: &str = "\u{2014} PeterNeumann \
    x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
const BY_ENOCH: &str = "\u{2014} EnochRoot \
    rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n";

const REKOR: &str = "rekor.sigstore.dev+c0d23d6a+AjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABNhtmPtrWm3U1eQXBogSMdGvX\
    wBcK5AW5i0hrZLOC96l+smGNM7nwZ4QvFK/4sueRoVj//QP22Ni4Qt9DPfkWLc=";
const BY_REKOR: &str = "Rekor\n798034\nf+7CoKgXKE/tNys9TTXcr/ad6U/K3xvznmzew9y6SP0=\n\n\u{2014} rekor.sigstore.dev \
    wNI9ajBEAiARInWIWyCdyG27CO6LPnPekyw20qO0YJfoaPaowGp/XgIgc+qEHS3+GKVClgqq20uDLet7MCoTURUCRdxwWBHHufk=\n";
const PIXEL: &str = "pixel6_transparency_log+91c16e30+AjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABN+4x0Jk1yTwvLFI9A4ND\
    dGZcX0aiWVdWM5XJVy0M4VWD3AvyW5Q6Hs9A0mcDkpUoYgn+KKPNzFC0H3nN3q6JQ8=";
const BY_PIXEL: &str = "DEFAULT\n10\nbsWRucJU5xJPHb5eBdOm6+DM+VelCZBuvtI3sHERJ9Y=\n\n\u{2014} pixel6_transparency_log \
    kcFuMDBFAiEAhqMAP8P6qf6QxtUJhzMhbN+MbZ9dwfUHzGQJmffJHtoCIGD0cNe47dHWBoPwYdgBCepB06/+g5O1FmYjXl06owL4\n";

fn keys(texts: &[&str]) -> Vec<NoteKey> {
    texts.iter().map(|text| NoteKey::from_verifier_key(text).unwrap()).collect()
}

#[track_caller]
fn check(note: &str, accepted: &[&str], expected: Option<&str>) {
    let opened = note::open(note.as_bytes(), &keys(accepted));
    assert_eq!(opened.as_ref().ok().copied(), expected, "{opened:?}");
}

#[test]
fn notes_of_others_are_verified() {
    let example = "This is an example message.\n\n\u{2014} example.com/foo \
        Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";
    let key = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
    check(example, &[key], Some("This is an example message.\n"));
    check(&format!("{TEXT}\n{BY_PETER}{BY_ENOCH}"), &[PETER], Some(TEXT));
    check(&format!("{TEXT}\n{BY_PETER}{BY_ENOCH}"), &[PETER, ENOCH], Some(TEXT));
    check(&format!("{TEXT}\n{BY_PETER}{BY_PETER}{BY_ENOCH}"), &[ENOCH], Some(TEXT));
    check(BY_REKOR, &[REKOR], BY_REKOR.split_inclusive("\n\n").next().map(|text| &text[..text.len() - 1]));
    check(BY_PIXEL, &[PIXEL], BY_PIXEL.split_inclusive("\n\n").next().map(|text| &text[..text.len() - 1]));
    let text = note::open(BY_PIXEL.as_bytes(), &keys(&[PIXEL])).unwrap();
    assert_eq!(Checkpoint::parse(text).map(|checkpoint| checkpoint.size).ok(), Some(10));
}

#[test]
fn anything_else_is_not() {
    let note = format!("{TEXT}\n{BY_PETER}");
    let (start, end) = BY_PETER.split_at(60);
    for wrong in [
        TEXT.to_owned(),
        format!("{TEXT}\n"),
        note.trim_end().to_owned(),
        format!("\u{1}{note}"),
        format!("{TEXT}\n{start}ABCD{end}"),
        format!("{TEXT}\n\u{2014} Bad Name {}", BY_PETER.rsplit(' ').next().unwrap()),
        format!("{note}Unexpected line.\n"),
        format!("{note}\n{BY_ENOCH}"),
        format!("More.\n{note}"),
        note.replace("answer", "Answer"),
        note.replace("x08g", "x08h"),
        note.replace("PeterNeumann", "CarmenSandiego"),
        note.replace("\u{2014} ", "- "),
        note.replace('\n', "\r\n"),
        format!("{TEXT}\n{}", BY_PETER.repeat(2000)),
        format!("{TEXT}\n{BY_PETER}{start}ABCD{end}"),
    ] {
        check(&wrong, &[PETER], None);
    }
    assert!(note::open(b"\xff\n\n\xe2\x80\x94 a AAAAAAA=\n", &keys(&[PETER])).is_err());
    check(&note, &[], None);
    check(&note, &[ENOCH, REKOR, PIXEL], None);
    check(&BY_REKOR.replace("798034", "798035"), &[REKOR], None);
    check(BY_REKOR, &[PIXEL], None);
}

#[test]
fn verifier_keys_are_written_in_one_way_only() {
    for key in [PETER, ENOCH, REKOR, PIXEL] {
        assert_eq!(NoteKey::from_verifier_key(key).unwrap().to_verifier_key(), key);
        // The number of an ECDSA key says nothing of its name.
        let from = if [PETER, ENOCH].contains(&key) { 0 } else { key.find('+').unwrap() };
        for at in from..key.len() {
            assert!(NoteKey::from_verifier_key(&key[at + 1..]).is_err(), "{key} from {at}");
            assert!(NoteKey::from_verifier_key(&key[..at]).is_err(), "{key} to {at}");
            let altered: String =
                key.chars().enumerate().map(|(n, c)| if n == at { '!' } else { c }).collect();
            assert!(NoteKey::from_verifier_key(&altered).is_err(), "{altered}");
        }
    }
    for wrong in [
        "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
        "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    ] {
        assert!(NoteKey::from_verifier_key(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn the_shared_tree_has_the_shared_roots() {
    let leaves: Vec<Hash> =
        ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
            .iter()
            .map(|hex| Hash::leaf(&bytes(hex)))
            .collect();
    let roots = [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];
    for (size, root) in roots.iter().enumerate() {
        assert_eq!(naive::root(&leaves[..size]).to_string(), *root, "{size}");
    }
}

fn bytes(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}
