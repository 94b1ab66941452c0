use andon_syntax::Symbol;

use super::place::{Place, PlaceKind, includes};

/// What a place shrinks to: the values of the metavariables of each entry, and of several entries where they overlap.
pub(super) fn focused<'f>(place: &Place<'f>, focus: &[Vec<Symbol>]) -> Vec<Place<'f>> {
    let mut entries = focus.iter().map(|names| values(place, names));
    let first = entries.next().unwrap_or_default();
    entries.fold(first, |before, values| {
        before.iter().flat_map(|one| values.iter().filter_map(|other| inner(one, other))).collect()
    })
}

fn values<'f>(place: &Place<'f>, names: &[Symbol]) -> Vec<Place<'f>> {
    names
        .iter()
        .filter_map(|name| {
            let span = place.bindings.get(*name)?.span.clone();
            let value = Place { span, kind: PlaceKind::Plain, ..place.clone() };
            inner(&value, place)
        })
        .collect()
}

/// That of two places which lies in the other.
fn inner<'f>(one: &Place<'f>, other: &Place<'f>) -> Option<Place<'f>> {
    if includes(&other.span, &one.span) {
        Some(one.clone())
    } else {
        includes(&one.span, &other.span).then(|| other.clone())
    }
}
