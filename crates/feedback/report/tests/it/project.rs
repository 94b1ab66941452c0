//! Reports of projects with components, as the engine of dependencies makes them.

use andon_model::*;

use crate::sample::{place, report, settle};

pub(crate) fn component(kind: &str, name: &str, version: &str, relation: Relation) -> Component {
    Component {
        purl: format!("pkg:{kind}/{name}@{version}"),
        name: name.into(),
        version: (!version.is_empty()).then(|| version.into()),
        relation,
        locations: vec![place("package-lock.json", 123, (7, 20), "")],
        ..Component::default()
    }
}

/// What an advisory says about a component; `facts` are properties.
pub(crate) fn advisory(
    of: &Component,
    ids: &str,
    severity: Severity,
    about: &str,
    facts: &[(&str, &str)],
) -> Finding {
    let id = ids.split(' ').next().unwrap_or_default();
    let label = format!("{} {}", of.name, of.version.as_deref().unwrap_or_default());
    let mut found = finding("vulnerable-dependency", of, id, severity, &format!("{label}: {about} ({id})"));
    found.message = format!("{label} is affected by {}", ids.replace(' ', ", "));
    found.advisory = Some(id.into());
    found.properties = facts.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
    found.properties.insert("ids".into(), ids.into());
    if let Some(fixed) = found.properties.get("fixed") {
        found.fix = Some(Fix { description: format!("Update {} to {fixed}.", of.name) });
    }
    found
}

pub(crate) fn finding(rule: &str, of: &Component, id: &str, severity: Severity, title: &str) -> Finding {
    let mut found = crate::sample::finding(rule, severity, title, of.locations.clone());
    let package = of.purl.split('@').next().unwrap_or_default();
    let print = Fingerprint::new("dependency/1", &[rule.as_bytes(), id.as_bytes(), package.as_bytes()]);
    found.fingerprints = Fingerprints::only(print);
    found.stage = Stage::Build;
    found.engine = "dependencies".into();
    found.subject = Some(Subject::Component(of.purl.clone()));
    found.cwe = Vec::new();
    found
}

pub(crate) fn upgrade(of: &Component, to: &str, removes: &[&Finding], command: Option<&str>) -> Upgrade {
    Upgrade {
        purl: of.purl.clone(),
        name: of.name.clone(),
        from: of.version.clone().unwrap_or_default(),
        to: to.into(),
        removes: removes.iter().map(|finding| finding.fingerprints.primary.0.clone()).collect(),
        command: command.map(str::to_owned),
        through: None,
    }
}

pub(crate) fn advisories() -> AdvisoryData {
    AdvisoryData {
        advisories: 21_322,
        updated: "2026-11-20T03:00:00Z".into(),
        age_seconds: 2 * 86_400 + 7_000,
        ecosystems: vec!["npm".into(), "PyPI".into()],
        digest: "ab".repeat(32),
    }
}

/// A project of two ecosystems with findings of every kind.
pub(crate) fn project() -> ScanReport {
    use Severity::{Critical, High, Low, Medium};
    let lodash = component("npm", "lodash", "4.17.20", Relation::Transitive);
    let express = component("npm", "express", "4.17.1", Relation::Direct);
    let axios = component("npm", "axios", "0.21.0", Relation::Direct);
    let django = Component {
        locations: vec![
            place("service/requirements.txt", 4, (1, 14), ""),
            place("tools/requirements.txt", 9, (1, 14), ""),
        ],
        ..component("pypi", "django", "3.2.1", Relation::Direct)
    };
    let stream = component("npm", "flatmap-stream", "0.1.1", Relation::Transitive);
    let request = component("npm", "request", "2.88.2", Relation::Direct);
    let font = component("npm", "font-tool", "1.0.0", Relation::Direct);
    let [injection, redos, trim] = of_lodash(&lodash);
    let ssrf = advisory(&axios, "CVE-2020-28168", Medium, "Server-side request forgery", &[("score", "5.9")]);
    let sql: Vec<Finding> = (0..7)
        .map(|n| advisory(&django, &format!("CVE-2022-2834{n}"), if n < 2 { High } else { Low }, "SQL injection in QuerySet.annotate(), aggregate(), and extra() of Django, which takes any name", &[("score", "8.1"), ("epss", "0.031")]))
        .collect();
    let mut evil = advisory(&stream, "MAL-2025-20690", Critical, "Malicious code in flatmap-stream", &[]);
    evil.rule.id = "malicious-dependency".into();
    let open = advisory(
        &request,
        "GHSA-p8p7-x288-28g6",
        Medium,
        "Server-side request forgery in Request",
        &[("score", "6.1"), ("epss", "0.012")],
    );
    let mut left = advisory(&request, "OSV-2020-1", Low, "Nobody maintains request", &[]);
    left.rule.id = "unmaintained-dependency".into();
    let (licence, vex) = (forbidden(&font), denied_by_vex(&express));
    let upgrades = vec![
        upgrade(&django, "3.2.14", &sql.iter().collect::<Vec<_>>(), None),
        Upgrade {
            through: Some(express.purl.clone()),
            ..upgrade(&lodash, "4.17.21", &[&injection, &redos, &trim], Some("npm update lodash"))
        },
        upgrade(&axios, "0.21.4", &[&ssrf], Some("npm install axios@0.21.4")),
    ];
    let mut findings = vec![injection, redos, trim, ssrf, evil, open, left, licence, vex];
    findings.extend(sql);
    let mut report = report(TargetKind::WorkingTree, findings);
    report.rules.push(about_malice());
    report.inventory = Some(Inventory {
        components: vec![axios, express, font, lodash, stream, request, django],
        advisories: Some(advisories()),
        upgrades,
    });
    settle(report)
}

/// Three vulnerabilities that one update removes.
fn of_lodash(lodash: &Component) -> [Finding; 3] {
    use Severity::{Critical, High, Medium};
    let injection = advisory(
        lodash,
        "GHSA-35jh-r3h4-6jhm CVE-2021-23337",
        Critical,
        "Command injection in lodash by way of the template function",
        &[("score", "7.2"), ("epss", "0.94358"), ("exploited", "2026-01-02"), ("fixed", "4.17.21")],
    );
    let redos = advisory(
        lodash,
        "GHSA-29mw-wpgm-hmr9",
        Medium,
        "Regular expression denial of service",
        &[("score", "5.3"), ("epss", "0.002")],
    );
    let trim = advisory(
        lodash,
        "GHSA-x5rq-j2xg-h7qm",
        High,
        "Prototype pollution",
        &[("score", "7.4"), ("epss", "0.0212")],
    );
    [injection, redos, trim]
}

fn forbidden(component: &Component) -> Finding {
    let title = "font-tool 1.0.0 is under AGPL-3.0-only, which the policy denies (`AGPL-*`)";
    finding("forbidden-licence", component, "AGPL-3.0-only", Severity::High, title)
}

fn denied_by_vex(component: &Component) -> Finding {
    let score = [("score", "6.1")];
    let mut vex = advisory(component, "CVE-2024-29041", Severity::Medium, "Open redirect", &score);
    vex.suppression = Some(Suppression {
        kind: SuppressionKind::Vex,
        reason: "not_affected: vulnerable_code_not_in_execute_path".into(),
        owner: Some("Security <security@example.org>".into()),
        expires: None,
        requester: None,
        approver: None,
    });
    vex
}

fn about_malice() -> andon_model::RuleDescription {
    let title = "A component that is itself an attack";
    let mut rule = crate::sample::rule("malicious-dependency", Severity::Critical, title);
    rule.remediation = "Remove it, and change every credential that machines with it could read.".into();
    rule
}

/// Components and no advisories.
pub(crate) fn unaudited() -> ScanReport {
    let mut report = report(TargetKind::WorkingTree, Vec::new());
    let components = vec![
        component("npm", "lodash", "4.17.20", Relation::Direct),
        component("npm", "left", "", Relation::Direct),
    ];
    report.inventory = Some(Inventory { components, ..Inventory::default() });
    let gap =
        |kind, subject: &str, detail: &str| Gap { kind, subject: subject.into(), detail: detail.into() };
    report.coverage.gaps = vec![gap(
        GapKind::NotAudited,
        "advisories",
        "2 components were compared with no advisories, because this machine has none; run `andon db update`",
    )];
    let names = (0..40).map(|n| {
        gap(
            GapKind::Unpinned,
            &format!("apps/{n}/package.json"),
            "left names no exact version and there is no lock file; run `npm install`",
        )
    });
    report.coverage.gaps.extend(names);
    report.coverage.gaps.push(gap(
        GapKind::Unparsable,
        "old/yarn.lock",
        "line 7: a conflict of a merge is in the file",
    ));
    settle(report)
}

/// An image with packages of the distribution.
pub(crate) fn image() -> ScanReport {
    let layer = |index: u32, instruction: &str| LayerRef {
        index,
        digest: format!("sha256:{}", "ab".repeat(32)),
        instruction: instruction.into(),
    };
    let mut openssl = component("deb/debian", "openssl", "3.0.11-1", Relation::Unknown);
    openssl.locations = vec![Location {
        path: "var/lib/dpkg/status".into(),
        layer: Some(layer(3, "RUN /bin/sh -c apt-get update && apt-get install -y openssl # buildkit")),
        at_head: Some(true),
        ..place("", 1_204, (1, 8), "")
    }];
    let system = Component {
        kind: ComponentKind::OperatingSystem,
        ..component("generic", "debian", "12", Relation::Unknown)
    };
    let found = advisory(
        &openssl,
        "CVE-2024-0727",
        Severity::Medium,
        "Denial of service by a file in PKCS12 format",
        &[("score", "5.5"), ("fixed", "3.0.13-1~deb12u1")],
    );
    let upgrades = vec![upgrade(
        &openssl,
        "3.0.13-1~deb12u1",
        &[&found],
        Some("apt-get install --only-upgrade openssl"),
    )];
    let mut key = crate::sample::finding(
        "private-key",
        Severity::High,
        "Private key",
        vec![place("root/.ssh/id", 1, (1, 9), "********")],
    );
    key.locations[0].layer = Some(layer(1, "COPY id /srv/.ssh/id # buildkit"));
    key.locations[0].at_head = Some(false);
    let mut report = report(TargetKind::Image, vec![found, key]);
    report.target.name = "registry.example/shop:1.4".into();
    report.target.image = Some(format!("sha256:{}", "cd".repeat(32)));
    (report.target.head, report.target.branch) = (None, None);
    report.inventory =
        Some(Inventory { components: vec![openssl, system], advisories: Some(advisories()), upgrades });
    settle(report)
}

/// Many components, each with findings.
pub(crate) fn many(count: u32) -> ScanReport {
    let (mut findings, mut upgrades, mut components) = (Vec::new(), Vec::new(), Vec::new());
    for n in 0..count {
        let part = component("npm", &format!("part-{n:03}"), "1.0.0", Relation::Transitive);
        let severity = [Severity::Critical, Severity::High, Severity::Medium, Severity::Low][n as usize % 4];
        let of: Vec<Finding> = (0..=n % 7)
            .map(|k| {
                advisory(&part, &format!("CVE-2025-{n}{k}"), severity, "Something bad", &[("score", "7.5")])
            })
            .collect();
        upgrades.push(upgrade(&part, "1.0.1", &of.iter().collect::<Vec<_>>(), Some("npm update")));
        findings.extend(of);
        components.push(part);
    }
    let mut report = report(TargetKind::WorkingTree, findings);
    report.inventory = Some(Inventory { components, advisories: Some(advisories()), upgrades });
    settle(report)
}

/// Every text of others wants to steer the reader.
pub(crate) fn hostile() -> ScanReport {
    let evil = "\u{1b}[2J\u{1b}]0;owned\u{7}<b>|`@all [a](http://evil.example) \u{202e}\r\nnew";
    let mut report = project();
    let inventory = report.inventory.as_mut().unwrap();
    for component in &mut inventory.components {
        component.name = evil.into();
        component.version = Some(evil.into());
        component.licenses = vec![evil.into()];
        component.purl.push_str(evil);
    }
    for upgrade in &mut inventory.upgrades {
        upgrade.purl.push_str(evil);
        (upgrade.name, upgrade.from, upgrade.to) = (evil.into(), evil.into(), evil.into());
        upgrade.command = Some(evil.into());
        upgrade.through = Some(evil.into());
    }
    inventory.advisories.as_mut().unwrap().updated = evil.into();
    for finding in &mut report.findings {
        finding.title = evil.into();
        finding.advisory = Some(evil.into());
        finding.properties.insert("ids".into(), evil.into());
        finding.properties.insert("score".into(), evil.into());
        finding.subject = finding.subject.take().map(|subject| match subject {
            Subject::Component(purl) => Subject::Component(format!("{purl}{evil}")),
            other => other,
        });
        finding.locations[0].layer =
            Some(LayerRef { index: 1, digest: evil.into(), instruction: evil.into() });
    }
    report
}
