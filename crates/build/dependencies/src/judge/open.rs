use std::collections::BTreeMap;

use andon_advisories::IndexError;
use andon_model::{Gap, GapKind};

use super::audit::{Audited, Left};
use crate::inventory::Part;

/// What could not be judged, counted.
#[derive(Default)]
pub(super) struct Open {
    left: BTreeMap<Left, Vec<String>>,
    gaps: Vec<Gap>,
}

/// More names are not listed in one line.
const EXAMPLES: usize = 5;

impl Open {
    pub(super) fn left(&mut self, part: &Part, reason: Left) {
        if !matches!(reason, Left::Exempt | Left::Unpinned) {
            self.left.entry(reason).or_default().push(part.component.name.clone());
        }
    }

    pub(super) fn undetermined(&mut self, part: &Part, answer: &Audited<'_>) {
        for (id, reason) in &answer.undetermined {
            let detail = format!("{id} may affect it: {reason}");
            self.gaps.push(Gap { kind: GapKind::NotAudited, subject: part.component.purl.clone(), detail });
        }
    }

    pub(super) fn damaged(&mut self, error: &IndexError) {
        let detail = format!("the advisory database is damaged ({error}); run `andon db update`");
        self.gaps.push(Gap { kind: GapKind::NotAudited, subject: "advisories".to_owned(), detail });
    }

    pub(super) fn gaps(mut self, any_data: bool) -> Vec<Gap> {
        if !any_data {
            let names: Vec<String> = std::mem::take(&mut self.left).into_values().flatten().collect();
            if !names.is_empty() {
                self.left.insert(Left::NoData, names);
            }
        }
        let left = std::mem::take(&mut self.left).into_iter().map(|(reason, names)| gap(&reason, &names));
        self.gaps.extend(left);
        self.gaps.sort_by(|a, b| (&a.subject, &a.detail).cmp(&(&b.subject, &b.detail)));
        self.gaps.dedup();
        self.gaps
    }
}

fn gap(reason: &Left, names: &[String]) -> Gap {
    let count = match names.len() {
        1 => "1 component was".to_owned(),
        count => format!("{count} components were"),
    };
    let mut different = names.to_vec();
    different.dedup();
    let examples = different.get(..EXAMPLES).unwrap_or(&different).join(", ");
    let more = different.len().saturating_sub(EXAMPLES);
    let examples = if more > 0 { format!("{examples} and {more} more") } else { examples };
    let detail = match reason {
        Left::NoData => format!(
            "{count} compared with no advisories, because this machine has none; run `andon db update`"
        ),
        Left::NotCovered(ecosystem) => {
            let name = ecosystem.split(':').next().unwrap_or(ecosystem);
            let quote = if name.contains(' ') { "'" } else { "" };
            format!(
                "{count} not audited, because the advisories do not cover {ecosystem} ({examples}); run \
                 `andon db update --ecosystem {quote}{name}{quote}`"
            )
        }
        Left::NotFromRegistry => format!(
            "{count} not audited, because they come from a commit, an archive or a registry of their own: {examples}"
        ),
        Left::Commit => format!(
            "{count} not audited: pinned by a commit, without a comment that names the version, such as \
             `# v4.1.2` ({examples})"
        ),
        Left::Unknown | Left::Unpinned | Left::Exempt => {
            format!("{count} not audited, because no advisories exist for their kind of package: {examples}")
        }
    };
    Gap { kind: GapKind::NotAudited, subject: "advisories".to_owned(), detail }
}
