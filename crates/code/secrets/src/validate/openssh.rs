//! OpenSSH's own private key format (its `PROTOCOL.key`).

const MAGIC: &[u8] = b"openssh-key-v1\0";

/// Type and size of the key, and whether it is encrypted.
pub(super) fn describe(data: &[u8]) -> Option<(String, bool)> {
    let (cipher, rest) = string(data.strip_prefix(MAGIC)?)?;
    let (_derivation, rest) = string(rest)?;
    let (_options, rest) = string(rest)?;
    let (count, rest) = rest.split_first_chunk::<4>()?;
    let (public, rest) = string(rest)?;
    let (private, _) = string(rest)?;
    if u32::from_be_bytes(*count) == 0 || private.len() < 64 {
        return None;
    }
    Some((key_type(public)?, cipher != b"none"))
}

fn key_type(public: &[u8]) -> Option<String> {
    let (name, rest) = string(public)?;
    Some(match name {
        b"ssh-ed25519" => "Ed25519, 256 bits".to_owned(),
        b"ssh-rsa" => {
            let (_exponent, rest) = string(rest)?;
            let modulus = string(rest)?.0;
            let zeros = modulus.iter().take_while(|b| **b == 0).count();
            format!("RSA, {} bits", (modulus.len() - zeros) * 8)
        }
        b"ecdsa-sha2-nistp256" => "EC P-256, 256 bits".to_owned(),
        b"ecdsa-sha2-nistp384" => "EC P-384, 384 bits".to_owned(),
        b"ecdsa-sha2-nistp521" => "EC P-521, 521 bits".to_owned(),
        b"ssh-dss" => "DSA".to_owned(),
        _ => "of another algorithm".to_owned(),
    })
}

fn string(data: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = data.split_first_chunk::<4>()?;
    rest.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)
}
