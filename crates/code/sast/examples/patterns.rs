#![allow(clippy::all, clippy::pedantic, clippy::disallowed_methods, clippy::unwrap_used, missing_docs)]
use andon_sast::matching::*;
use andon_sast::rule::Options;
use andon_syntax::*;
use std::cell::Cell;
use std::collections::BTreeSet;
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let (dir, ext) = (&a[1], &a[2]);
    let only = a.get(3);
    let lang = Language::of_path(&format!("x.{ext}")).unwrap();
    let mut names: Vec<_> = std::fs::read_dir(dir).unwrap().filter_map(|e| e.ok()).map(|e| e.path()).filter(|p| p.extension().is_some_and(|e| e == "sgrep")).collect();
    names.sort();
    let (mut ok, mut bad) = (0, 0);
    for p in names {
        if only.is_some_and(|o| p.file_stem().unwrap().to_str().unwrap() != o) { continue; }
        let code = p.with_extension(ext);
        let Ok(text) = std::fs::read_to_string(&code) else { continue };
        let pat = std::fs::read_to_string(&p).unwrap();
        let mut symbols = Symbols::default();
        let pattern = match parse_pattern(lang, &pat, &mut symbols) { Ok(x) => x, Err(e) => { println!("BAD {} : {e}", p.display()); bad += 1; continue } };
        let frozen = symbols.freeze();
        let mut symbols = Symbols::over(&frozen);
        let parsed = parse(lang, &text, &mut symbols);
        if only.is_some() { println!("{:?}\n{}\n{}", pattern.shape, pattern.tree.show(&symbols), parsed.tree.show(&symbols)); }
        let source = Source::new(lang, &text, parsed.tree, symbols);
        let line = |at: usize| text[..at].matches('\n').count() + 1;
        let found: BTreeSet<usize> = search(&pattern, &source, &Options::default(), &Cell::new(300_000)).into_iter().map(|m| line(m.span.start)).collect();
        let want: BTreeSet<usize> = text.lines().enumerate().filter(|(_, l)| l.contains("ERROR:") || l.contains("MATCH:")).map(|(i, _)| i + 2).collect();
        if found == want { ok += 1 } else { bad += 1; println!("BAD {} {:?} missing {:?} extra {:?}", p.file_stem().unwrap().to_string_lossy(), pattern.shape, want.difference(&found).collect::<Vec<_>>(), found.difference(&want).collect::<Vec<_>>()) }
    }
    println!("ok {ok} bad {bad}");
}
