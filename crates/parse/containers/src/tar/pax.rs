use super::TarError;

/// The pax records of one entry that matter here.
#[derive(Debug, Default)]
pub(super) struct Pax {
    pub(super) path: Option<Vec<u8>>,
    pub(super) target: Option<Vec<u8>>,
    pub(super) size: Option<u64>,
    pub(super) sparse: bool,
    pub(super) sparse_name: Option<Vec<u8>>,
}

impl Pax {
    /// Reads records of the form `LENGTH KEY=VALUE\n`, where the length counts the whole record.
    pub(super) fn read(&mut self, mut bytes: &[u8]) -> Result<(), TarError> {
        // Some writers fill up with NULs.
        while !bytes.is_empty() && bytes.first() != Some(&0) {
            let (record, rest) = record(bytes).ok_or(TarError::Pax)?;
            let equals = record.iter().position(|byte| *byte == b'=').ok_or(TarError::Pax)?;
            let (key, value) = (record.get(..equals), record.get(equals + 1..));
            self.set(key.unwrap_or_default(), value.unwrap_or_default())?;
            bytes = rest;
        }
        Ok(())
    }

    fn set(&mut self, key: &[u8], value: &[u8]) -> Result<(), TarError> {
        let given = (!value.is_empty()).then(|| value.to_vec());
        match key {
            b"path" => self.path = given,
            b"linkpath" => self.target = given,
            b"size" if given.is_none() => self.size = None,
            b"size" => self.size = Some(decimal(value).ok_or(TarError::Number)?),
            b"GNU.sparse.name" => {
                self.sparse = true;
                self.sparse_name = given;
            }
            key if key.starts_with(b"GNU.sparse.") => self.sparse = true,
            _ => {}
        }
        Ok(())
    }
}

fn record(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let space = bytes.iter().take(20).position(|byte| *byte == b' ')?;
    let length = usize::try_from(decimal(bytes.get(..space)?)?).ok()?;
    let (record, rest) = bytes.split_at_checked(length)?;
    Some((record.get(space + 1..)?.strip_suffix(b"\n")?, rest))
}

fn decimal(digits: &[u8]) -> Option<u64> {
    let text =
        std::str::from_utf8(digits).ok().filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()))?;
    text.parse::<i64>().ok()?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], path: Option<&str>, size: Option<u64>) {
        let mut pax = Pax::default();
        assert!(pax.read(bytes).is_ok(), "{bytes:?}");
        assert_eq!((pax.path.as_deref(), pax.size), (path.map(str::as_bytes), size));
    }

    #[test]
    fn records() {
        check(b"12 path=a=b\n10 size=7\n", Some("a=b"), Some(7));
        check(b"8 path=\n\0\0", None, None);
        check(b"13 comment=x\n", None, None);
    }

    #[test]
    fn malformed_records() {
        for bytes in [
            &b"99 path=a\n"[..],
            b"path=a\n",
            b"9 path=ab",
            b"8 pathab\n",
            b"0 \n",
            b"99999999999999999999 a=b\n",
            b"31 size=99999999999999999999999\n",
            b"10 size=-\n",
        ] {
            assert!(Pax::default().read(bytes).is_err(), "{bytes:?}");
        }
    }
}
