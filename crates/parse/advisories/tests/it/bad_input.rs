//! A damaged index gives errors, never a panic.

use andon_advisories::{Index, IndexError, Question, group};

use crate::{build, range, record};

fn sound() -> Vec<u8> {
    let affected = range("SEMVER", r#"{"introduced": "0"}, {"fixed": "2.0.0"}"#);
    let records = ["X-1", "X-2"]
        .map(|id| record(id, r#""aliases": ["CVE-2024-1"], "details": "d""#, "npm", "p", &affected));
    build("npm", &records.each_ref().map(String::as_str))
}

/// Everything that reads the index. Whether it fails is not asked.
fn use_all(bytes: &[u8]) -> Result<(), IndexError> {
    let index = Index::open(bytes)?;
    let _ =
        (index.verify(), index.built().len(), index.exploited("CVE-2024-1"), index.probability("CVE-2024-1"));
    let found = index.matches(&Question { ecosystem: "npm", name: "p", version: "1.0.0" })?;
    group(&index, &found.vulnerabilities)?;
    found.vulnerabilities.iter().try_for_each(|each| each.texts().map(drop))?;
    index.by_id("CVE-2024-1").map(drop)
}

#[test]
fn what_is_no_index_is_refused() {
    assert_eq!(Index::open(b"").unwrap_err(), IndexError::NotAnIndex);
    assert_eq!(Index::open(&[0; 4096]).unwrap_err(), IndexError::NotAnIndex);
    let mut other = sound();
    other[8] = 200;
    assert!(matches!(Index::open(&other).unwrap_err(), IndexError::Version { found: 200, .. }));
}

#[test]
fn a_cut_index_is_refused() {
    let sound = sound();
    use_all(&sound).unwrap();
    for length in 0..sound.len() {
        assert!(Index::open(&sound[..length]).is_err(), "{length} of {} bytes", sound.len());
    }
    assert!(Index::open(&[sound.as_slice(), b"x"].concat()).is_err());
}

#[test]
fn no_changed_byte_panics_and_each_is_noticed() {
    let sound = sound();
    for at in 0..sound.len() {
        for flip in [0x01, 0x80, 0xff] {
            let mut damaged = sound.clone();
            damaged[at] ^= flip;
            let _ = use_all(&damaged);
            let noticed = Index::open(&damaged).is_ok_and(|index| index.verify().is_ok());
            // The time of building is not part of the content.
            assert!(!noticed || (48..80).contains(&at), "byte {at} changed by {flip}");
        }
    }
}
