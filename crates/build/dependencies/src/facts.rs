use andon_model::Form;
use andon_packages::{Format, Listing};
use serde::{Deserialize, Serialize};

/// What is remembered of one content.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Facts {
    /// What a file says about packages.
    Listing(Box<Listing>),
    /// An archive of Java classes, known by its name alone.
    JavaArchive,
    /// Files that a system package brought, as far as they list packages themselves. Absolute paths without the
    /// leading slash.
    Owned(Vec<String>),
    /// What a text file would ask for as a requirements file; it counts where one includes it.
    Includable(Box<Listing>),
}

/// The form of a list of files that dpkg keeps of a package.
pub(crate) const OWNED: Form = 1000;

/// The form of a text file that a requirements file may include.
pub(crate) const INCLUDABLE: Form = 1001;

impl Facts {
    /// Empty when they cannot be written, which does not happen.
    pub(crate) fn encode(&self) -> Vec<u8> {
        postcard::to_allocvec(self).unwrap_or_default()
    }

    pub(crate) fn decode(bytes: &[u8]) -> Option<Self> {
        postcard::from_bytes(bytes).ok()
    }
}

/// The form under which a content of this format is examined.
pub(crate) fn form_of(format: Format) -> Form {
    1 + format as Form
}

/// The reverse of [`form_of`].
pub(crate) fn format_of_form(form: Form) -> Option<Format> {
    let number = form.checked_sub(1).filter(|number| *number < OWNED)?;
    postcard::from_bytes(&postcard::to_allocvec(&number).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_tell_formats() {
        for format in [Format::PackageJson, Format::CargoLock, Format::RustBinary] {
            assert_eq!(format_of_form(form_of(format)), Some(format));
        }
        assert_eq!(format_of_form(0), None);
        assert_eq!(format_of_form(OWNED), None);
        assert_eq!(format_of_form(999), None);
    }
}
