//! What several formats say about components and the findings about them, worked out once. Nothing here is cleaned.

mod groups;
mod line;

use std::collections::BTreeMap;

use andon_model::{AdvisoryData, ComponentKind, Finding, GapKind, Inventory, Relation, ScanReport, Subject};

use crate::facts;
pub(crate) use groups::{Groups, Labels, Update, counts};
pub(crate) use line::Line;

/// Whether it is about a component and not about a place in a file.
pub(crate) fn is_about(finding: &Finding) -> bool {
    matches!(finding.subject, Some(Subject::Component(_)))
}

/// The package URL of the component that it is about.
pub(crate) fn purl(finding: &Finding) -> &str {
    match &finding.subject {
        Some(Subject::Component(purl)) => purl,
        _ => "",
    }
}

/// How much of the components was compared with no advisories.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unaudited {
    All,
    Some,
}

impl Unaudited {
    /// `None` when all were, or when there are none.
    pub(crate) fn of(report: &ScanReport) -> Option<Self> {
        let gap = report.coverage.gaps.iter().any(|gap| gap.kind == GapKind::NotAudited);
        match &report.inventory {
            Some(inventory) if inventory.advisories.is_some() => gap.then_some(Self::Some),
            Some(inventory) => (gap || !is_empty(inventory)).then_some(Self::All),
            None => gap.then_some(Self::All),
        }
    }

    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::All => "components were NOT AUDITED",
            Self::Some => "not all components were audited",
        }
    }
}

/// A distribution alone is nothing that advisories are about.
fn is_empty(inventory: &Inventory) -> bool {
    inventory.components.iter().all(|component| component.kind == ComponentKind::OperatingSystem)
}

/// `1,243 components: 1,102 npm, 141 PyPI (87 direct, 3 unpinned), on debian 12`.
pub(crate) fn contents(inventory: &Inventory) -> String {
    let mut kinds: BTreeMap<&str, u64> = BTreeMap::new();
    let (mut count, mut direct, mut unpinned) = (0u64, 0u64, 0u64);
    let mut systems = Vec::new();
    for component in &inventory.components {
        if component.kind == ComponentKind::OperatingSystem {
            systems.push(format!("{} {}", component.name, component.version.as_deref().unwrap_or_default()));
            continue;
        }
        count += 1;
        direct += u64::from(component.relation == Relation::Direct);
        unpinned += u64::from(component.version.is_none());
        *kinds.entry(ecosystem(&component.purl)).or_default() += 1;
    }
    let mut kinds: Vec<(&str, u64)> = kinds.into_iter().collect();
    kinds.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let kinds: Vec<String> =
        kinds.into_iter().map(|(name, count)| format!("{} {name}", facts::grouped(count))).collect();
    let mut text = if count == 0 { "no components".to_owned() } else { facts::plural64(count, "component") };
    if !kinds.is_empty() {
        text.push_str(&format!(": {}", kinds.join(", ")));
    }
    let aside = [(direct, "direct"), (unpinned, "without a pinned version")];
    let aside = aside.iter().filter(|(count, _)| *count > 0);
    let aside: Vec<String> =
        aside.map(|(count, word)| format!("{} {word}", facts::grouped(*count))).collect();
    if !aside.is_empty() {
        text.push_str(&format!(" ({})", aside.join(", ")));
    }
    if let Some(system) = systems.first() {
        let others = systems.len() - 1;
        let others = if others > 0 {
            format!(" and {}", facts::plural(others, "other distribution"))
        } else {
            String::new()
        };
        text.push_str(&format!(", on {}{others}", system.trim_end()));
    }
    text
}

/// What people call the ecosystem of a package URL.
pub(crate) fn ecosystem(purl: &str) -> &str {
    let mut parts = purl.strip_prefix("pkg:").unwrap_or_default().split(['/', '@', '?', '#']);
    match (parts.next().unwrap_or_default(), parts.next().unwrap_or_default()) {
        ("pypi", _) => "PyPI",
        ("cargo", _) => "Cargo",
        ("golang", _) => "Go",
        ("maven", _) => "Maven",
        ("gem", _) => "RubyGems",
        ("composer", _) => "Composer",
        ("nuget", _) => "NuGet",
        ("github", _) => "GitHub Actions",
        ("deb", "ubuntu") => "Ubuntu",
        ("deb", "debian") => "Debian",
        ("apk", "alpine") => "Alpine",
        ("" | "generic", _) => "other",
        (kind, _) => kind,
    }
}

/// `advisories of 2026-11-20, 2 days old, 21,322 records`.
pub(crate) fn advisories(data: &AdvisoryData) -> String {
    const DAY: u64 = 86_400;
    let is_day = |day: &&str| day.chars().all(|c| c.is_ascii_digit() || c == '-');
    let of = data.updated.get(..10).filter(is_day).map(|day| format!(" of {day}")).unwrap_or_default();
    let age = match data.age_seconds / DAY {
        0 => "less than a day old".to_owned(),
        days => format!("{} old", facts::plural64(days, "day")),
    };
    format!("advisories{of}, {age}, {}", facts::plural64(data.advisories, "record"))
}

/// What components were judged by. Where there is nothing to judge, nothing is said.
pub(crate) fn judged_by(report: &ScanReport) -> Option<String> {
    let data = report.inventory.as_ref()?.advisories.as_ref();
    match (data, Unaudited::of(report)) {
        (Some(data), Some(open)) => Some(format!("{}; {} (see above)", advisories(data), open.words())),
        (Some(data), None) => Some(advisories(data)),
        (None, Some(open)) => {
            Some(format!("no advisories: {}, and nothing is known of their vulnerabilities", open.words()))
        }
        (None, None) => None,
    }
}
