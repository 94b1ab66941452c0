use std::collections::BTreeMap;

/// Warnings about one file. The same one about many rules is said once.
#[derive(Default)]
pub(super) struct Warnings {
    said: Vec<String>,
    repeated: BTreeMap<String, (String, usize)>,
}

impl Warnings {
    pub(super) fn say(&mut self, text: impl Into<String>) {
        self.said.push(text.into());
    }

    /// Says `text` once, with the first place and how many more there are.
    pub(super) fn say_at(&mut self, text: String, place: impl FnOnce() -> String) {
        self.repeated.entry(text).or_insert_with(|| (place(), 0)).1 += 1;
    }

    /// All of them.
    pub(super) fn finish(self, file: &str) -> Vec<String> {
        let repeated = self.repeated.into_iter().map(|(text, (place, times))| match times {
            1 => format!("{text} ({place})"),
            times => format!("{text} ({place}, and {} more)", times - 1),
        });
        self.said.into_iter().chain(repeated).map(|text| format!("{file}: {text}")).collect()
    }
}
