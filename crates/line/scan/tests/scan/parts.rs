use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use andon_model::{
    BINARY, Content, Engine, EngineInfo, Examined, Form, Interest, Outcome, RuleDescription, Snapshot, Stage,
    Unit, View,
};

const LIST: Form = 7;
const MAYBE: Form = 8;

/// Wants lists (`*.list`), what may be one (`*.maybe`), and programs; it says nothing of them.
#[derive(Default)]
pub(crate) struct Parts {
    now: AtomicUsize,
    /// The most contents that it examined at a time.
    pub(crate) most: Arc<AtomicUsize>,
}

/// Bytes that this engine takes for a program; `salt` tells one from another.
pub(crate) fn program(salt: usize, length: usize) -> Vec<u8> {
    let mut bytes = format!("program\0{salt}\0").into_bytes();
    bytes.resize(length, 1);
    bytes
}

impl Engine for Parts {
    fn info(&self) -> EngineInfo {
        EngineInfo {
            name: "parts",
            stage: Stage::Build,
            digest: [1; 32],
            rules_loaded: 0,
            rules_rejected: Vec::new(),
            packs: Vec::new(),
            view: View::Contents,
        }
    }

    fn interest(&self, path: &str) -> Interest {
        match path.rsplit_once('.').map(|(_, ending)| ending) {
            Some("list") => Interest::As(LIST),
            Some("maybe") => Interest::As(MAYBE),
            _ => Interest::Binary,
        }
    }

    fn wants_binary(&self, head: &[u8]) -> bool {
        head.starts_with(b"program\0")
    }

    fn expects_text(&self, form: Form) -> bool {
        form == LIST
    }

    fn examine(&self, content: &Content<'_>) -> Examined {
        assert_eq!(content.form == BINARY, content.bytes.starts_with(b"program\0"));
        let now = self.now.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(now, Ordering::SeqCst);
        (0..1000).for_each(|_| std::thread::yield_now());
        self.now.fetch_sub(1, Ordering::SeqCst);
        Examined::default()
    }

    fn combine(&self, _units: &[Unit], _snapshot: &dyn Snapshot) -> Outcome {
        Outcome::default()
    }

    fn rules(&self) -> Vec<RuleDescription> {
        Vec::new()
    }
}
