//! in-toto statements and their predicates.
#![no_main]

use andon_attestation::{Predicate, Statement, predicate};
use libfuzzer_sys::fuzz_target;

fn check<P: Predicate>(statement: &Statement) {
    let statement = Statement { predicate_type: P::TYPE.to_owned(), ..statement.clone() };
    if let Ok(predicate) = statement.predicate_as::<P>() {
        assert!(Statement::of(statement.subject, &predicate).is_ok());
    }
}

fuzz_target!(|json: &[u8]| {
    let Ok(statement) = Statement::from_json(json) else { return };
    assert_eq!(Statement::from_json(&statement.to_json()).ok().as_ref(), Some(&statement));
    check::<predicate::Provenance>(&statement);
    check::<predicate::VerificationSummary>(&statement);
    check::<predicate::Scan>(&statement);
    check::<predicate::Step>(&statement);
    check::<predicate::TestResults>(&statement);
    check::<predicate::TestCoverage>(&statement);
    check::<predicate::Approval>(&statement);
    check::<predicate::Decision>(&statement);
    check::<predicate::Deployment>(&statement);
});
