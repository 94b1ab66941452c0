//! Distributions: their namespace in package URLs, their ecosystem in OSV, and how each writes a release.

/// How OSV writes the release of a distribution.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Release {
    /// Not at all.
    None,
    /// As it is: `Mageia:9`, `openEuler:24.03-LTS`.
    Whole,
    /// Only the first number: `AlmaLinux:9` of 9.3.
    Major,
    /// The first two numbers after a `v`: `Alpine:v3.19` of 3.19.1.
    Branch,
    /// Year and month, `:LTS` after those of an even April: `Ubuntu:22.04:LTS`.
    Ubuntu,
    /// A marketing name, of which package URLs have only the number: `openSUSE:Leap 15.5`.
    Suse,
}

struct Distro {
    kind: &'static str,
    /// The namespace in package URLs, which is also the `ID` of `os-release`; the usual one first.
    namespaces: &'static [&'static str],
    ecosystem: &'static str,
    release: Release,
}

const fn distro(
    kind: &'static str,
    namespaces: &'static [&'static str],
    ecosystem: &'static str,
    release: Release,
) -> Distro {
    Distro { kind, namespaces, ecosystem, release }
}

const DISTROS: &[Distro] = &[
    distro("apk", &["alpine"], "Alpine", Release::Branch),
    distro("apk", &["alpaquita"], "Alpaquita", Release::Whole),
    distro("apk", &["bellsoft-hardened-containers"], "BellSoft Hardened Containers", Release::Whole),
    distro("apk", &["chainguard"], "Chainguard", Release::None),
    distro("apk", &["minimos"], "MinimOS", Release::None),
    distro("apk", &["wolfi"], "Wolfi", Release::None),
    distro("deb", &["debian"], "Debian", Release::Major),
    distro("deb", &["echo"], "Echo", Release::None),
    distro("deb", &["ubuntu"], "Ubuntu", Release::Ubuntu),
    distro("rpm", &["almalinux"], "AlmaLinux", Release::Major),
    distro("rpm", &["azurelinux"], "Azure Linux", Release::Major),
    distro("rpm", &["mageia"], "Mageia", Release::Whole),
    distro("rpm", &["openeuler"], "openEuler", Release::Whole),
    distro("rpm", &["opensuse", "opensuse-leap", "opensuse-tumbleweed"], "openSUSE", Release::Suse),
    distro("rpm", &["photon"], "Photon OS", Release::Whole),
    distro("rpm", &["redhat", "rhel"], "Red Hat", Release::None),
    distro("rpm", &["rocky", "rocky-linux", "rockylinux"], "Rocky Linux", Release::Major),
    distro("rpm", &["suse", "sles", "sled"], "SUSE", Release::Suse),
];

/// Names of releases and their numbers (distro-info-data).
const CODENAMES: &[(&str, &str)] = &[
    ("squeeze", "6"),
    ("wheezy", "7"),
    ("jessie", "8"),
    ("stretch", "9"),
    ("buster", "10"),
    ("bullseye", "11"),
    ("bookworm", "12"),
    ("trixie", "13"),
    ("forky", "14"),
    ("trusty", "14.04"),
    ("xenial", "16.04"),
    ("bionic", "18.04"),
    ("focal", "20.04"),
    ("jammy", "22.04"),
    ("noble", "24.04"),
    ("resolute", "26.04"),
];

/// The ecosystem of a namespace and a release such as `debian-12`, `12` or `bookworm`.
pub(super) fn ecosystem(namespace: &str, distro: Option<&str>) -> Option<String> {
    let known = DISTROS.iter().find(|known| known.namespaces.contains(&namespace))?;
    let release = distro.map(|distro| number(known, distro)).unwrap_or_default();
    Some(match suffix(known, distro.unwrap_or_default(), release) {
        suffix if suffix.is_empty() => known.ecosystem.to_owned(),
        suffix => format!("{}:{suffix}", known.ecosystem),
    })
}

/// Type, namespace and `distro` qualifier of an ecosystem; the qualifier is empty without a release.
pub(super) fn of_ecosystem(family: &str, release: &str) -> Option<(&'static str, &'static str, String)> {
    let known = DISTROS.iter().find(|known| known.ecosystem == family)?;
    let namespace = known.namespaces.first()?;
    let release = release.trim_start_matches("Pro:").trim_end_matches(":LTS");
    let number = match known.release {
        Release::None => "",
        Release::Branch => release.trim_start_matches('v'),
        Release::Suse => release.rsplit(' ').find(|word| starts_with_digit(word)).unwrap_or_default(),
        _ => release,
    };
    let distro = if number.is_empty() { String::new() } else { format!("{namespace}-{number}") };
    Some((known.kind, namespace, distro))
}

/// The number of a release: what follows the distribution's own name, or the number behind a code name.
fn number<'a>(known: &Distro, distro: &'a str) -> &'a str {
    let named =
        known.namespaces.iter().filter_map(|namespace| distro.strip_prefix(namespace)?.strip_prefix('-'));
    let release = named.min_by_key(|rest| rest.len()).unwrap_or(distro);
    CODENAMES.iter().find(|(name, _)| *name == release).map_or(release, |(_, number)| number)
}

fn suffix(known: &Distro, distro: &str, release: &str) -> String {
    match known.release {
        Release::None => String::new(),
        Release::Whole => release.to_owned(),
        Release::Major => release.split('.').next().unwrap_or_default().to_owned(),
        Release::Branch if starts_with_digit(release.trim_start_matches('v')) => {
            format!("v{}", two_numbers(release.trim_start_matches('v')))
        }
        Release::Branch => release.to_owned(),
        Release::Ubuntu => ubuntu(&two_numbers(release)),
        Release::Suse => suse(known, distro, release),
    }
}

fn ubuntu(release: &str) -> String {
    let is_even = |year: &str| year.parse::<u16>().is_ok_and(|year| year % 2 == 0);
    match release.split_once('.') {
        Some((year, "04")) if is_even(year) => format!("{release}:LTS"),
        _ => release.to_owned(),
    }
}

/// openSUSE Leap and Tumbleweed; the enterprise products, whose releases are written `15.5` and named `15 SP5`.
fn suse(known: &Distro, distro: &str, release: &str) -> String {
    if !starts_with_digit(release) {
        return if distro.contains("tumbleweed") { "Tumbleweed".to_owned() } else { String::new() };
    }
    if known.ecosystem == "openSUSE" {
        return if distro.contains("tumbleweed") {
            "Tumbleweed".to_owned()
        } else {
            format!("Leap {release}")
        };
    }
    let product = if distro.starts_with("sled") { "Desktop" } else { "Server" };
    match release.split_once('.') {
        Some((major, "0")) => format!("Linux Enterprise {product} {major}"),
        Some((major, pack)) if major < "16" => format!("Linux Enterprise {product} {major} SP{pack}"),
        _ => format!("Linux Enterprise {product} {release}"),
    }
}

fn two_numbers(release: &str) -> String {
    let mut numbers = release.split('.');
    match (numbers.next(), numbers.next()) {
        (Some(first), Some(second)) => format!("{first}.{second}"),
        _ => release.to_owned(),
    }
}

fn starts_with_digit(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
}
