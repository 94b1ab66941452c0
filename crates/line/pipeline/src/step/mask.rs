use aho_corasick::AhoCorasick;

use super::forms;

/// What stands where a secret stood.
pub(crate) const MASK: &[u8] = b"***";

/// Finds secrets in what a step writes, in the forms in which they usually leak.
#[derive(Debug, Default)]
pub(crate) struct Masker {
    patterns: Vec<Vec<u8>>,
    finder: Option<AhoCorasick>,
    longest: usize,
}

impl Masker {
    /// A masker for these values.
    ///
    /// # Errors
    /// When the search could not be built, which takes values of many megabytes.
    pub(crate) fn new(values: &[&[u8]]) -> Result<Self, aho_corasick::BuildError> {
        let mut patterns: Vec<Vec<u8>> = values.iter().flat_map(|value| forms::all(value)).collect();
        patterns.sort();
        patterns.dedup();
        if patterns.is_empty() {
            return Ok(Self::default());
        }
        let finder = AhoCorasick::new(&patterns)?;
        let longest = patterns.iter().map(Vec::len).max().unwrap_or(0);
        Ok(Self { patterns, finder: Some(finder), longest })
    }

    /// A stretch of text that begins anew.
    pub(crate) fn stream(&self) -> Stream<'_> {
        Stream { masker: self, pending: Vec::new(), covered: 0 }
    }

    /// A whole text, masked.
    pub(crate) fn text(&self, text: &str) -> String {
        let mut stream = self.stream();
        let mut masked = Vec::new();
        stream.push(text.as_bytes(), &mut masked);
        stream.finish(&mut masked);
        String::from_utf8_lossy(&masked).into_owned()
    }

    /// The stretches that are secrets, in order, those that overlap as one; `covered` bytes at the start are one.
    fn spans(&self, text: &[u8], covered: usize) -> Vec<(usize, usize)> {
        let mut spans = if covered > 0 { vec![(0, covered)] } else { Vec::new() };
        let Some(finder) = &self.finder else { return spans };
        let mut found: Vec<(usize, usize)> =
            finder.find_overlapping_iter(text).map(|found| (found.start(), found.end())).collect();
        found.sort_unstable();
        for (start, end) in found {
            match spans.last_mut() {
                Some(last) if start < last.1 => last.1 = last.1.max(end),
                _ => spans.push((start, end)),
            }
        }
        spans
    }

    /// How many bytes at the end may be the beginning of a secret.
    fn held_back(&self, text: &[u8]) -> usize {
        let longest = self.longest.saturating_sub(1).min(text.len());
        let tail = text.len() - longest;
        let may_begin = |start: usize| {
            let rest = text.get(start..).unwrap_or_default();
            // The patterns are sorted: those that begin with `rest` follow where it would stand.
            let place = self.patterns.partition_point(|pattern| pattern.as_slice() <= rest);
            self.patterns.get(place).is_some_and(|pattern| pattern.starts_with(rest))
        };
        (tail..text.len()).find(|start| may_begin(*start)).map_or(0, |start| text.len() - start)
    }
}

/// Masks text that comes in pieces; a secret is found wherever it is cut.
#[derive(Debug)]
pub(crate) struct Stream<'a> {
    masker: &'a Masker,
    pending: Vec<u8>,
    /// So many bytes at the start of what is pending are of a secret whose mask is written already.
    covered: usize,
}

impl Stream<'_> {
    /// Takes a piece and writes what is certain.
    pub(crate) fn push(&mut self, piece: &[u8], to: &mut Vec<u8>) {
        if self.masker.finder.is_none() {
            to.extend_from_slice(piece);
            return;
        }
        self.pending.extend_from_slice(piece);
        let held = self.masker.held_back(&self.pending);
        self.pass(self.pending.len() - held, to);
    }

    /// Writes what is left: nothing comes any more.
    pub(crate) fn finish(&mut self, to: &mut Vec<u8>) {
        self.pass(self.pending.len(), to);
    }

    /// Writes what is in front of `end`.
    fn pass(&mut self, end: usize, to: &mut Vec<u8>) {
        if end == 0 {
            return;
        }
        let spans = self.masker.spans(&self.pending, self.covered);
        let mut at = 0;
        let mut covered = 0;
        for (start, stop) in spans {
            if start >= end {
                break;
            }
            to.extend_from_slice(self.pending.get(at..start).unwrap_or_default());
            // The mask of a secret that began earlier is written already.
            if start > 0 || self.covered == 0 {
                to.extend_from_slice(MASK);
            }
            at = stop.min(end);
            covered = stop.saturating_sub(end);
        }
        to.extend_from_slice(self.pending.get(at..end).unwrap_or_default());
        self.pending.drain(..end);
        self.covered = covered;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(values: &[&str], pieces: &[&str]) -> String {
        let values: Vec<&[u8]> = values.iter().map(|value| value.as_bytes()).collect();
        let masker = Masker::new(&values).unwrap();
        let mut stream = masker.stream();
        let mut text = Vec::new();
        for piece in pieces {
            stream.push(piece.as_bytes(), &mut text);
        }
        stream.finish(&mut text);
        String::from_utf8(text).unwrap()
    }

    fn check(values: &[&str], text: &str, expected: &str) {
        assert_eq!(masked(values, &[text]), expected, "{text}");
        let letters: Vec<String> = text.chars().map(String::from).collect();
        let letters: Vec<&str> = letters.iter().map(String::as_str).collect();
        assert_eq!(masked(values, &letters), expected, "letter by letter: {text}");
        for (end, _) in text.char_indices() {
            let (first, second) = text.split_at(end);
            assert_eq!(masked(values, &[first, second]), expected, "cut at {end}: {text}");
        }
    }

    #[test]
    fn secrets_are_masked_wherever_they_are_cut() {
        check(
            &["hunter22"],
            "say hunter22, then hunter2 and hunterhunter22",
            "say ***, then hunter2 and hunter***",
        );
        check(&["aaaa"], "aaaaaaaaa b aaa", "*** b aaa");
        check(&["abcdef", "defghi"], "xabcdefghiy", "x***y");
        check(&["abcdef", "defghi"], "abcdefghx", "***ghx");
        check(&["abcd", "abcdefgh"], "abcdefg abcdefgh", "***efg ***");
        check(&["abcd", "efgh"], "abcdefgh", "******");
        check(&[], "nothing at all", "nothing at all");
        check(&["first line\nsecond one"], "first line\nsecond one second one", "*** ***");
        check(&["first line\nsecond one"], "x second one y", "x *** y");
    }

    #[test]
    fn what_cannot_be_a_secret_is_not_held_back() {
        let masker = Masker::new(&[b"hunter22"]).unwrap();
        let mut stream = masker.stream();
        let mut text = Vec::new();
        stream.push(b"password? ", &mut text);
        assert_eq!(text, b"password? ");
        stream.push(b"hunt", &mut text);
        assert_eq!(text, b"password? ");
        stream.push(b"ing", &mut text);
        assert_eq!(text, b"password? hunting");
    }
}
