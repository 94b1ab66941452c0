use andon_model::{Relation, Scope};
use andon_packages::Format;

use crate::inventory::Part;

/// The package manager's command that brings a component to a version; `None` where a person has to edit a file.
/// `alone`: there is no other version of the package, so that one may be set for all who need it.
pub(super) fn command(part: &Part, to: &str, alone: bool) -> Option<String> {
    let name = part.purl.native_name();
    if !is_plain(&name) || !is_plain(to) {
        return None;
    }
    let update = Update {
        name: &name,
        from: part.component.version.as_deref().filter(|from| is_plain(from)),
        to,
        direct: part.component.relation == Relation::Direct,
        scope: part.component.scope,
        alone,
    };
    let locked = part.formats.iter().find_map(|format| update.command(*format));
    // A manifest alone says nothing of the package manager.
    let asked = update.direct && part.formats.contains(&Format::PackageJson);
    locked.or_else(|| update.command(Format::PackageLock).filter(|_| asked))
}

/// What to do where no command reaches a version because of what brings the component in.
pub(super) fn hint(part: &Part) -> Option<String> {
    if part.component.relation == Relation::Direct {
        return None;
    }
    let key = part.formats.iter().find_map(|format| match format {
        Format::PackageLock | Format::BunLock => Some("`overrides` in package.json"),
        Format::YarnLock | Format::YarnClassicLock => Some("`resolutions` in package.json"),
        Format::PnpmLock => {
            Some("`overrides` in pnpm-workspace.yaml, before pnpm 10 `pnpm.overrides` in package.json")
        }
        Format::PoetryLock
        | Format::UvLock
        | Format::PipfileLock
        | Format::CargoLock
        | Format::GemfileLock
        | Format::ComposerLock => Some(""),
        _ => None,
    })?;
    let otherwise = if key.is_empty() { String::new() } else { format!(", or set the version under {key}") };
    let name = &part.component.name;
    Some(format!(
        "Other components bring it in (`andon why {name}` shows which); where they ask for an older version, update them \
         first{otherwise}."
    ))
}

/// A component on its way to a version.
struct Update<'a> {
    name: &'a str,
    from: Option<&'a str>,
    to: &'a str,
    direct: bool,
    scope: Scope,
    alone: bool,
}

impl Update<'_> {
    fn command(&self, format: Format) -> Option<String> {
        let Self { name, to, .. } = self;
        match format {
            Format::PackageLock
            | Format::YarnLock
            | Format::YarnClassicLock
            | Format::PnpmLock
            | Format::BunLock => self.javascript(format),
            // It may leave the range that the manifest states, which `update` never does.
            Format::PoetryLock if self.direct => {
                Some(format!("poetry add {}{name}@{to}", self.kind("--group dev ", "--optional ")))
            }
            Format::PoetryLock => Some(format!("poetry update {name}")),
            Format::UvLock | Format::Pylock => Some(format!("uv lock --upgrade-package {name}=={to}")),
            Format::PipfileLock => Some(format!("pipenv upgrade {name}=={to}")),
            Format::CargoLock => self.cargo(),
            Format::GoMod if *name == "stdlib" => Some(format!("go get go@{to}")),
            Format::GoMod => Some(format!("go get {name}@{}", with_v(to))),
            Format::GemfileLock => Some(format!("bundle update --conservative {name}")),
            Format::ComposerLock if self.direct => {
                Some(format!("composer require {}{name}:^{to}", self.kind("--dev ", "")))
            }
            Format::ComposerLock => Some(format!("composer update {name} --with-dependencies")),
            Format::NugetLock if self.direct => Some(format!("dotnet add package {name} --version {to}")),
            Format::DpkgStatus => Some(format!("apt-get install --only-upgrade {name}")),
            Format::ApkInstalled => Some(format!("apk upgrade {name}")),
            _ => None,
        }
    }

    /// What others bring in moves by itself within the ranges they ask for, which are mostly those of one line of
    /// versions; beyond that the project has to set the version for all.
    fn javascript(&self, format: Format) -> Option<String> {
        let Self { name, to, .. } = self;
        let (development, optional) = match format {
            Format::BunLock => ("--dev ", "--optional "),
            _ => ("--save-dev ", "--save-optional "),
        };
        let kind = self.kind(development, optional);
        let set = |key: &str, install: &str| {
            // A dot in a name would lead further down.
            let key = if name.contains('.') {
                format!("\"{key}[{name}]={to}\"")
            } else {
                format!("{key}.{name}={to}")
            };
            self.alone.then(|| format!("npm pkg set {key} && {install}"))
        };
        let near = self.is_near();
        match format {
            Format::PackageLock if self.direct => Some(format!("npm install {kind}{name}@{to}")),
            Format::PackageLock if near => Some(format!("npm update {name}")),
            Format::PackageLock => set("overrides", "npm install"),
            Format::YarnClassicLock if self.direct => Some(format!("yarn upgrade {name}@{to}")),
            Format::YarnClassicLock => set("resolutions", "yarn install"),
            Format::YarnLock if self.direct => Some(format!("yarn up {name}@{to}")),
            Format::YarnLock if near => Some(format!("yarn up --recursive {name}")),
            Format::YarnLock => set("resolutions", "yarn install"),
            Format::PnpmLock if self.direct => Some(format!("pnpm add {kind}{name}@{to}")),
            Format::PnpmLock if near => Some(format!("pnpm update --depth Infinity {name}")),
            Format::PnpmLock => set("pnpm.overrides", "pnpm install"),
            Format::BunLock if self.direct => Some(format!("bun add {kind}{name}@{to}")),
            Format::BunLock => set("overrides", "bun install"),
            _ => None,
        }
    }

    fn cargo(&self) -> Option<String> {
        let Self { name, to, .. } = self;
        match self.from {
            // Without the version the name may mean several packages of one lock file.
            Some(from) if self.is_near() => Some(format!("cargo update {name}@{from} --precise {to}")),
            Some(_) if self.direct && self.scope == Scope::Runtime => Some(format!("cargo add {name}@{to}")),
            Some(_) => None,
            None => Some(format!("cargo update {name} --precise {to}")),
        }
    }

    fn kind(&self, development: &'static str, optional: &'static str) -> &'static str {
        match self.scope {
            Scope::Development => development,
            Scope::Optional => optional,
            Scope::Runtime => "",
        }
    }

    /// Whether ranges such as `^1.2.3`, which are the custom, hold for both versions.
    fn is_near(&self) -> bool {
        let numbers = |version: &str| -> Vec<u64> {
            let core = version.split(['-', '+']).next().unwrap_or_default();
            core.split('.').map_while(|part| part.parse().ok()).collect()
        };
        let (from, to) = (self.from.map(numbers).unwrap_or_default(), numbers(self.to));
        let decisive = from.iter().position(|number| *number > 0);
        decisive.is_some_and(|at| from.get(..=at) == to.get(..=at))
    }
}

fn with_v(version: &str) -> String {
    if version.starts_with('v') { version.to_owned() } else { format!("v{version}") }
}

/// What may stand in a command that people copy into a shell.
fn is_plain(text: &str) -> bool {
    !text.is_empty()
        && !text.starts_with('-')
        && text.chars().all(|letter| letter.is_ascii_alphanumeric() || "@/._-+:~".contains(letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn update<'a>(name: &'a str, to: &'a str, direct: bool) -> Update<'a> {
        Update { name, from: Some("1.0.0"), to, direct, scope: Scope::Runtime, alone: true }
    }

    #[test]
    fn each_package_manager_has_its_own() {
        let check = |format, name: &str, to: &str, direct, expected: Option<&str>| {
            assert_eq!(update(name, to, direct).command(format).as_deref(), expected, "{format:?}");
        };
        check(Format::PackageLock, "@a/b", "1.2.3", true, Some("npm install @a/b@1.2.3"));
        check(Format::PackageLock, "@a/b", "1.2.3", false, Some("npm update @a/b"));
        check(
            Format::PackageLock,
            "@a/b",
            "2.0.0",
            false,
            Some("npm pkg set overrides.@a/b=2.0.0 && npm install"),
        );
        check(
            Format::PackageLock,
            "a.b",
            "2.0.0",
            false,
            Some("npm pkg set \"overrides[a.b]=2.0.0\" && npm install"),
        );
        check(Format::YarnClassicLock, "a", "2.0.0", true, Some("yarn upgrade a@2.0.0"));
        check(
            Format::YarnClassicLock,
            "a",
            "1.2.3",
            false,
            Some("npm pkg set resolutions.a=1.2.3 && yarn install"),
        );
        check(Format::YarnLock, "a", "2.0.0", true, Some("yarn up a@2.0.0"));
        check(Format::YarnLock, "a", "1.2.3", false, Some("yarn up --recursive a"));
        check(Format::PoetryLock, "a", "2.0.0", true, Some("poetry add a@2.0.0"));
        check(Format::PoetryLock, "a", "2.0.0", false, Some("poetry update a"));
        check(Format::CargoLock, "time", "1.2.3", false, Some("cargo update time@1.0.0 --precise 1.2.3"));
        check(Format::CargoLock, "time", "2.0.0", true, Some("cargo add time@2.0.0"));
        check(Format::CargoLock, "time", "2.0.0", false, None);
        check(Format::GoMod, "golang.org/x/net", "1.2.3", true, Some("go get golang.org/x/net@v1.2.3"));
        check(Format::Requirements, "flask", "1.2.3", true, None);
    }

    #[test]
    fn a_version_is_set_for_all_only_where_there_is_one() {
        let update = Update { alone: false, ..update("a", "2.0.0", false) };
        assert_eq!(update.command(Format::PackageLock), None);
    }

    #[test]
    fn lines_of_versions() {
        let check = |from, to, expected| {
            let update = Update { from: Some(from), ..update("a", to, false) };
            assert_eq!(update.is_near(), expected, "{from} {to}");
        };
        check("1.2.3", "1.9.0", true);
        check("1.2.3", "2.0.0", false);
        check("0.2.3", "0.2.4", true);
        check("0.2.3", "0.3.0", false);
        check("0.0.3", "0.0.4", false);
        check("x", "1.0.0", false);
    }

    #[test]
    fn nothing_that_a_shell_would_read_otherwise_is_shown() {
        for (text, plain) in [("a-b", true), ("a;b", false), ("$(x)", false), ("-rf", false), ("", false)] {
            assert_eq!(is_plain(text), plain, "{text}");
        }
    }
}
