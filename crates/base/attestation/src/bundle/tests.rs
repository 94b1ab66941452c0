use super::*;
use crate::{KeyKind, SecretKey, Signer};

fn key() -> SecretKey {
    SecretKey::generate(KeyKind::EcdsaP256, &[5; 32])
}

#[test]
fn what_is_written_is_read() {
    let key = key();
    let message = Bundle::of_message([7; 32], key.sign(b"m"), key.public());
    assert_eq!(Bundle::from_json(&message.to_json()).unwrap(), message);
    let text = String::from_utf8(message.to_json()).unwrap();
    let start = format!(
        r#"{{"mediaType":"{MEDIA_TYPE}","verificationMaterial":{{"publicKey":{{"hint":"{}"}}}},"messageSignature":{{"#,
        key.public().hint()
    );
    assert!(text.starts_with(&start), "{text}");
    let envelope = Bundle::of_envelope(Envelope::sign(Envelope::IN_TOTO, b"{}".to_vec(), &key));
    assert_eq!(envelope.hint, key.public().hint());
    assert_eq!(Bundle::from_json(&envelope.to_json()).unwrap(), envelope);
}

#[test]
fn odd_bundles_are_refused() {
    let check = |text: &str, expected: Result<(), &str>| match (Bundle::from_json(text.as_bytes()), expected)
    {
        (Ok(_), Ok(())) => {}
        (Err(error), Err(said)) => assert!(error.to_string().contains(said), "{text}: {error}"),
        (read, expected) => panic!("{text}: {read:?}, not {expected:?}"),
    };
    let full = |material: &str, content: &str| {
        format!(r#"{{"mediaType":"{MEDIA_TYPE}","verificationMaterial":{material},{content}}}"#)
    };
    let public =
        r#"{"publicKey":{"hint":"x"},"tlogEntries":[{"logIndex":"1"}],"timestampVerificationData":{}}"#;
    let message = r#""messageSignature":{"messageDigest":null,"signature":"AA=="}"#;
    let envelope = r#""dsseEnvelope":{"payload":"","payloadType":"t","signatures":[{"sig":"AA=="}]}"#;
    check(&full(public, message), Ok(()));
    check(&full(r#"{"publicKey":{}}"#, envelope), Ok(()));
    check(&full(public, &message.replace("null", r#"{"algorithm":"SHA2_512","digest":"AA=="}"#)), Ok(()));
    check(
        &full(public, &message.replace("null", r#"{"algorithm":"SHA2_256","digest":"AA=="}"#)),
        Err("no SHA-256"),
    );
    check(&full(public, r#""messageSignature":{}"#), Err("`signature` is missing"));
    check(&full(public, &format!("{message},{envelope}")), Err("and not both"));
    check(&full(public, &format!(r#"{message},"dsseEnvelope":null"#)), Ok(()));
    check(&full(public, r#""x":1"#), Err("must hold"));
    check(&full(public, &envelope.replace(r#"[{"sig":"AA=="}]"#, "[]")), Err("no signature"));
    check(&full(public, &envelope.replace("[{", r#"[{"sig":""},{"#)), Err("exactly one signature"));
    check(&full(public, &format!("{message},{message}")), Err("occurs twice"));
    check(&full(r#"{"certificate":{"rawBytes":"AA=="}}"#, message), Err("certificate"));
    check(&full(r#"{"publicKey":{},"x509CertificateChain":{}}"#, message), Err("certificate"));
    check(&full("{}", message), Err("no `publicKey`"));
    check(&full(r#"{"publicKey":"x"}"#, message), Err("`publicKey` is not"));
    check(&full(r#"{"publicKey":{"hint":1}}"#, message), Err("`publicKey` is not"));
    check(&full(public, message).replace("v0.3", "v9"), Err("media type"));
    check(
        &full(public, message).replace(MEDIA_TYPE, "application/vnd.dev.sigstore.bundle+json;version=0.2"),
        Ok(()),
    );
    check("[]", Err("no object"));
    check("{}", Err("media type"));
}
