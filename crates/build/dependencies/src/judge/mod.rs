//! From what a target is made of to what is wrong with it.

mod audit;
mod commands;
mod data;
mod finding;
mod licence;
mod lifetime;
mod open;
mod plan;
mod remedy;
mod rules;
mod unite;
mod upgrades;
mod weight;

use andon_model::{AdvisoryData, Finding, Gap, Upgrade};

use audit::{Audit, Audited};
use data::Data;
use plan::Plan;
use unite::{Judgement, unite};

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
                audited.push((part, answer));
            }
            Audit::Left(reason) => open.left(part, reason),
            Audit::Damaged(error) => open.damaged(&error),
        }
    }
    let planned = |(part, answer)| Judgement { part, plan: Plan::of(&answer, &data), answer };
    let judged: Vec<Judgement<'_>> = audited.into_iter().map(planned).collect();
    let common = unite(&judged);
    let told = common.iter().filter_map(|common| finding::vulnerability(common, &settings.vex));
    let told: Vec<_> = told.collect();
    let upgrades = upgrades::upgrades(collected, &told);
    findings.extend(told.into_iter().map(|told| told.finding));
    let policy = settings.licences.iter();
    findings.extend(policy.flat_map(|policy| licence::findings(&collected.parts, policy)));
    findings.extend(lifetime::findings(&collected.distributions, settings.now));
    gaps.extend(open.gaps(data.any()));
    Judged { findings, gaps, upgrades, advisories: data.describe() }
}
