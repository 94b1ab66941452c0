#![allow(clippy::all, clippy::pedantic, clippy::disallowed_methods, clippy::unwrap_used, missing_docs)]
//! rules DIR [SUBSTRING]: every rule file under DIR with its test files; prints what differs.
use andon_sast::check::*;
use andon_sast::rule::*;
use andon_sast::testing::*;
use andon_syntax::*;
use std::path::{Path, PathBuf};
fn walk(d: &Path, out: &mut Vec<PathBuf>) {
    let mut es: Vec<_> = std::fs::read_dir(d).unwrap().filter_map(|e| e.ok()).map(|e| e.path()).collect();
    es.sort();
    for e in es { if e.is_dir() { walk(&e, out) } else { out.push(e) } }
}
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let dir = Path::new(&a[1]);
    let mut files = Vec::new();
    walk(dir, &mut files);
    let rel = |p: &Path| p.strip_prefix(dir).unwrap().to_string_lossy().into_owned();
    let (mut ok, mut bad, mut refused) = (0, 0, 0);
    for p in &files {
        let name = rel(p);
        if !(name.ends_with(".yaml") || name.ends_with(".yml")) || name.contains(".test.") || name.contains(".fixed.") { continue }
        if a.get(2).is_some_and(|s| !name.contains(s)) { continue }
        let mut loader = Loader::default();
        let Ok(text) = std::fs::read_to_string(p) else { continue };
        let Ok(loaded) = loader.load(&name, &text) else { continue };
        let started = std::time::Instant::now();
        let set = Ruleset::new(loader, vec![loaded]);
        let folder = p.parent().unwrap();
        let tests: Vec<_> = files.iter().filter(|f| f.starts_with(folder) && test_file(&name, &rel(f)) == Some(TestFile::Code)).collect();
        for r in &set.refused { println!("REFUSED {name} {:?}: {}", r.id, r.reason); refused += 1; }
        let mut verdicts: std::collections::BTreeMap<String, (bool, usize, String)> = Default::default();
        for t in &tests {
            let Ok(code) = std::fs::read_to_string(t) else { continue };
            let Some(language) = Language::of_path(&t.to_string_lossy()) else { continue };
            let checked = set.check(language, &code);
            let line = |at: usize| code.as_bytes()[..at].iter().filter(|b| **b == b'\n').count() as u32 + 1;
            let hits: Vec<_> = checked.found.iter().map(|h| (set.rules[h.rule].id.as_str(), line(h.span.start))).collect();
            for (rule, v) in judge(&code, hits) {
                let e = verdicts.entry(rule.to_owned()).or_insert((true, 0, String::new()));
                e.0 &= v.passes(); e.1 += v.annotated;
                if !v.passes() { e.2 += &format!(" {} missed {:?} extra {:?}", rel(t), v.missed, v.unexpected); }
            }
            for g in &checked.gave_up { println!("GAVE UP {}", set.rules[*g].id) }
        }
        for r in &set.rules {
            let kind = match &r.mode { Mode::Search(_) => "search", Mode::Taint(_) => "taint" };
            match verdicts.get(&r.id) { Some((true, n, _)) if *n > 0 => ok += 1, Some((_, n, d)) if *n > 0 => { bad += 1; println!("BAD {kind} {name} {}{d}", r.id) } _ => {} }
        }
        if started.elapsed().as_secs() > 2 { println!("SLOW {name} {:?}", started.elapsed()) }
    }
    println!("ok {ok} bad {bad} refused {refused}");
}
