use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use super::{Failure, PolicyLimits};

/// Threads that were given up and still run.
static ABANDONED: AtomicUsize = AtomicUsize::new(0);

const MAX_ABANDONED: usize = 4;

/// How long after its deadline the work may take to notice it.
const GRACE: Duration = Duration::from_millis(500);

const RUNNING: u8 = 0;
const GIVEN_UP: u8 = 1;
const DONE: u8 = 2;

/// Runs `work` on a thread of its own, so that neither a panic, deep recursion nor an endless loop reaches the caller.
/// A thread that does not come back in time is left behind; a few of those at most.
pub(crate) fn contain<T: Send + 'static>(
    limits: PolicyLimits,
    work: impl FnOnce(Instant) -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    contain_counted(&ABANDONED, limits, work)
}

fn contain_counted<T: Send + 'static>(
    abandoned: &'static AtomicUsize,
    limits: PolicyLimits,
    work: impl FnOnce(Instant) -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    if abandoned.load(Ordering::Acquire) >= MAX_ABANDONED {
        return Err(Failure::Exhausted);
    }
    let state = Arc::new(AtomicU8::new(RUNNING));
    let (sender, receiver) = mpsc::sync_channel(1);
    let deadline = Instant::now() + limits.time;
    let thread_state = Arc::clone(&state);
    let body = move || {
        let result = catch_unwind(AssertUnwindSafe(|| work(deadline)))
            .unwrap_or_else(|panic| Err(Failure::Panicked(panic_text(panic.as_ref()))));
        if thread_state.swap(DONE, Ordering::AcqRel) == GIVEN_UP {
            abandoned.fetch_sub(1, Ordering::AcqRel);
        }
        // The receiver is gone when the work was given up; nobody wants the result then.
        let _ = sender.send(result);
    };
    let thread = thread::Builder::new().name("andon-policy".to_owned()).stack_size(limits.stack);
    thread.spawn(body).map_err(|error| Failure::Thread(error.to_string()))?;
    match receiver.recv_timeout(limits.time + GRACE) {
        Ok(result) => result,
        Err(_) => {
            abandoned.fetch_add(1, Ordering::AcqRel);
            if state.compare_exchange(RUNNING, GIVEN_UP, Ordering::AcqRel, Ordering::Acquire).is_err() {
                abandoned.fetch_sub(1, Ordering::AcqRel);
            }
            Err(Failure::Unfinished(limits.time))
        }
    }
}

fn panic_text(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "panic".to_owned())
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;
    use std::sync::{Arc, Barrier, mpsc};
    use std::time::Duration;

    use super::{MAX_ABANDONED, contain, contain_counted};
    use crate::PolicyLimits;
    use crate::policy::Failure;

    #[test]
    fn a_panic_is_a_failure() {
        let limits = PolicyLimits::default();
        let result =
            contain(limits, |_| -> Result<(), Failure> { std::panic::resume_unwind(Box::new("out")) });
        assert_eq!(result, Err(Failure::Panicked("out".to_owned())));
        assert_eq!(contain(limits, |_| Ok(7)), Ok(7));
    }

    #[test]
    fn what_does_not_come_back_is_left_behind_a_few_times() {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let limits = PolicyLimits { time: Duration::ZERO, stack: 1 << 16, ..PolicyLimits::default() };
        let barrier = Arc::new(Barrier::new(MAX_ABANDONED + 1));
        let (sender, ended) = mpsc::channel::<()>();
        for _ in 0..MAX_ABANDONED {
            let (barrier, sender) = (Arc::clone(&barrier), sender.clone());
            let stuck = move |_| {
                barrier.wait();
                drop(sender);
                Ok(())
            };
            assert_eq!(contain_counted(&COUNT, limits, stuck), Err(Failure::Unfinished(Duration::ZERO)));
        }
        assert_eq!(contain_counted(&COUNT, limits, |_| Ok(())), Err(Failure::Exhausted));
        drop(sender);
        barrier.wait();
        assert!(ended.recv().is_err(), "every thread has ended its work");
    }
}
