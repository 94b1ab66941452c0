use andon_model::Region;

use crate::{Listing, Problem};

/// Problems that are told one by one; a hostile file may consist of nothing else.
const TOLD: usize = 20;

/// Adds a problem, unless there are so many already that one more says nothing.
pub(crate) fn tell(listing: &mut Listing, detail: impl Into<String>, region: Option<Region>) {
    if listing.problems.len() < TOLD {
        listing.problems.push(Problem { detail: detail.into(), region });
    } else if listing.problems.len() == TOLD {
        listing.problem(
            "more entries were left out for reasons like these; write the file anew with its own tool",
        );
    }
}
