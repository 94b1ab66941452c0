use std::cell::{Cell, RefCell};
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::path::Path;
use std::sync::Once;

/// Runs `work` and turns a panic into an error that says where in the program it happened. The panic's own message
/// is dropped: it may quote the text that was examined, and with it a secret.
pub(crate) fn contained<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    HOOK.call_once(install_hook);
    let outer = QUIET.replace(true);
    let result = panic::catch_unwind(AssertUnwindSafe(work));
    QUIET.set(outer);
    result.map_err(|_| PLACE.take().unwrap_or_else(|| "an unknown place".to_owned()))
}

static HOOK: Once = Once::new();

thread_local! {
    static QUIET: Cell<bool> = const { Cell::new(false) };
    static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Keeps the previous hook for every panic outside [`contained`].
fn install_hook() {
    let previous = panic::take_hook();
    panic::set_hook(Box::new(move |info| if QUIET.get() { remember_place(info) } else { previous(info) }));
}

fn remember_place(info: &PanicHookInfo<'_>) {
    let place = info.location().map(|location| {
        let file = Path::new(location.file()).file_name().unwrap_or_default().to_string_lossy();
        format!("{file}:{}", location.line())
    });
    PLACE.with_borrow_mut(|slot| *slot = place);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_its_place_without_its_message() {
        let error = contained(|| -> u32 { panic!("quotes a secret") }).unwrap_err();
        assert!(error.starts_with("contain.rs:"), "{error}");
        assert!(!error.contains("secret"));
        assert_eq!(contained(|| 7), Ok(7));
    }

    #[test]
    fn nested_panics_are_told_apart() {
        let outer = contained(|| {
            let inner = contained(|| -> u32 { panic!("inner") });
            assert!(inner.is_err());
            5
        });
        assert_eq!(outer, Ok(5));
    }
}
