use super::*;
use crate::{KeyKind, SecretKey};

fn key(seed: u8) -> SecretKey {
    let kind = if seed.is_multiple_of(2) { KeyKind::Ed25519 } else { KeyKind::EcdsaP256 };
    SecretKey::generate(kind, &[seed; 32])
}

fn publics(keys: &[SecretKey]) -> Vec<PublicKey> {
    keys.iter().map(|key| key.public().clone()).collect()
}

/// The specification's example: protocol.md, "Test Vectors".
#[test]
fn dsse_s_own_example_verifies() {
    let number =
        |hex: &str| (0..32).map(|at| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).unwrap()).collect();
    let number: Vec<u8> = number("d73ec437fd6346e3619c5ebfdfff0f6916804955ad32ac9ac492b0ede1f6ffb7");
    let key = SecretKey::generate(KeyKind::EcdsaP256, &number.try_into().unwrap());
    let point = crate::hex(&key.public().to_der()[27..]);
    assert_eq!(
        point,
        "67cd390f77aa359cb08c2235f652270493a9ed832b0abcc01f70954c0390d238\
         0c782bd54e269125a44f4433aff1432ce94e12bca73aa67ac80cea12608ddf74"
    );
    let text = r#"{"payload": "aGVsbG8gd29ybGQ=", "payloadType": "http://example.com/HelloWorld", "signatures": [{"sig":
        "A3JqsQGtVsJ2O2xqrI5IcnXip5GToJ3F+FnZ+O88SjtR6rDAajabZKciJTfUiHqJPcIAriEGAHTVeCUjW2JIZA=="}]}"#;
    let mut envelope = Envelope::from_json(text.as_bytes()).unwrap();
    assert_eq!(envelope.signed_bytes(), b"DSSEv1 29 http://example.com/HelloWorld 11 hello world");
    // The example writes r and s without DER, and its author's RFC 6979 gives the same numbers as ours.
    let raw = p256::ecdsa::Signature::from_slice(&envelope.signatures[0].signature).unwrap();
    envelope.signatures[0].signature = raw.to_der().as_bytes().to_vec();
    assert_eq!(envelope.verify(&[key.public().clone()]).unwrap(), [key.public()]);
    assert_eq!(key.sign(&envelope.signed_bytes()), envelope.signatures[0].signature);
}

#[test]
fn whatever_is_altered_does_not_verify() {
    let keys = [key(1), key(2)];
    let accepted = publics(&keys);
    for signer in &keys {
        let good = Envelope::sign(Envelope::IN_TOTO, b"{}".to_vec(), signer);
        assert_eq!(good.verify(&accepted).unwrap(), [signer.public()]);
        let check = |what: &str, alter: fn(&mut Envelope)| {
            let mut envelope = good.clone();
            alter(&mut envelope);
            assert!(envelope.verify(&accepted).is_err(), "{what}: {envelope:?}");
        };
        check("payload", |envelope| envelope.payload.push(b' '));
        check("empty payload", |envelope| envelope.payload.clear());
        check("payload type", |envelope| envelope.payload_type.push('x'));
        check("a byte moved from type to payload", |envelope| {
            let last = envelope.payload_type.pop().unwrap();
            envelope.payload.insert(0, u8::try_from(last).unwrap());
        });
        check("signature", |envelope| envelope.signatures[0].signature[10] ^= 1);
        check("truncated", |envelope| {
            envelope.signatures[0].signature.pop();
        });
        check("no signature", |envelope| envelope.signatures.clear());
        check("an empty signature", |envelope| envelope.signatures[0].signature.clear());
        assert!(good.verify(&publics(&[key(3), key(4)])).is_err(), "other keys");
        assert!(good.verify(&[]).is_err(), "no keys");
    }
}

#[test]
fn key_ids_are_only_hints() {
    let (one, two) = (key(1), key(2));
    let accepted = publics(&[key(1), key(2)]);
    let mut envelope = Envelope::sign("t", b"p".to_vec(), &one);
    for id in ["", "x", two.public().id().as_str(), &one.public().hint()] {
        envelope.signatures[0].key_id = id.to_owned();
        assert_eq!(envelope.verify(&accepted).unwrap(), [one.public()], "{id}");
    }
    // The same key id over two signatures, one of them somebody else's.
    envelope.add_signature(&two);
    envelope.signatures[0].key_id = two.public().id().to_string();
    assert_eq!(envelope.verify(&accepted).unwrap(), [one.public(), two.public()]);
    // Swapped signatures of two envelopes.
    let mut other = Envelope::sign("t", b"q".to_vec(), &one);
    std::mem::swap(&mut envelope.signatures, &mut other.signatures);
    assert!(envelope.verify(&accepted).is_err() && other.verify(&accepted).is_err());
}

#[test]
fn a_key_counts_once() {
    let one = key(1);
    let mut envelope = Envelope::sign("t", b"p".to_vec(), &one);
    envelope.add_signature(&one);
    let accepted = publics(&[key(1), key(1), key(2)]);
    assert_eq!(envelope.verify(&accepted).unwrap(), [one.public()]);
}

#[test]
fn what_is_written_is_read() {
    let mut envelope = Envelope::sign(Envelope::IN_TOTO, vec![0xfb, 0xff, 0xbf], &key(1));
    envelope.add_signature(&key(2));
    envelope.signatures[1].key_id.clear();
    let json = envelope.to_json();
    assert_eq!(Envelope::from_json(&json).unwrap(), envelope);
    let text = String::from_utf8(json).unwrap();
    assert!(text.contains(r#""payload":"+/+/""#) && text.matches("keyid").count() == 1, "{text}");
    let url_safe = text.replace("+/+/", "-_-_");
    assert_eq!(Envelope::from_json(url_safe.as_bytes()).unwrap(), envelope);
}

#[test]
fn odd_json_is_refused_or_read_one_way() {
    let check =
        |text: &str, expected: Result<usize, &str>| match (Envelope::from_json(text.as_bytes()), expected) {
            (Ok(envelope), Ok(count)) => assert_eq!(envelope.signatures.len(), count, "{text}"),
            (Err(error), Err(said)) => assert!(error.to_string().contains(said), "{text}: {error}"),
            (read, expected) => panic!("{text}: {read:?}, not {expected:?}"),
        };
    let full = |payload: &str, signatures: &str| {
        format!(r#"{{"payload":{payload},"payloadType":"t","signatures":{signatures}}}"#)
    };
    check(&full(r#""""#, "[]"), Ok(0));
    check(&full(r#""aGk""#, r#"[{"sig":"","keyid":null,"extra":[]}]"#), Ok(1));
    check(&full(r#""aGk=""#, r#"[{"sig":"AA==","keyid":""},{"sig":"_-8"}]"#), Ok(2));
    check(&full(r#""a Gk=""#, "[]"), Err("`payload` is not base64"));
    check(&full(r#""aGk=\n""#, "[]"), Err("`payload` is not base64"));
    check(&full(r#""+_+_""#, "[]"), Err("`payload` is not base64"));
    check(&full("null", "[]"), Err("null"));
    check(&full(r#""""#, "{}"), Err("sequence"));
    check(&full(r#""""#, r#"[{"keyid":"a"}]"#), Err("sig"));
    check(&full(r#""""#, r#"[{"sig":"AA==","sig":"AQ=="}]"#), Err("`sig` occurs twice"));
    check(
        r#"{"payload":"","payload":"aGk=","payloadType":"t","signatures":[]}"#,
        Err("`payload` occurs twice"),
    );
    check(r#"{"payload":"","payloadType":"t"}"#, Err("signatures"));
    check(r#"{"payload":"","signatures":[]}"#, Err("payloadType"));
    check(&full(r#""""#, &format!("[{}]", [r#"{"sig":""}"#; 17].join(","))), Err("more than 16"));
    check("[]", Err("cannot read the envelope"));
    check("", Err("cannot read the envelope"));
}

#[test]
fn an_error_names_the_hinted_key() {
    let envelope = Envelope::sign("t", b"p".to_vec(), &key(1));
    let error = envelope.verify(&publics(&[key(2)])).unwrap_err().to_string();
    assert!(error.contains(key(1).public().id().as_str()) && error.contains("hint: "), "{error}");
    assert!(Envelope::from_json(b"{}").is_err());
}
