//! Private keys that parse and open nothing: random numbers in the structure of a key.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::source::Source;
use crate::validate::crc24;

const INTEGER: u8 = 0x02;
const OCTETS: u8 = 0x04;
const SEQUENCE: u8 = 0x30;

/// A private key of the label; `None` for other labels.
pub(super) fn pem(label: &str, random: &mut Source) -> Option<String> {
    let (body, width) = match label {
        "RSA PRIVATE KEY" => (rsa(random), 64),
        "EC PRIVATE KEY" => (ec(random), 64),
        "PRIVATE KEY" => (pkcs8(random), 64),
        "OPENSSH PRIVATE KEY" => (openssh(random), 70),
        _ => return None,
    };
    let lines = wrapped(&body, width);
    Some(format!("-----BEGIN {label}-----\n{lines}-----END {label}-----"))
}

/// An OpenPGP secret key in armour.
pub(super) fn pgp(random: &mut Source) -> String {
    let mut body = vec![0x95, 0x01, 0xfe, 0x04];
    body.extend(random.bytes(510));
    let sum = STANDARD.encode(crc24(&body));
    let label = "PGP PRIVATE KEY BLOCK";
    format!("-----BEGIN {label}-----\n\n{}={sum}\n-----END {label}-----", wrapped(&body, 64))
}

fn wrapped(body: &[u8], width: usize) -> String {
    let text = STANDARD.encode(body).into_bytes();
    text.chunks(width).map(|line| format!("{}\n", String::from_utf8_lossy(line))).collect()
}

fn rsa(random: &mut Source) -> Vec<u8> {
    let sizes = [256, 3, 256, 128, 128, 128, 128, 128];
    let numbers = sizes.into_iter().flat_map(|size| value(INTEGER, &number(random, size)));
    let content: Vec<u8> = value(INTEGER, &[0]).into_iter().chain(numbers).collect();
    value(SEQUENCE, &content)
}

fn pkcs8(random: &mut Source) -> Vec<u8> {
    // rsaEncryption without parameters
    let algorithm = [0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];
    let content = [value(INTEGER, &[0]), value(SEQUENCE, &algorithm), value(OCTETS, &rsa(random))].concat();
    value(SEQUENCE, &content)
}

fn ec(random: &mut Source) -> Vec<u8> {
    let curve = [0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
    let point = [vec![0x00, 0x04], random.bytes(64)].concat();
    let public = value(0xa1, &value(0x03, &point));
    let content =
        [value(INTEGER, &[1]), value(OCTETS, &random.bytes(32)), value(0xa0, &curve), public].concat();
    value(SEQUENCE, &content)
}

fn openssh(random: &mut Source) -> Vec<u8> {
    let point = random.bytes(32);
    let public = [string(b"ssh-ed25519"), string(&point)].concat();
    let check = random.bytes(4);
    let secret = [random.bytes(32), point].concat();
    let mut private = [check.clone(), check, public.clone(), string(&secret), string(b"user@host")].concat();
    private.extend((1_u8..).take((8 - private.len() % 8) % 8));
    let head = [string(b"none"), string(b"none"), string(b""), vec![0, 0, 0, 1]].concat();
    [b"openssh-key-v1\0".to_vec(), head, string(&public), string(&private)].concat()
}

/// A positive number of exactly so many bytes.
fn number(random: &mut Source, size: usize) -> Vec<u8> {
    let mut bytes = random.bytes(size);
    if let Some(first) = bytes.first_mut() {
        *first |= 0x80;
    }
    [vec![0], bytes].concat()
}

fn value(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let head = match length {
        0..=0x7f => vec![tag, length as u8],
        0x80..=0xff => vec![tag, 0x81, length as u8],
        _ => vec![tag, 0x82, (length >> 8) as u8, length as u8],
    };
    [head, content.to_vec()].concat()
}

fn string(content: &[u8]) -> Vec<u8> {
    [&(content.len() as u32).to_be_bytes()[..], content].concat()
}
