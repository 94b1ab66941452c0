use super::*;
use crate::predicate::{Approval, Scan};
use crate::{KeyKind, SecretKey};

const COMMIT: &str = "2fd4e1c67a2d28fced849ee1bb76e7391b93eb12";

fn approval() -> Statement {
    let approval = Approval { role: "release".to_owned(), ..Approval::default() };
    Statement::of(vec![Resource::git_commit(COMMIT)], &approval).unwrap()
}

#[test]
fn both_versions_are_read_and_version_1_is_written() {
    let written = String::from_utf8(approval().to_json()).unwrap();
    assert!(
        written.starts_with(r#"{"_type":"https://in-toto.io/Statement/v1","subject":[{"digest":{"#),
        "{written}"
    );
    assert_eq!(Statement::from_json(written.as_bytes()).unwrap(), approval());
    let older = written.replace(Statement::TYPE, Statement::TYPE_V0_1);
    assert_eq!(Statement::from_json(older.as_bytes()).unwrap(), approval());
}

#[test]
fn odd_statements_are_refused() {
    let check =
        |text: &str, expected: Result<(), &str>| match (Statement::from_json(text.as_bytes()), expected) {
            (Ok(_), Ok(())) => {}
            (Err(error), Err(said)) => assert!(error.to_string().contains(said), "{text}: {error}"),
            (read, expected) => panic!("{text}: {read:?}, not {expected:?}"),
        };
    let full = |subject: &str, rest: &str| {
        format!(
            r#"{{"_type":"{}","subject":{subject},"predicateType":"https://e.example/p/v1"{rest}}}"#,
            Statement::TYPE
        )
    };
    let subject = format!(r#"[{{"name":"a","digest":{{"sha1":"{COMMIT}"}},"extra":1}}]"#);
    check(&full(&subject, ""), Ok(()));
    check(&full(&subject, r#","predicate":null,"more":[]"#), Ok(()));
    check(&full(&subject, r#","predicate":{"a":[1]}"#), Ok(()));
    check(&full(&subject, r#","predicate":[]"#), Err("map"));
    check(&full(&subject, r#","predicate":{"a":1,"a":2}"#), Err("`a` occurs twice"));
    check(&full(&subject, r#","subject":[]"#), Err("`subject` occurs twice"));
    check(&full("[]", ""), Err("no subject"));
    check(&full("null", ""), Err("null"));
    check(&full(r#"[{"name":"a"}]"#, ""), Err("subject `a` has no digest"));
    check(&full(r#"[{"name":"a","digest":{}}]"#, ""), Err("no digest"));
    check(&full(r#"[{"name":"a","digest":{"sha256":"x"}}]"#, ""), Err("no digest of sha256"));
    check(&full(r#"[{"name":"a","digest":{"sha256":1}}]"#, ""), Err("string"));
    check(&full(&subject, "").replace("/v1\",\"subject", "/v2\",\"subject"), Err("`_type` is"));
    check(&full(&subject, "").replace("https://e.example/p/v1", ""), Err("`predicateType` is empty"));
    let many = format!("[{}]", vec![&subject[1..subject.len() - 1]; 10_001].join(","));
    check(&full(&many, ""), Err("more than 10000 subjects"));
    check("{}", Err("_type"));
    check("[]", Err("cannot read the statement"));
}

#[test]
fn a_statement_is_believed_only_as_what_it_is() {
    let key = SecretKey::generate(KeyKind::EcdsaP256, &[5; 32]);
    let keys = [key.public().clone()];
    let envelope = approval().sign(&key);
    let (statement, signers) = Statement::verified(&envelope, &keys).unwrap();
    assert_eq!((statement.predicate_as::<Approval>().unwrap().role.as_str(), signers.len()), ("release", 1));
    assert!(statement.is_about("gitCommit", COMMIT) && !statement.is_about("sha1", COMMIT));
    let error = statement.predicate_as::<Scan>().unwrap_err().to_string();
    assert!(error.contains("approval/v1`, not") && error.contains("scan/v1"), "{error}");

    let other_type = Envelope::sign("application/json", envelope.payload.clone(), &key);
    let error = Statement::verified(&other_type, &keys).unwrap_err();
    assert!(matches!(error, StatementError::PayloadType(_)), "{error}");
    let mut altered = envelope;
    altered.payload = String::from_utf8(altered.payload).unwrap().replace("release", "anybody").into_bytes();
    assert!(matches!(Statement::verified(&altered, &keys), Err(StatementError::Envelope(_))));
    assert!(Statement::unverified(&altered).is_ok());
}

#[test]
fn a_predicate_that_does_not_fit_says_where() {
    let mut statement = approval();
    statement.predicate.insert("role".to_owned(), 7.into());
    let error = statement.predicate_as::<Approval>().unwrap_err().to_string();
    assert!(error.contains("approval/v1") && error.contains("string"), "{error}");
}
