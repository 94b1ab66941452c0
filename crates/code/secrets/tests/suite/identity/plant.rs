//! Credentials of many sorts, made at run time.

use andon_secrets::examples::expand;

use super::project::{File, Line, Project};
use crate::random::Random;

/// Lines with a token that nobody could guess. `NAME` becomes an identifier of the file.
const STRONG: &[&str] = &[
    "let NAME_token = \"{{github:ghp_}}\";",
    "NAME = \"{{github:gho_}}\"",
    "# NAME {{npm}}",
    "stripe_NAME = \"sk_live_{{alnum:24}}\"",
    "NAME: glpat-{{alnum:20}}",
    "slack(\"xoxb-{{digits:12}}-{{digits:13}}-{{alnum:24}}\", NAME)",
    "NAME({{jwt}})",
    "aws_NAME = {{aws:AKIA}}",
    "NAME_api_key = \"{{alnum:32}}\"",
    "NAME_client_secret = \"{{hex:64}}\"",
    "{{pem:RSA PRIVATE KEY}}",
    "{{pem:OPENSSH PRIVATE KEY}}",
];

/// Lines with a password that could be guessed; `PASSWORD` stands for it.
const WEAK: &[&str] = &[
    "NAME_password = \"PASSWORD\"",
    "password = \"PASSWORD\"",
    "let NAME = Login { passphrase: \"PASSWORD\" };",
    "connect(\"postgres://NAME:PASSWORD@db.shop.invalid:5432/orders\")",
    "NAME = \"mongodb://app:PASSWORD@mongo.shop.invalid/NAME\"",
];

const WORDS: &[&str] = &[
    "amber", "birch", "cobalt", "dune", "ember", "fjord", "granite", "heron", "indigo", "juniper", "kestrel",
    "lagoon", "marlin", "nectar", "otter", "pebble", "quartz", "raven", "saffron", "tundra",
];

/// Files that are credentials by their name.
const FILES: &[&str] = &["deploy/id_rsa", "deploy/signing.p12", "ops/http.keytab", "ops/team.kdbx"];

pub(super) fn plant(project: &mut Project, random: &mut Random) {
    for round in 0..project.files.len() * 3 {
        let template = if round % 5 < 3 { *random.pick(STRONG) } else { *random.pick(WEAK) };
        let secret = secret(template, random);
        let id = project.next_id(template);
        // One in four stands in several files.
        let copies = if random.chance(25) { 2 + random.below(2) } else { 1 };
        for _ in 0..copies {
            let file = random.below(project.files.len());
            put(&mut project.files[file], &secret, id, None, random);
        }
    }
    for _ in 0..project.files.len() / 2 {
        alike(project, random);
    }
    for path in FILES {
        let planted = Some(project.next_id(""));
        project.files.push(File { planted, ..File::new(path, "binary") });
    }
}

/// A credential that was not there before.
pub(super) fn plant_one(project: &mut Project, random: &mut Random) {
    let templates = if random.chance(50) { STRONG } else { WEAK };
    let template = *random.pick(templates);
    let secret = secret(template, random);
    let id = project.next_id(template);
    let file = random.below(project.files.len());
    put(&mut project.files[file], &secret, id, None, random);
}

/// Puts another credential of the same sort in the place of one.
pub(super) fn rotate(project: &mut Project, gone: usize, random: &mut Random) {
    let template = project.templates[gone];
    let secret = secret(template, random);
    let id = project.next_id(template);
    for file in &mut project.files {
        while let Some(at) = file.lines.iter().position(|line| line.planted == Some(gone)) {
            let count = file.lines[at..].iter().take_while(|line| line.planted == Some(gone)).count();
            let name = file.lines[at].name.clone();
            let indent = file.lines[at].text.len() - file.lines[at].text.trim_start().len();
            file.lines.splice(at..at + count, lines(&secret, id, name.as_deref().unwrap_or("app"), indent));
        }
    }
}

/// Different passwords on lines that read alike, in one or two files.
fn alike(project: &mut Project, random: &mut Random) {
    let template = *random.pick(WEAK);
    let files = [random.below(project.files.len()), random.below(project.files.len())];
    let names = project.files[files[0]].identifiers();
    for _ in 0..2 + random.below(3) {
        let secret = secret(template, random);
        let id = project.next_id(template);
        let file = *random.pick(&files);
        put(&mut project.files[file], &secret, id, names.first(), random);
    }
}

fn secret(template: &str, random: &mut Random) -> String {
    let password = format!("{}{}{}", random.pick(WORDS), random.pick(WORDS), 1000 + random.below(9000));
    let text = template.replace("PASSWORD", &password);
    expand(&text, &random.next().to_string()).expect("templates are right")
}

/// Writes a credential between two lines of a file.
fn put(file: &mut File, secret: &str, id: usize, name: Option<&String>, random: &mut Random) {
    let names = file.identifiers();
    let some = if names.is_empty() { None } else { Some(random.pick(&names)) };
    let name = name.or(some).map_or("app", |name| name.as_str());
    let at = file.gap(random);
    let indent = file.lines.get(at).map_or(0, |line| line.text.len() - line.text.trim_start().len()).min(8);
    file.lines.splice(at..at, lines(secret, id, name, indent));
}

fn lines(secret: &str, id: usize, name: &str, indent: usize) -> Vec<Line> {
    let line = |line: &str| Line {
        text: format!("{}{}", " ".repeat(indent), line.replace("NAME", name)),
        planted: Some(id),
        name: line.contains("NAME").then(|| name.to_owned()),
    };
    secret.lines().map(line).collect()
}

impl Project {
    fn next_id(&mut self, template: &'static str) -> usize {
        self.templates.push(template);
        self.templates.len() - 1
    }
}
