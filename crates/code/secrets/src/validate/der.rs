//! Just enough DER (X.690) to tell which private key a structure holds: PKCS #1 (RFC 8017), PKCS #8 (RFC 5958),
//! SEC 1 (RFC 5915) and the OpenSSL form of DSA keys.

const INTEGER: u8 = 0x02;
const OCTETS: u8 = 0x04;
const OBJECT: u8 = 0x06;
const SEQUENCE: u8 = 0x30;

const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
const EC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];

/// Algorithms and curves of known key size.
const NAMED: [(&[u8], &str); 8] = [
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07], "EC P-256, 256 bits"),
    (&[0x2b, 0x81, 0x04, 0x00, 0x22], "EC P-384, 384 bits"),
    (&[0x2b, 0x81, 0x04, 0x00, 0x23], "EC P-521, 521 bits"),
    (&[0x2b, 0x81, 0x04, 0x00, 0x0a], "EC secp256k1, 256 bits"),
    (&[0x2b, 0x65, 0x6e], "X25519, 256 bits"),
    (&[0x2b, 0x65, 0x6f], "X448, 448 bits"),
    (&[0x2b, 0x65, 0x70], "Ed25519, 256 bits"),
    (&[0x2b, 0x65, 0x71], "Ed448, 456 bits"),
];

/// Whether all of `der` is one sequence.
pub(super) fn is_sequence(der: &[u8]) -> bool {
    matches!(value(der), Some((SEQUENCE, content, [])) if !content.is_empty())
}

/// Type and size of a key in PKCS #1 form.
pub(super) fn rsa(der: &[u8]) -> Option<String> {
    let (version, rest) = integer(sequence(der)?)?;
    let (modulus, _) = integer(rest)?;
    (version.len() <= 1).then(|| format!("RSA, {} bits", bits(modulus)))
}

/// Type and size of a DSA key as OpenSSL writes it.
pub(super) fn dsa(der: &[u8]) -> Option<String> {
    let (_, rest) = integer(sequence(der)?)?;
    Some(format!("DSA, {} bits", bits(integer(rest)?.0)))
}

/// Type and size of a key in SEC 1 form.
pub(super) fn ec(der: &[u8]) -> Option<String> {
    let (_, rest) = integer(sequence(der)?)?;
    let (OCTETS, key, rest) = value(rest)? else { return None };
    let curve = value(rest).filter(|(tag, ..)| *tag == 0xa0).and_then(|(_, content, _)| value(content));
    Some(match curve {
        Some((OBJECT, name, _)) => named(name).unwrap_or("EC").to_owned(),
        _ => format!("EC, {} bits", key.len() * 8),
    })
}

/// Type and size of a key in PKCS #8 form.
pub(super) fn pkcs8(der: &[u8]) -> Option<String> {
    let (_, rest) = integer(sequence(der)?)?;
    let (SEQUENCE, algorithm, rest) = value(rest)? else { return None };
    let (OBJECT, name, parameters) = value(algorithm)? else { return None };
    let (OCTETS, key, _) = value(rest)? else { return None };
    if name == RSA {
        return rsa(key);
    }
    if name == EC {
        let curve =
            value(parameters).filter(|(tag, ..)| *tag == OBJECT).and_then(|(_, curve, _)| named(curve));
        return Some(curve.unwrap_or("EC").to_owned());
    }
    Some(named(name).unwrap_or("of another algorithm").to_owned())
}

fn named(object: &[u8]) -> Option<&'static str> {
    NAMED.iter().find(|(known, _)| *known == object).map(|(_, name)| *name)
}

fn sequence(der: &[u8]) -> Option<&[u8]> {
    value(der).filter(|(tag, ..)| *tag == SEQUENCE).map(|(_, content, _)| content)
}

/// The bytes of a non-negative integer without leading zeros.
fn integer(der: &[u8]) -> Option<(&[u8], &[u8])> {
    let (INTEGER, content, rest) = value(der)? else { return None };
    let zeros = content.iter().take_while(|b| **b == 0).count();
    Some((content.get(zeros..)?, rest))
}

fn bits(number: &[u8]) -> usize {
    number.first().map_or(0, |first| number.len() * 8 - first.leading_zeros() as usize)
}

/// Tag and content of the first value, and what follows it. Definite lengths of at most four bytes.
fn value(der: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (tag, rest) = der.split_first()?;
    let (first, rest) = rest.split_first()?;
    let (length, rest) = match first {
        0..=0x7f => (usize::from(*first), rest),
        0x81..=0x84 => {
            let (bytes, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            (bytes.iter().fold(0, |all, byte| all << 8 | usize::from(*byte)), rest)
        }
        _ => return None,
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((*tag, content, rest))
}
