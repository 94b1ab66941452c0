//! A text that is made of pieces of another one is answered as if nothing were known of it.

use andon_model::{Base, Content, Engine, Memory, Piece};
use andon_secrets::config::{self, IgnoreFile, RuleSet};
use andon_secrets::examples::expand;
use andon_secrets::{ProjectKey, Secrets, Settings, own_pack};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::random::Random;

/// Rules that look at more than one place: companions, several lines, the end of the text.
const RULES: &str = r#"
[[rules]]
id = "pair"
regex = '''pair-([a-z0-9]{12})'''
keywords = ["pair-"]
[[rules.required]]
id = "other-half"
withinLines = 3
[[rules]]
id = "other-half"
regex = '''half-[0-9]{6}'''
skipReport = true
[[rules]]
id = "block"
regex = '''open:[\s\S]{0,120}?:close'''
keywords = ["open:"]
[[rules]]
id = "last"
regex = '''tail=([a-z0-9]{8})\n?$'''
[[rules]]
id = "first"
regex = '''^head=([a-z0-9]{8})'''
[[rules]]
id = "gated"
regex = '''id=([0-9a-f]{10})\b'''
keywords = ["enable-ids"]
[[rules]]
id = "password"
regex = '''(?i)passw(?:or)?d\s*[:=]\s*"([^"\s]{6,40})"'''
keywords = ["passw"]
"#;

/// What is planted; generators are expanded for each line anew.
const LINES: &[&str] = &[
    "let token = \"{{github:ghp_}}\";",
    "npm {{npm}}",
    "aws_access_key_id = {{aws:AKIA}}",
    "jwt({{jwt}})",
    "api_key = \"{{alnum:32}}\"",
    "{{pem:RSA PRIVATE KEY}}",
    "postgres://app:{{alnum:14}}@db.shop.invalid:5432/orders",
    "password = \"{{lower:12}}\"",
    "pair-{{lower:12}}",
    "half-{{digits:6}}",
    "open: {{lower:9}}",
    "{{lower:9}} :close",
    "tail={{lower:8}}",
    "head={{lower:8}}",
    "enable-ids",
    "id={{hex:10}} id={{hex:9}}",
    "U+0041",
    "%80U+0041",
    "x%80",
    "",
    "    ",
    "fn a_line_with_nothing_in_it() -> Result<(), Error> {",
    "        self.another.line(of, ordinary, code)?;",
    "# früh and sp\u{e4}t, with letters that are not ASCII",
    "}\r",
];

#[test]
fn a_delta_is_answered_as_a_text_of_its_own() {
    let engines = [engine(own_pack()), engine(rules())];
    let mut random = Random::new(11);
    let mut found = 0;
    for round in 0..80 {
        let engine = &engines[round % engines.len()];
        let mut text = Vec::new();
        for _ in 0..5 + random.below(40) {
            text.extend(line(&mut random));
        }
        let mut memory = None;
        for _ in 0..6 {
            let (next, pieces) = edited(&text, &mut random);
            found += check(engine, &text, &next, &pieces, &mut memory);
            text = next;
        }
    }
    assert!(found > 200, "too little was found to judge: {found}");
}

#[test]
fn what_an_edit_lets_decode_is_found() {
    let engine = engine(rules());
    let encoded = STANDARD.encode("passwd = \"not-so-secret\"");
    let rest = format!("\n{encoded}\n{}", "an ordinary line, and another of that sort\n".repeat(4));
    for (before, after) in [("%80U+0041", "nothing"), ("%80U+0041\n", "nothing"), ("%80U+0041", "")] {
        let (base, text) = (format!("{before}{rest}"), format!("{after}{rest}"));
        let piece = Piece { from: before.len(), to: after.len(), length: rest.len() };
        let found = check(&engine, base.as_bytes(), text.as_bytes(), &[piece], &mut None);
        assert!(found > 0, "nothing was found in {text}");
    }
}

/// Examines `text` through what is known of `base` and without it; `memory` is that of `base`, then that of `text`.
/// Returns how many bytes of facts there are.
#[track_caller]
fn check(engine: &Secrets, base: &[u8], text: &[u8], pieces: &[Piece], memory: &mut Option<Memory>) -> usize {
    for piece in pieces {
        assert_eq!(base[piece.from..][..piece.length], text[piece.to..][..piece.length], "a wrong piece");
    }
    let known = memory.take().or_else(|| engine.examine_delta(&Content::text(base), None, true).1);
    let known = known.expect("a memory was asked for");
    let content = Content::text(text);
    let (quick, next) = engine.examine_delta(&content, Some(Base { memory: &known, pieces }), true);
    let whole = engine.examine(&content);
    let shown = || {
        let texts = [base, text].map(String::from_utf8_lossy);
        format!("from\n{}\nto\n{}\nby {pieces:?}", texts[0], texts[1])
    };
    assert!(quick.facts == whole.facts, "other facts: {}", shown());
    assert_eq!(quick.diagnostics, whole.diagnostics, "{}", shown());
    *memory = next;
    whole.facts.len()
}

/// One planted or ordinary line, sometimes encoded, sometimes without its end.
fn line(random: &mut Random) -> Vec<u8> {
    let template = random.pick(LINES);
    let text = expand(template, &random.next().to_string()).expect("templates are right");
    let encoded = match random.below(8) {
        0 => STANDARD.encode(&text),
        1 => STANDARD.encode(STANDARD.encode(&text)),
        2 => text.bytes().map(|byte| format!("{byte:02x}")).collect(),
        3 => text.bytes().map(|byte| format!("%{byte:02X}")).collect(),
        4 if text.is_ascii() => text.bytes().map(|byte| format!("\\u{byte:04x}")).collect(),
        _ => text,
    };
    let mut line = encoded.into_bytes();
    if !random.chance(8) {
        line.push(b'\n');
    }
    line
}

/// The text after some edits, and the pieces of it that git might copy: in order of the new text, from anywhere in the
/// old one, some of them empty, some cut in two.
fn edited(base: &[u8], random: &mut Random) -> (Vec<u8>, Vec<Piece>) {
    let mut cuts: Vec<usize> = (0..1 + random.below(4)).map(|_| cut(base, random)).collect();
    cuts.extend([0, base.len()]);
    cuts.sort_unstable();
    let mut stretches: Vec<_> = cuts.windows(2).map(|pair| pair[0]..pair[1]).collect();
    if random.chance(20) {
        stretches.rotate_left(1);
    }
    if random.chance(20) {
        stretches.push(stretches[0].clone());
    }
    let (mut text, mut pieces) = (Vec::new(), Vec::new());
    for stretch in stretches {
        let dropped = if random.chance(30) { random.below(stretch.len().min(80) + 1) } else { 0 };
        let from = stretch.start + dropped;
        pieces.push(Piece { from, to: text.len(), length: stretch.end - from });
        text.extend_from_slice(&base[from..stretch.end]);
        match random.below(4) {
            0 => text.extend(line(random)),
            1 => text.extend_from_slice(random.pick(&["x", "\n", " ", "=", "%80", "U+0041\n"]).as_bytes()),
            _ => {}
        }
    }
    (text, pieces)
}

/// Where an edit begins: mostly at a line's start or end, sometimes anywhere.
fn cut(base: &[u8], random: &mut Random) -> usize {
    let anywhere = random.below(base.len() + 1);
    let feed = base[anywhere..].iter().position(|byte| *byte == b'\n').map(|feed| anywhere + feed);
    match (random.below(3), feed) {
        (0, Some(feed)) => feed,
        (1, Some(feed)) => feed + 1,
        _ => anywhere,
    }
}

fn rules() -> RuleSet {
    config::load(RULES, "gitleaks.toml", &RuleSet::default, &NoFiles).expect("the rules are right")
}

fn engine(rules: RuleSet) -> Secrets {
    assert!(rules.rejected.is_empty(), "{:?}", rules.rejected);
    let settings =
        Settings { rules, key: ProjectKey::new("p"), ignore: IgnoreFile::default(), decode_depth: 5, now: 0 };
    Secrets::new(settings)
}

struct NoFiles;

impl config::Source for NoFiles {
    fn read(&self, path: &str) -> Result<String, String> {
        Err(format!("there is no {path}"))
    }
}
