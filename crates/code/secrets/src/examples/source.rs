//! Characters that look random and are the same every time.

/// BLAKE3's extendable output as a source of random numbers.
pub(super) struct Source(blake3::OutputReader);

impl Source {
    pub(super) fn new(template: &str, seed: &str) -> Self {
        let mut hasher = blake3::Hasher::new_derive_key("andon rule examples 1");
        hasher.update(seed.as_bytes());
        hasher.update(&[0]);
        hasher.update(template.as_bytes());
        Self(hasher.finalize_xof())
    }

    pub(super) fn bytes(&mut self, count: usize) -> Vec<u8> {
        let mut bytes = vec![0; count];
        self.0.fill(&mut bytes);
        bytes
    }

    pub(super) fn number(&mut self) -> u64 {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        u64::from_le_bytes(bytes) >> 1
    }

    /// Characters drawn evenly from all sets; from each at least one if there is room, none three times in a row.
    pub(super) fn mixed(&mut self, sets: &[&str], count: usize) -> String {
        let all: Vec<u8> = sets.concat().into_bytes();
        let mut drawn: Vec<u8> = Vec::with_capacity(count);
        while drawn.len() < count {
            let next = self.pick(&all);
            // Runs and sequences would look like a placeholder.
            let dull = |previous: &u8| next.abs_diff(*previous) <= 1;
            if all.len() < 3 || !drawn.last().is_some_and(dull) {
                drawn.push(next);
            }
        }
        self.complete(sets, &mut drawn);
        drawn.into_iter().map(char::from).collect()
    }

    /// Puts a character of each missing set in a place of its own.
    fn complete(&mut self, sets: &[&str], drawn: &mut [u8]) {
        let missing: Vec<&[u8]> = sets
            .iter()
            .map(|set| set.as_bytes())
            .filter(|set| !drawn.iter().any(|b| set.contains(b)))
            .collect();
        if drawn.len() < 4 * sets.len() {
            return;
        }
        for (index, set) in missing.into_iter().enumerate() {
            let character = self.pick(set);
            // The places are apart, so that no set loses its only character to another.
            if let Some(place) = drawn.get_mut(1 + 2 * index) {
                *place = character;
            }
        }
    }

    fn pick(&mut self, from: &[u8]) -> u8 {
        let index = self.number() % from.len().max(1) as u64;
        from.get(index as usize).copied().unwrap_or(b'0')
    }
}
