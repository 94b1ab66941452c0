use andon_model::{Reason, Verdict, same_person};

use crate::{Approval, Change};

/// Turns reasons that need an approval into passing ones where the approval is there.
pub(crate) fn settle(reasons: &mut [&mut Reason], change: &Change, approvals: &[Approval]) {
    for reason in reasons.iter_mut().filter(|reason| reason.verdict == Verdict::NeedsApproval) {
        let in_role = |approval: &&Approval| match &reason.role {
            Some(role) => approval.role == *role,
            None => true,
        };
        let offered: Vec<_> = approvals.iter().filter(in_role).collect();
        match offered.iter().find(|approval| is_independent(approval, change)) {
            Some(approval) => {
                let text = format!(" (approved by {} as {})", approval.by.trim(), approval.role);
                reason.message.push_str(&text);
                reason.verdict = Verdict::Pass;
            }
            None if offered.is_empty() => {}
            None if change.author.is_none() => {
                reason.message.push_str(" (an approval is there, but it is not known who made the change)");
            }
            None => reason.message.push_str(" (the author of a change cannot approve it)"),
        }
    }
}

fn is_independent(approval: &Approval, change: &Change) -> bool {
    let Some(author) = change.author.as_ref().filter(|author| !author.trim().is_empty()) else {
        return false;
    };
    let mut makers = std::iter::once(author).chain(&change.people);
    !approval.by.trim().is_empty() && !makers.any(|maker| same_person(&approval.by, maker))
}
