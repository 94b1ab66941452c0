//! A finding keeps its identity while people change the code around it.

mod change;
mod measure;
mod plant;
mod project;

use andon_model::{Finding, Renames, State, match_baseline};
use andon_secrets::config::{self, IgnoreFile, RuleSet};
use andon_secrets::{ProjectKey, Secrets, Settings, own_pack};

use crate::random::Random;
use change::{ALL, Change};
use measure::Tally;
use project::Project;

/// Finds the passwords of source files, which our own pack leaves alone.
const PASSWORDS: &str = r#"
[[rules]]
id = "team-password"
regex = '''(?i)(?:passw(?:or)?d|passphrase)\s*[:=]\s*"([^"\s]{6,40})"'''
keywords = ["passw", "passphrase"]
"#;

#[test]
fn findings_keep_their_identity() {
    let engine = engine();
    let mut random = Random::new(7);
    let project = Project::planted(&mut random);
    let before = measure::scan(&engine, &project);
    check_scanning_twice(&engine, &project, &before);

    let mut total = Tally::default();
    let mut run = |label: String, changes: &[Change], renames_known: bool, random: &mut Random| {
        let mut changed = project.clone();
        let mut renames = Renames::new();
        changes.iter().for_each(|change| change.apply(&mut changed, &mut renames, random));
        if !renames_known {
            renames.clear();
        }
        let after = measure::scan(&engine, &changed);
        let tally = measure::compare((&before, &project.truth()), (&after, &changed.truth()), &renames);
        println!("{label:60} {tally}");
        total += tally;
    };
    for change in ALL {
        run(format!("{change:?}"), &[change], true, &mut random);
    }
    run("RenameFiles, not told".to_owned(), &[Change::RenameFiles], false, &mut random);
    for _ in 0..12 {
        let mut changes: Vec<Change> = ALL.into_iter().filter(|_| random.chance(50)).collect();
        changes.sort();
        run(format!("{changes:?}"), &changes, true, &mut random);
    }
    println!("{:60} {total}", "all");
    assert!(total.lasting > 2000, "too few findings to judge: {}", total.lasting);
    assert!(total.kept * 100 >= total.lasting * 98, "{total}");
    assert!(total.merged * 1000 <= total.all * 5, "{total}");
    assert!(total.unseen * 100 <= total.lasting, "{total}");
}

fn check_scanning_twice(engine: &Secrets, project: &Project, before: &[Finding]) {
    let mut again = measure::scan(engine, project);
    assert!(again == before, "a second scan differs");
    match_baseline(&mut again, before.to_vec(), &Renames::new());
    assert_eq!(again.len(), before.len());
    assert!(again.iter().all(|finding| finding.state == State::Existing));
}

fn engine() -> Secrets {
    let mut rules = own_pack();
    let own = config::load(PASSWORDS, "team.toml", &RuleSet::default, &NoFiles).expect("the rule is right");
    rules.append(own);
    let ignore = IgnoreFile::default();
    Secrets::new(Settings {
        rules,
        key: ProjectKey::new("identity"),
        ignore,
        decode_depth: 2,
        now: 1_700_000_000,
    })
}

struct NoFiles;

impl config::Source for NoFiles {
    fn read(&self, path: &str) -> Result<String, String> {
        Err(format!("there is no {path}"))
    }
}
