use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

/// What came of an attempt: `Ok` says that it worked.
pub(crate) type Outcome = Result<(), String>;

/// One thing to try.
pub(crate) struct Attempt {
    pub(crate) name: &'static str,
    /// Who can do it without a seal.
    pub(crate) open_to: Who,
    pub(crate) work: fn(&Facts) -> Outcome,
}

/// Who can do something without a seal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Who {
    Anyone,
    Root,
    /// Depends on the machine: its kernel, its settings, its hardware.
    Perhaps,
}

pub(crate) const fn attempt(name: &'static str, open_to: Who, work: fn(&Facts) -> Outcome) -> Attempt {
    Attempt { name, open_to, work }
}

/// What an attempt knows of the stage: an attacker knows his victim well.
pub(crate) struct Facts(BTreeMap<String, String>);

pub(crate) const VARIABLE: &str = "ESCAPE_FACTS";

impl Facts {
    pub(crate) fn new(facts: BTreeMap<String, String>) -> Self {
        Self(facts)
    }

    pub(crate) fn read() -> Self {
        let text = std::env::var(VARIABLE).expect("the facts are in the environment");
        let pairs = text.split('\u{1f}').filter_map(|pair| pair.split_once('='));
        Self(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
    }

    pub(crate) fn write(&self) -> String {
        let pairs: Vec<String> = self.0.iter().map(|(name, value)| format!("{name}={value}")).collect();
        pairs.join("\u{1f}")
    }

    pub(crate) fn text(&self, name: &str) -> &str {
        self.0.get(name).unwrap_or_else(|| panic!("no fact {name}"))
    }

    pub(crate) fn number(&self, name: &str) -> i32 {
        self.text(name).parse().unwrap()
    }

    pub(crate) fn port(&self, name: &str) -> u16 {
        self.text(name).parse().unwrap()
    }

    pub(crate) fn workspace(&self) -> &Path {
        Path::new(self.text("workspace"))
    }

    pub(crate) fn outside(&self, name: &str) -> PathBuf {
        Path::new(self.text("outside")).join(name)
    }

    pub(crate) fn set(&mut self, name: &str, value: &impl ToString) {
        self.0.insert(name.to_owned(), value.to_string());
    }
}

/// Turns an error into words.
pub(crate) fn worked<T>(outcome: io::Result<T>) -> Outcome {
    outcome.map(drop).map_err(|error| error.to_string())
}

/// The outcome of a system call that returns -1 where it fails.
pub(crate) fn call(outcome: libc::c_long) -> io::Result<libc::c_long> {
    if outcome < 0 { Err(io::Error::last_os_error()) } else { Ok(outcome) }
}

/// `Ok` when the text is what is guarded.
pub(crate) fn expect(found: io::Result<impl AsRef<[u8]>>, guarded: &str) -> Outcome {
    let found = found.map_err(|error| error.to_string())?;
    let found = String::from_utf8_lossy(found.as_ref()).into_owned();
    if found.contains(guarded) { Ok(()) } else { Err(format!("found something else: {found:.60?}")) }
}

pub(crate) fn c_path(path: impl AsRef<Path>) -> std::ffi::CString {
    use std::os::unix::ffi::OsStrExt;
    std::ffi::CString::new(path.as_ref().as_os_str().as_bytes()).unwrap()
}
