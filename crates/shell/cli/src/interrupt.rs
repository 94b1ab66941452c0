//! Ctrl-C: the first time the scan ends early with what it has, the second time the process dies.

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, OnceLock};

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

/// Makes the first signal set the flag that is returned, and the second one kill. No thread is started. Where signals
/// cannot be caught, the first one kills.
pub(crate) fn install() -> &'static AtomicBool {
    static FLAG: OnceLock<Arc<AtomicBool>> = OnceLock::new();
    FLAG.get_or_init(|| {
        let interrupted = Arc::new(AtomicBool::new(false));
        for signal in [SIGINT, SIGTERM] {
            // In this order: the second signal must find the flag set, the first must not.
            let _ = flag::register_conditional_default(signal, interrupted.clone())
                .and_then(|_| flag::register(signal, interrupted.clone()));
        }
        interrupted
    })
}
