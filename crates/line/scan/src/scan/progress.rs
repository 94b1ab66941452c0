/// Where a scan tells how far it is. Called from several threads and often: implementations only count.
pub trait Progress: Sync {
    /// A new phase begins, with how many items it will go through, where that is known.
    fn phase(&self, _phase: Phase, _items: Option<u64>) {}

    /// `items` more are done, `bytes` more were looked at.
    fn advance(&self, _items: u64, _bytes: u64) {}

    /// Something that is worth a word to a person and changes no answer, such as a cache that cannot be written.
    fn note(&self, _text: &str) {}
}

/// What a scan is busy with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Phase {
    /// Finding out what there is.
    Listing,
    /// Reading and examining files or blobs.
    Examining,
    /// Examining what the result is compared with.
    Baseline,
    /// Putting facts together.
    Combining,
}

/// Says nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Progress for Silent {}
