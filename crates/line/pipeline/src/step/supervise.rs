use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

use super::capture::{Capture, Source};
use super::launch::{Finish, Finished, Running};
use crate::Cancel;

/// How often is looked whether to end a step.
const TICK: Duration = Duration::from_millis(50);
/// How long after the last word everything of a step has to be gone.
const LAST: Duration = Duration::from_secs(5);

/// How long a step may take.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience {
    pub(super) timeout: Duration,
    pub(super) grace: Duration,
}

/// Why a step was ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Early {
    TimedOut,
    Cancelled,
}

/// Takes what a command writes until it has ended, by itself or because it must. A command that closes its output and
/// goes on is waited for as well.
pub(super) fn supervise(
    running: &mut dyn Running,
    capture: &Capture<'_>,
    cancel: &Cancel<'_>,
    patience: Patience,
) -> (Finished, Option<Early>) {
    let streams = running.streams();
    let stopper = running.stopper();
    std::thread::scope(|scope| {
        if let Some((out, err)) = streams {
            scope.spawn(move || capture.read(Source::Out, out));
            scope.spawn(move || capture.read(Source::Err, err));
        }
        let (tell, told) = mpsc::channel();
        scope.spawn(move || {
            // Fails only when nobody waits any more.
            let _ = tell.send(running.wait());
        });
        let began = Instant::now();
        let mut early: Option<(Early, Instant)> = None;
        loop {
            match told.recv_timeout(TICK) {
                Ok(finished) => return (finished, early.map(|(early, _)| early)),
                Err(RecvTimeoutError::Disconnected) => {
                    let ending = Finish::Failed("it was lost sight of".to_owned());
                    return (Finished { ending, cpu: Duration::ZERO, peak_memory: 0 }, None);
                }
                Err(RecvTimeoutError::Timeout) => capture.tick(),
            }
            match early {
                Some((_, asked)) if asked.elapsed() > patience.grace.saturating_add(LAST) => stopper.kill(),
                Some(_) => {}
                None => {
                    let why = if cancel.is_set() {
                        Some(Early::Cancelled)
                    } else {
                        Some(Early::TimedOut).filter(|_| began.elapsed() >= patience.timeout)
                    };
                    if let Some(why) = why {
                        early = Some((why, Instant::now()));
                        stopper.terminate(patience.grace);
                    }
                }
            }
        }
    })
}
