//! From what a target is made of to what is wrong with it.

mod audit;
mod commands;
mod data;
mod finding;
mod licence;
mod lifetime;
mod open;
mod rules;
mod upgrades;
mod weight;

use andon_model::{AdvisoryData, Finding, Gap, Upgrade};

use audit::{Audit, Audited};
use data::Data;

use crate::inventory::{Collected, Part};
use crate::settings::Settings;

pub(crate) use rules::rules;

/// What is wrong with a target.
#[derive(Debug, Default)]
pub(crate) struct Judged {
    pub(crate) findings: Vec<Finding>,
    pub(crate) gaps: Vec<Gap>,
    pub(crate) upgrades: Vec<Upgrade>,
    pub(crate) advisories: Option<AdvisoryData>,
}

pub(crate) fn judge(collected: &Collected, settings: &Settings) -> Judged {
    let (data, mut gaps) = Data::open(settings);
    let mut findings = Vec::new();
    let mut audited: Vec<(&Part, Audited<'_>)> = Vec::new();
    let mut open = open::Open::default();
    let identities: Vec<_> = collected.parts.iter().map(audit::identity).collect();
    for (part, identity) in collected.parts.iter().zip(&identities) {
        match data.audit(identity) {
            Audit::Done(answer) => {
                open.undetermined(part, &answer);
                let found = answer.vulnerabilities.iter();
                findings.extend(found.map(|found| finding::vulnerability(part, found, &settings.vex)));
                audited.push((part, answer));
            }
            Audit::Left(reason) => open.left(part, reason),
            Audit::Damaged(error) => open.damaged(&error),
        }
        findings.extend(settings.licences.as_ref().and_then(|policy| licence::finding(part, policy)));
    }
    findings.extend(lifetime::findings(&collected.distributions, settings.now));
    gaps.extend(open.gaps(data.any()));
    let upgrades = upgrades::upgrades(collected, &audited, &data);
    Judged { findings, gaps, upgrades, advisories: data.describe() }
}
