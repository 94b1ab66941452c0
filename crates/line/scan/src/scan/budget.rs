use std::sync::{Condvar, Mutex, PoisonError};

/// A number of bytes that may be held in memory at once. Asking for more than the whole gets the whole, so that one
/// large file still passes, alone.
pub(crate) struct Budget {
    whole: u64,
    state: Mutex<State>,
    returned: Condvar,
}

struct State {
    left: u64,
    /// Threads that wait; nobody is woken when there are none, which saves a system call a file.
    waiting: u32,
}

impl Budget {
    pub(crate) fn new(whole: u64) -> Self {
        let whole = whole.max(1);
        Self { whole, state: Mutex::new(State { left: whole, waiting: 0 }), returned: Condvar::new() }
    }

    /// Waits until `bytes` are free and holds them until the share is dropped.
    pub(crate) fn acquire(&self, bytes: u64) -> Share<'_> {
        let bytes = bytes.min(self.whole);
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        while state.left < bytes {
            state.waiting += 1;
            state = self.returned.wait(state).unwrap_or_else(PoisonError::into_inner);
            state.waiting -= 1;
        }
        state.left -= bytes;
        Share { budget: self, bytes }
    }
}

/// A held part of a [`Budget`].
pub(crate) struct Share<'a> {
    budget: &'a Budget,
    bytes: u64,
}

impl Drop for Share<'_> {
    fn drop(&mut self) {
        let mut state = self.budget.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.left += self.bytes;
        let waiting = state.waiting > 0;
        drop(state);
        if waiting {
            self.budget.returned.notify_all();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;

    #[test]
    fn never_holds_more_than_the_whole() {
        let budget = Budget::new(100);
        let (held, most) = (AtomicU64::new(0), AtomicU64::new(0));
        std::thread::scope(|scope| {
            for thread in 0..8u64 {
                let (budget, held, most) = (&budget, &held, &most);
                scope.spawn(move || {
                    for round in 0..200 {
                        let bytes = (thread * 31 + round * 17) % 150;
                        let _share = budget.acquire(bytes);
                        let now = held.fetch_add(bytes.min(100), Ordering::SeqCst) + bytes.min(100);
                        most.fetch_max(now, Ordering::SeqCst);
                        held.fetch_sub(bytes.min(100), Ordering::SeqCst);
                    }
                });
            }
        });
        assert!(most.load(Ordering::SeqCst) <= 100);
        assert_eq!(budget.state.lock().unwrap().left, 100);
    }
}
