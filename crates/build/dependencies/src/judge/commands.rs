use andon_model::Relation;
use andon_packages::Format;

use crate::inventory::Part;

/// The package manager's command that brings a component to a version; `None` where a person has to edit a file.
pub(super) fn command(part: &Part, to: &str) -> Option<String> {
    let name = part.purl.native_name();
    if !is_plain(&name) || !is_plain(to) {
        return None;
    }
    let direct = part.component.relation == Relation::Direct;
    let development = part.component.scope == andon_model::Scope::Development;
    let from = part.component.version.as_deref().filter(|from| is_plain(from));
    let of = |format: &Format| match (format, from) {
        // Without the version the name may mean several packages of one lock file.
        (Format::CargoLock, Some(from)) => Some(format!("cargo update {name}@{from} --precise {to}")),
        _ => of_format(*format, &name, to, direct, development),
    };
    part.formats.iter().find_map(of)
}

fn of_format(format: Format, name: &str, to: &str, direct: bool, development: bool) -> Option<String> {
    Some(match (format, direct) {
        (Format::PackageLock, true) => {
            format!("npm install {}{name}@{to}", if development { "--save-dev " } else { "" })
        }
        (Format::PackageLock, false) => format!("npm update {name}"),
        (Format::YarnLock, true) => {
            format!("yarn add {}{name}@{to}", if development { "--dev " } else { "" })
        }
        (Format::YarnLock, false) => format!("yarn up --recursive {name}"),
        (Format::PnpmLock, true) => {
            format!("pnpm add {}{name}@{to}", if development { "--save-dev " } else { "" })
        }
        (Format::PnpmLock, false) => format!("pnpm update --depth Infinity {name}"),
        (Format::BunLock, true) => format!("bun add {}{name}@{to}", if development { "--dev " } else { "" }),
        (Format::PoetryLock, _) => format!("poetry update {name}"),
        (Format::UvLock | Format::Pylock, _) => format!("uv lock --upgrade-package {name}=={to}"),
        (Format::PipfileLock, _) => format!("pipenv upgrade {name}=={to}"),
        (Format::CargoLock, _) => format!("cargo update {name} --precise {to}"),
        (Format::GoMod, _) if name == "stdlib" => format!("go get go@{to}"),
        (Format::GoMod, _) => format!("go get {name}@{}", with_v(to)),
        (Format::GemfileLock, _) => format!("bundle update --conservative {name}"),
        (Format::ComposerLock, true) => {
            format!("composer require {}{name}:^{to}", if development { "--dev " } else { "" })
        }
        (Format::ComposerLock, false) => format!("composer update {name} --with-dependencies"),
        (Format::NugetLock, true) => format!("dotnet add package {name} --version {to}"),
        (Format::DpkgStatus, _) => format!("apt-get install --only-upgrade {name}"),
        (Format::ApkInstalled, _) => format!("apk upgrade {name}"),
        _ => return None,
    })
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

    #[test]
    fn each_package_manager_has_its_own() {
        let check = |format, name: &str, direct, expected: Option<&str>| {
            assert_eq!(of_format(format, name, "1.2.3", direct, false).as_deref(), expected, "{format:?}");
        };
        check(Format::PackageLock, "@a/b", true, Some("npm install @a/b@1.2.3"));
        check(Format::CargoLock, "time", false, Some("cargo update time --precise 1.2.3"));
        check(Format::GoMod, "golang.org/x/net", true, Some("go get golang.org/x/net@v1.2.3"));
        check(Format::Requirements, "flask", true, None);
    }

    #[test]
    fn nothing_that_a_shell_would_read_otherwise_is_shown() {
        for (text, plain) in [("a-b", true), ("a;b", false), ("$(x)", false), ("-rf", false), ("", false)] {
            assert_eq!(is_plain(text), plain, "{text}");
        }
    }
}
