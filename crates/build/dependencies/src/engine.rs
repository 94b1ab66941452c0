use andon_model::{
    BINARY, Content, Engine, EngineInfo, Examined, Form, Interest, Inventory, Outcome, RuleDescription,
    Snapshot, Stage, Unit, View,
};
use andon_packages::{Format, executable_format, format_of, parse};

use crate::facts::{Facts, INCLUDABLE, OWNED, form_of, format_of_form};
use crate::inventory::collect;
use crate::judge;
use crate::settings::Settings;

/// The engine's name.
pub const NAME: &str = "dependencies";

/// Counts versions of what is remembered of a content.
const VERSION: u32 = 3;

/// Larger text files are no requirements that another file includes, in bytes.
const LARGEST_INCLUDABLE: usize = 64 << 10;

/// Says what a target is made of and what is wrong with it.
pub struct Dependencies {
    settings: Settings,
}

impl Dependencies {
    /// The engine, with what it judges by.
    pub fn new(settings: Settings) -> Self {
        Self { settings }
    }
}

impl Engine for Dependencies {
    fn info(&self) -> EngineInfo {
        let mut hasher = blake3::Hasher::new();
        hasher
            .update(NAME.as_bytes())
            .update(env!("CARGO_PKG_VERSION").as_bytes())
            .update(&VERSION.to_le_bytes());
        EngineInfo {
            name: NAME,
            stage: Stage::Build,
            digest: *hasher.finalize().as_bytes(),
            rules_loaded: judge::rules().len() as u64,
            rules_rejected: Vec::new(),
            packs: vec!["andon".to_owned()],
            view: View::Tree,
        }
    }

    fn interest(&self, path: &str) -> Interest {
        if let Some(format) = format_of(path).filter(|format| *format != Format::RpmDatabase) {
            return Interest::As(form_of(format));
        }
        if is_list_of_dpkg(path) {
            return Interest::As(OWNED);
        }
        if may_be_included(path) {
            return Interest::As(INCLUDABLE);
        }
        if may_be_program(path) { Interest::Binary } else { Interest::None }
    }

    fn wants_binary(&self, head: &[u8]) -> bool {
        const MAGICS: &[&[u8]] = &[
            b"\x7fELF",
            b"MZ",
            b"\xfe\xed\xfa\xce",
            b"\xfe\xed\xfa\xcf",
            b"\xce\xfa\xed\xfe",
            b"\xcf\xfa\xed\xfe",
            b"\xca\xfe\xba\xbe",
        ];
        MAGICS.iter().any(|magic| head.starts_with(magic))
    }

    fn expects_text(&self, form: Form) -> bool {
        form != INCLUDABLE
    }

    fn examine(&self, content: &Content<'_>) -> Examined {
        let listing = match content.form {
            BINARY => executable_format(content.bytes).map(|format| parse(format, content.bytes)),
            OWNED => return Examined { facts: owned(content.bytes), ..Examined::default() },
            INCLUDABLE => return Examined { facts: includable(content.bytes), ..Examined::default() },
            form => format_of_form(form).map(|format| parse(format, content.bytes)),
        };
        let facts = listing.map(|listing| Facts::Listing(Box::new(listing)).encode());
        Examined { facts: facts.unwrap_or_default(), ..Examined::default() }
    }

    fn examine_path(&self, path: &str) -> Option<Vec<u8>> {
        if is_java_archive(path) {
            return Some(Facts::JavaArchive.encode());
        }
        let format = format_of(path).filter(|format| *format == Format::RpmDatabase)?;
        Some(Facts::Listing(Box::new(parse(format, &[]))).encode())
    }

    fn combine(&self, units: &[Unit], _snapshot: &dyn Snapshot) -> Outcome {
        let collected = collect(units, &self.settings.listed);
        let judged = judge::judge(&collected, &self.settings);
        let mut gaps = collected.gaps;
        gaps.extend(judged.gaps);
        gaps.extend(self.settings.listed_gaps.iter().cloned());
        let components = collected.parts.into_iter().map(|part| part.component).collect();
        let inventory = Inventory { components, advisories: judged.advisories, upgrades: judged.upgrades };
        Outcome { findings: judged.findings, gaps, inventory: Some(inventory), ..Outcome::default() }
    }

    fn rules(&self) -> Vec<RuleDescription> {
        judge::rules()
    }
}

/// `var/lib/dpkg/info/NAME.list`: the files that a package brought.
fn is_list_of_dpkg(path: &str) -> bool {
    path.strip_suffix(".list")
        .and_then(|path| path.rsplit_once('/'))
        .is_some_and(|(folder, _)| folder == "var/lib/dpkg/info" || folder.ends_with("/var/lib/dpkg/info"))
}

/// The files of such a list that list packages themselves.
fn owned(list: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(list);
    let paths = text.lines().filter_map(|line| line.strip_prefix('/'));
    let paths: Vec<String> =
        paths.filter(|path| format_of(path).is_some() || is_java_archive(path)).map(str::to_owned).collect();
    if paths.is_empty() { Vec::new() } else { Facts::Owned(paths).encode() }
}

/// Requirements files include others whatever they are called: `-r base.txt`.
fn may_be_included(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, ending)| matches!(ending, "txt" | "in" | "pip"))
}

/// What a text file asks for, when every line of it reads as a requirements file's.
fn includable(bytes: &[u8]) -> Vec<u8> {
    if bytes.len() > LARGEST_INCLUDABLE {
        return Vec::new();
    }
    let listing = parse(Format::Requirements, bytes);
    let asks = !listing.packages.is_empty() || !listing.includes.is_empty();
    let reads = asks && listing.problems.is_empty();
    if reads { Facts::Includable(Box::new(listing)).encode() } else { Vec::new() }
}

fn is_java_archive(path: &str) -> bool {
    let ending = path.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    ending.is_some_and(|ending| matches!(ending.as_str(), "jar" | "war" | "ear"))
}

/// Programs have no ending on most systems, and few on others.
fn may_be_program(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    match name.rsplit_once('.') {
        None => true,
        Some((_, ending)) => {
            let ending = ending.to_ascii_lowercase();
            matches!(ending.as_str(), "exe" | "dll" | "so" | "dylib" | "node" | "bin" | "elf")
                || name.contains(".so.")
                || ending.bytes().all(|byte| byte.is_ascii_digit())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_that_are_worth_a_look() {
        let engine = Dependencies::new(Settings::at(jiff::Timestamp::UNIX_EPOCH));
        let check = |path: &str, expected: Interest| assert_eq!(engine.interest(path), expected, "{path}");
        check("a/Cargo.lock", Interest::As(form_of(Format::CargoLock)));
        check("usr/bin/tool", Interest::Binary);
        check("usr/lib/libz.so.1.2.13", Interest::Binary);
        check("usr/bin/python3.11", Interest::Binary);
        check("src/main.rs", Interest::None);
        check("var/lib/dpkg/info/bash.list", Interest::As(OWNED));
        check("notes/bash.list", Interest::None);
        check("deps/base.txt", Interest::As(INCLUDABLE));
        check("var/lib/rpm/Packages", Interest::Binary);
        assert!(engine.examine_path("var/lib/rpm/Packages").is_some());
        assert!(engine.examine_path("lib/a.JAR").is_some() && engine.examine_path("a.txt").is_none());
    }

    #[test]
    fn only_files_that_list_packages_are_remembered_as_owned() {
        let list = b"/.\n/usr/bin/x\n/usr/lib/python3/dist-packages/six-1.16.0.dist-info/METADATA\n";
        let Some(Facts::Owned(paths)) = Facts::decode(&owned(list)) else { unreachable!() };
        assert_eq!(paths, ["usr/lib/python3/dist-packages/six-1.16.0.dist-info/METADATA"]);
        assert!(owned(b"/usr/bin/x\n").is_empty());
    }
}
