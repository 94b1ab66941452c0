use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use andon_model::{
    Confidence, Content, Engine, EngineInfo, Examined, Finding, Fingerprint, Fingerprints, Interest,
    Location, Outcome, RuleDescription, RuleRef, Severity, Snapshot, Stage, State, Unit, line_context,
};

/// Finds names that one file defines (`defines X`) and another uses (`uses X`).
pub(crate) struct Pair {
    pub(crate) examined: Arc<AtomicU64>,
    /// Changes its digest, as another version of its rules would.
    pub(crate) version: u8,
}

impl Pair {
    pub(crate) fn engines() -> (Vec<Box<dyn Engine>>, Arc<AtomicU64>) {
        let examined = Arc::new(AtomicU64::new(0));
        let engine: Box<dyn Engine> = Box::new(Self { examined: Arc::clone(&examined), version: 1 });
        (vec![engine], examined)
    }

    fn rule() -> RuleRef {
        RuleRef { id: "used-elsewhere".to_owned(), pack: "test".to_owned(), version: String::new() }
    }
}

impl Engine for Pair {
    fn info(&self) -> EngineInfo {
        EngineInfo {
            name: "pair",
            stage: Stage::Code,
            digest: [self.version; 32],
            rules_loaded: 1,
            rules_rejected: Vec::new(),
            packs: vec!["test".to_owned()],
            view: andon_model::View::Contents,
        }
    }

    fn interest(&self, path: &str) -> Interest {
        match path.rsplit('.').next() {
            Some("md") => Interest::None,
            Some("lock") => Interest::Allowed,
            _ => Interest::Content,
        }
    }

    fn examine(&self, content: &Content<'_>) -> Examined {
        self.examined.fetch_add(1, Ordering::SeqCst);
        let text = String::from_utf8_lossy(content.bytes);
        assert!(!text.contains("break the engine"), "quotes {text}");
        let marks = |line: &&str| line.starts_with("defines ") || line.starts_with("uses ");
        let facts: Vec<&str> = text.lines().filter(marks).collect();
        Examined { facts: facts.join("\n").into_bytes(), diagnostics: Vec::new() }
    }

    fn examine_path(&self, path: &str) -> Option<Vec<u8>> {
        path.ends_with("uses-everything.txt").then(|| b"uses *".to_vec())
    }

    fn combine(&self, units: &[Unit], snapshot: &dyn Snapshot) -> Outcome {
        let mut defined: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut used: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for unit in units {
            let facts = String::from_utf8(unit.facts.clone()).unwrap();
            assert!(facts != "uses panic", "combine is broken");
            for line in facts.lines() {
                let (verb, name) = line.split_once(' ').unwrap();
                for occurrence in &unit.occurrences {
                    if verb == "defines" {
                        defined.entry(name.to_owned()).or_default().insert(occurrence.path.clone());
                    } else {
                        used.entry(name.to_owned()).or_default().push(occurrence.path.clone());
                    }
                }
            }
        }
        let quiet = snapshot.read("quiet.md").is_some();
        let mut findings = Vec::new();
        for (name, places) in used.iter().filter(|_| !quiet) {
            for place in places {
                let elsewhere = defined.get(name).is_some_and(|paths| paths.iter().any(|path| path != place));
                if elsewhere {
                    findings.push(finding(name, place));
                }
            }
        }
        Outcome { findings, ..Outcome::default() }
    }

    fn rules(&self) -> Vec<RuleDescription> {
        ["used-elsewhere", "never-fires"]
            .into_iter()
            .map(|id| RuleDescription {
                rule: RuleRef { id: id.to_owned(), ..Self::rule() },
                engine: "pair".to_owned(),
                title: id.to_owned(),
                severity: Severity::Medium,
                confidence: Confidence::High,
                tags: Vec::new(),
                cwe: Vec::new(),
                explanation: String::new(),
                remediation: String::new(),
                references: Vec::new(),
                examples: Vec::new(),
                counter_examples: Vec::new(),
            })
            .collect()
    }
}

fn finding(name: &str, path: &str) -> Finding {
    Finding {
        fingerprints: Fingerprints::only(Fingerprint::new("pair/1", &[name.as_bytes()])),
        rule: Pair::rule(),
        stage: Stage::Code,
        engine: "pair".to_owned(),
        severity: Severity::Medium,
        confidence: Confidence::High,
        title: format!("{name} is used"),
        message: format!("{name} is defined in another file"),
        locations: vec![Location { path: path.to_owned(), ..Location::default() }],
        flow: Vec::new(),
        subject: None,
        cwe: Vec::new(),
        controls: Vec::new(),
        advisory: None,
        fix: None,
        evidence: Vec::new(),
        context: line_context([name]),
        state: State::New,
        suppression: None,
        tags: Vec::new(),
        properties: BTreeMap::new(),
    }
}
