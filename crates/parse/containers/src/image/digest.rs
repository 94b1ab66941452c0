use std::fmt;
use std::io::{self, Read};

use sha2::digest::DynDigest;
use sha2::{Digest as _, Sha256, Sha512};

/// A digest as OCI writes it, checked: `sha256:` or `sha512:` and lower-case hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Digest(String);

impl Digest {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (algorithm, hex) = text.split_once(':')?;
        let length = match algorithm {
            "sha256" => 64,
            "sha512" => 128,
            _ => return None,
        };
        let digits = hex.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        (hex.len() == length && digits).then(|| Self(text.to_owned()))
    }

    /// The digest of bytes, with SHA-256.
    pub(crate) fn of(bytes: &[u8]) -> Self {
        Self(format!("sha256:{}", hex(&Sha256::digest(bytes))))
    }

    /// Where the blob is in an image layout.
    pub(crate) fn path(&self) -> String {
        format!("blobs/{}", self.0.replace(':', "/"))
    }

    fn hasher(&self) -> Box<dyn DynDigest + Send> {
        if self.0.starts_with("sha512") { Box::new(Sha512::new()) } else { Box::new(Sha256::new()) }
    }

    /// Whether this is the hash that [`Hashed`] has found.
    pub(crate) fn is(&self, hash: &[u8]) -> bool {
        self.0.split_once(':').is_some_and(|(_, stated)| stated == hex(hash))
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Hashes what is read through it.
pub(crate) struct Hashed<R> {
    source: R,
    hasher: Option<Box<dyn DynDigest + Send>>,
    read: u64,
}

impl<R: Read> Hashed<R> {
    /// Without a digest to compare with, bytes are only counted.
    pub(crate) fn new(source: R, stated: Option<&Digest>) -> Self {
        Self { source, hasher: stated.map(Digest::hasher), read: 0 }
    }

    /// Reads what is left, and returns the hash of everything and how many bytes it had.
    pub(crate) fn finish(mut self) -> io::Result<(Box<[u8]>, u64)> {
        let mut buffer = vec![0; 64 << 10];
        while self.read(&mut buffer)? > 0 {}
        Ok((self.hasher.map(DynDigest::finalize).unwrap_or_default(), self.read))
    }
}

impl<R: Read> Read for Hashed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = loop {
            match self.source.read(buffer) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => break other?,
            }
        };
        if let Some(hasher) = &mut self.hasher {
            hasher.update(buffer.get(..read).unwrap_or_default());
        }
        self.read += read as u64;
        Ok(read)
    }
}

/// Lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_digests_are_taken() {
        let digits = "0123456789abcdef".repeat(4);
        let long = digits.repeat(2);
        for (text, taken) in [
            (format!("sha256:{digits}"), true),
            (format!("sha512:{long}"), true),
            (format!("sha256:{}", digits.to_uppercase()), false),
            (format!("sha256:{}", &digits[1..]), false),
            (format!("md5:{}", &digits[..32]), false),
            ("sha256:../../../etc/passwd".to_owned(), false),
            (digits, false),
        ] {
            assert_eq!(Digest::parse(&text).is_some(), taken, "{text}");
        }
        assert_eq!(Digest::of(b"").path().len(), "blobs/sha256/".len() + 64);
    }
}
