use andon_advisorydb::{How, UpdateError, open, status};

use crate::{KEV, Machine, dump, epss, write};

#[test]
fn a_folder_is_loaded_and_what_it_lacks_is_said() {
    let (machine, mirror) = (Machine::new(), tempfile::tempdir().unwrap());
    let from = mirror.path().to_str().unwrap();
    assert_eq!(machine.ids("npm"), "-");
    assert!(status(&machine.system()).index.is_none());
    write(mirror.path(), "npm/all.zip", dump("npm", &["A-1", "A-2"], "2024-05-01T00:00:00Z"));
    write(mirror.path(), "Rocky Linux/all.zip", dump("Rocky Linux", &["R-1"], "2024-05-01T00:00:00Z"));
    write(mirror.path(), "docs/readme", "no ecosystem");
    let updated = machine.update(from);
    let hows: Vec<_> = updated.ecosystems.iter().map(|each| (each.name.as_str(), each.how)).collect();
    assert_eq!(hows, [("Rocky Linux", How::Whole), ("npm", How::Whole)]);
    assert!(updated.complete());
    assert_eq!(updated.built.as_ref().map(|built| built.metadata.advisories), Some(3));
    assert_eq!((updated.exploited.how, updated.probabilities.how), (How::Missing, How::Missing));
    assert_eq!(updated.problems().len(), 2);
    assert!(
        updated.problems()[0].starts_with("KEV: /") && updated.problems()[0].ends_with("does not have it")
    );
    assert_eq!(machine.ids("npm"), "A-1 A-2");
    assert_eq!(machine.ids("Rocky Linux"), "R-1");
}

#[test]
fn status_tells_age_and_content() {
    let (mut machine, mirror) = (Machine::new(), tempfile::tempdir().unwrap());
    let from = mirror.path().to_str().unwrap();
    write(mirror.path(), "npm/all.zip", dump("npm", &["A-1"], "2024-05-01T00:00:00Z"));
    write(mirror.path(), "known_exploited_vulnerabilities.json", KEV);
    write(mirror.path(), "epss_scores-current.csv.gz", epss());
    let updated = machine.update(from);
    assert!(updated.complete() && updated.problems().is_empty(), "{updated:?}");
    let opened = open(&machine.system()).unwrap().unwrap();
    let index = opened.index().unwrap();
    assert!(index.exploited("CVE-2024-1").is_some());
    assert!(index.probability("CVE-2024-1").is_some_and(|score| score.probability == 0.5));

    machine.now = "2024-06-02T00:00:00Z";
    let found = status(&machine.system()).index.unwrap();
    assert_eq!((found.age, found.built.as_str()), (Some(86_400), "2024-06-01T00:00:00Z"));
    assert_eq!(found.metadata.ecosystems[0].newest, "2024-05-01T00:00:00Z");
    assert_eq!(found.origins["npm"], std::fs::canonicalize(from).unwrap().display().to_string());

    // Nothing new: the index stays as it is, and is young again.
    let again = machine.update(from);
    assert_eq!((again.ecosystems[0].how, again.built.is_none()), (How::Unchanged, true));
    let after = status(&machine.system()).index.unwrap();
    assert_eq!((after.age, after.built, after.digest), (Some(0), found.built, found.digest));
    assert_eq!(after.metadata.ecosystems[0].fetched, "2024-06-02T00:00:00Z");
}

#[test]
fn ecosystems_that_are_not_asked_for_stay() {
    let (machine, mirror) = (Machine::new(), tempfile::tempdir().unwrap());
    let from = mirror.path().to_str().unwrap();
    for name in ["npm", "Go"] {
        write(mirror.path(), &format!("{name}/all.zip"), dump(name, &["A-1"], "2024-05-01T00:00:00Z"));
    }
    machine.update(from);
    write(mirror.path(), "Go/all.zip", dump("Go", &["B-1"], "2024-05-02T00:00:00Z"));
    let updated = machine.try_update(from, &["Go"]).unwrap();
    assert!(updated.complete());
    assert_eq!((machine.ids("Go"), machine.ids("npm")), ("B-1".to_owned(), "A-1".to_owned()));
    let updated = machine.try_update(from, &["PyPI"]).unwrap();
    assert!(!updated.complete());
    assert!(updated.problems()[0].starts_with("PyPI: /"), "{:?}", updated.problems());
}

#[test]
fn what_makes_no_sense_is_refused() {
    let (machine, mirror) = (Machine::new(), tempfile::tempdir().unwrap());
    let from = mirror.path().to_str().unwrap();
    assert!(matches!(machine.try_update(from, &[]), Err(UpdateError::Empty(_))));
    assert!(matches!(machine.try_update("/does/not/exist", &[]), Err(UpdateError::Source(_))));
    for name in ["../x", "", "Debian:12", ".", "a/b", " npm"] {
        assert!(matches!(machine.try_update(from, &[name]), Err(UpdateError::Name(_))), "{name}");
    }
    let homeless = andon_system::MemorySystem::new();
    let refused = andon_advisorydb::update(&homeless, &andon_advisorydb::Options::default());
    assert!(matches!(refused, Err(UpdateError::NoFolder)));
    assert!(open(&homeless).unwrap().is_none());
}
