//! What stands before and between the bytes of a key in DER. Both kinds of keys have a fixed length, so that the rest is
//! fixed too (RFC 8410, RFC 5480, RFC 5915, RFC 5958).

use pkcs8::ObjectIdentifier;
use pkcs8::spki::AlgorithmIdentifierRef;

const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
const EC_PUBLIC_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");

/// Before the 32 bytes of a public key.
pub(super) const ED25519_PUBLIC: &[u8] = b"\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00";
/// Before the 32 bytes of a private key.
pub(super) const ED25519_PRIVATE: &[u8] = b"\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20";
/// Before the 65 bytes of a point.
pub(super) const P256_PUBLIC: &[u8] =
    b"\x30\x59\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\x03\x42\x00";
/// Before the 32 bytes of a private number.
pub(super) const P256_PRIVATE: &[u8] =
    b"\x30\x81\x87\x02\x01\x00\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\
\x86\x48\xce\x3d\x03\x01\x07\x04\x6d\x30\x6b\x02\x01\x01\x04\x20";
/// Between the private number and its point.
pub(super) const P256_PRIVATE_POINT: &[u8] = b"\xa1\x44\x03\x42\x00";
/// Bytes of the longer of both private forms.
pub(super) const LONGEST_PRIVATE: usize = 138;

/// An uncompressed point, 65 bytes.
pub(super) fn point(key: &p256::ecdsa::VerifyingKey) -> Vec<u8> {
    key.to_sec1_point(false).as_bytes().to_vec()
}

pub(super) fn is_ed25519(algorithm: &AlgorithmIdentifierRef<'_>) -> bool {
    algorithm.oid == ED25519
}

pub(super) fn is_p256(algorithm: &AlgorithmIdentifierRef<'_>) -> bool {
    algorithm.oid == EC_PUBLIC_KEY && algorithm.parameters_oid() == Ok(P256)
}

/// What an algorithm is called, for errors.
pub(super) fn algorithm_name(algorithm: &AlgorithmIdentifierRef<'_>) -> String {
    let name = |oid: &ObjectIdentifier| match oid.to_string().as_str() {
        "1.2.840.113549.1.1.1" => "RSA".to_owned(),
        "1.2.840.113549.1.1.10" => "RSA (PSS)".to_owned(),
        "1.2.840.10040.4.1" => "DSA".to_owned(),
        "1.3.101.110" => "X25519 (key agreement, no signatures)".to_owned(),
        "1.3.101.113" => "Ed448".to_owned(),
        "1.3.132.0.10" => "ECDSA on secp256k1".to_owned(),
        "1.3.132.0.34" => "ECDSA on P-384".to_owned(),
        "1.3.132.0.35" => "ECDSA on P-521".to_owned(),
        other => format!("the algorithm {other}"),
    };
    match algorithm.parameters_oid() {
        Ok(curve) if algorithm.oid == EC_PUBLIC_KEY => name(&curve),
        _ if algorithm.oid == EC_PUBLIC_KEY => "ECDSA on a curve without a name".to_owned(),
        _ => name(&algorithm.oid),
    }
}
