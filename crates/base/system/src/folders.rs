use std::ffi::OsString;
use std::path::PathBuf;

/// Looks up an environment variable.
type Lookup<'a> = &'a dyn Fn(&str) -> Option<OsString>;

/// The cache folder; see [`crate::System::cache_dir`].
pub(crate) fn cache(lookup: Lookup<'_>) -> Option<PathBuf> {
    choose(lookup, "ANDON_CACHE_DIR", "XDG_CACHE_HOME", CACHE)
}

/// The configuration folder; see [`crate::System::config_dir`].
pub(crate) fn config(lookup: Lookup<'_>) -> Option<PathBuf> {
    choose(lookup, "ANDON_CONFIG_DIR", "XDG_CONFIG_HOME", CONFIG)
}

/// The data folder; see [`crate::System::data_dir`].
pub(crate) fn data(lookup: Lookup<'_>) -> Option<PathBuf> {
    choose(lookup, "ANDON_DATA_DIR", "XDG_DATA_HOME", DATA)
}

/// A variable that holds a folder, and what to append to it.
type Place = (&'static str, &'static str);

const CACHE: Place = if cfg!(windows) {
    ("LOCALAPPDATA", "andon\\cache")
} else if cfg!(target_os = "macos") {
    ("HOME", "Library/Caches/andon")
} else {
    ("HOME", ".cache/andon")
};

const CONFIG: Place = if cfg!(windows) {
    ("APPDATA", "andon")
} else if cfg!(target_os = "macos") {
    ("HOME", "Library/Application Support/andon")
} else {
    ("HOME", ".config/andon")
};

const DATA: Place = if cfg!(windows) {
    ("LOCALAPPDATA", "andon\\data")
} else if cfg!(target_os = "macos") {
    ("HOME", "Library/Application Support/andon")
} else {
    ("HOME", ".local/share/andon")
};

/// Our own variable first, then the XDG one, then the platform's place. The XDG base directory specification says
/// that relative values are to be ignored.
fn choose(lookup: Lookup<'_>, own: &str, xdg: &str, place: Place) -> Option<PathBuf> {
    let folder = |name: &str| lookup(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    folder(own)
        .or_else(|| folder(xdg).filter(|path| path.is_absolute()).map(|path| path.join("andon")))
        .or_else(|| folder(place.0).filter(|path| path.is_absolute()).map(|path| path.join(place.1)))
}

#[cfg(all(test, unix, not(target_os = "macos")))]
mod tests {
    use super::*;

    #[track_caller]
    fn check(variables: &[(&str, &str)], expected_cache: Option<&str>, expected_config: Option<&str>) {
        let lookup = |name: &str| {
            variables.iter().find(|(key, _)| *key == name).map(|(_, value)| OsString::from(value))
        };
        assert_eq!(cache(&lookup), expected_cache.map(PathBuf::from));
        assert_eq!(config(&lookup), expected_config.map(PathBuf::from));
    }

    #[test]
    fn the_most_specific_variable_wins() {
        check(&[], None, None);
        check(&[("HOME", "/h")], Some("/h/.cache/andon"), Some("/h/.config/andon"));
        check(&[("HOME", "")], None, None);
        check(
            &[("HOME", "/h"), ("XDG_CACHE_HOME", "/x"), ("XDG_CONFIG_HOME", "relative")],
            Some("/x/andon"),
            Some("/h/.config/andon"),
        );
        check(
            &[("ANDON_CACHE_DIR", "c"), ("ANDON_CONFIG_DIR", "/d"), ("XDG_CACHE_HOME", "/x")],
            Some("c"),
            Some("/d"),
        );
    }

    #[test]
    fn data_have_a_folder_of_their_own() {
        let found = |name: &'static str, value: &'static str| {
            data(&|asked: &str| (asked == name).then(|| OsString::from(value)))
        };
        assert_eq!(found("HOME", "/h"), Some("/h/.local/share/andon".into()));
        assert_eq!(found("XDG_DATA_HOME", "/x"), Some("/x/andon".into()));
        assert_eq!(found("ANDON_DATA_DIR", "/d"), Some("/d".into()));
    }
}
