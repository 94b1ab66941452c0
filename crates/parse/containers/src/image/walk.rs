use super::layer::{read, unreadable};
use super::store::{Store, StoreError};
use super::visibility::{Named, Visibility};
use super::{Image, ImageError, Layer};
use crate::Budget;
use crate::entry::{Outcome, Place, ProblemKind, Visitor};
use crate::tar::{Streamed, TarReader};
use crate::walk::{Meta, Placing, Walker};

/// How many names the files of a layer may have on the average, folders on the way to them included.
const NAMES_PER_ENTRY: u64 = 4;

impl Image {
    /// Walks the layers from the top down, each read once, and verifies them on the way. Files that a later layer
    /// deletes or replaces are offered too; [`crate::Entry::layer`] says which layer, and whether the file can be seen
    /// in the end.
    ///
    /// A missing or wrong layer is an error, and what the visitor was given up to then must not be used. So must not
    /// what it was given by a walk that it cancelled itself. What a limit leaves out is a problem that the visitor is
    /// told; the digest of the blob is verified even then.
    pub fn walk(
        &self,
        store: &dyn Store,
        budget: &Budget,
        visitor: &mut dyn Visitor,
    ) -> Result<Outcome, ImageError> {
        let most = budget.limits().entries.saturating_mul(NAMES_PER_ENTRY);
        let mut visibility = Visibility::new(most);
        let mut walker = Walker::new(budget, visitor);
        for layer in self.layers.iter().rev() {
            walker.enter_layer(layer.index);
            visibility.start(layer.index);
            walk_layer(store, layer, budget, &mut walker, &mut visibility)?;
            if visibility.is_full() {
                return Err(ImageError::Names(most));
            }
            if walker.is_cancelled() {
                break;
            }
        }
        Ok(walker.finish())
    }
}

fn walk_layer(
    store: &dyn Store,
    layer: &Layer,
    budget: &Budget,
    walker: &mut Walker<'_>,
    visibility: &mut Visibility,
) -> Result<(), ImageError> {
    if !is_tar(&layer.media_type) {
        let detail = format!("layers of the type `{}` are not read", layer.media_type);
        walker.problem(None, ProblemKind::Unsupported, detail);
        return Ok(());
    }
    let blob = match store.open(&layer.path) {
        Ok(blob) => blob,
        Err(StoreError::NotFound) if is_foreign(&layer.media_type) => {
            let detail =
                "a layer that may not be distributed with the image and is not in it; it was not examined";
            walker.problem(None, ProblemKind::Unsupported, detail);
            return Ok(());
        }
        Err(error) => return Err(unreadable(layer, &error.to_string())),
    };
    read(layer, blob, budget, |tar| {
        let mut placing = Layered { visibility, layer: layer.index, malformed: 0 };
        walker.tar(&mut TarReader::new(Streamed(tar)), &mut placing);
        let malformed = placing.malformed;
        if malformed > 0 {
            let detail = format!("{malformed} whiteouts name no file; they were ignored");
            walker.problem(None, ProblemKind::Name, detail);
        }
        !walker.is_cancelled()
    })
}

/// Layers without a stated type come from a docker-archive.
fn is_tar(media_type: &str) -> bool {
    media_type.is_empty() || (media_type.contains("tar") && !media_type.contains("encrypted"))
}

fn is_foreign(media_type: &str) -> bool {
    media_type.contains("foreign") || media_type.contains("nondistributable")
}

struct Layered<'a> {
    visibility: &'a mut Visibility,
    layer: usize,
    malformed: u64,
}

impl Placing for Layered<'_> {
    fn place(&mut self, meta: &Meta) -> Option<Option<Place>> {
        match self.visibility.see(&meta.path, meta.kind) {
            Named::File { visible } => Some(Some(Place { layer: self.layer, visible })),
            Named::Mark => None,
            Named::Malformed => {
                self.malformed += 1;
                None
            }
        }
    }
}
