use andon_config::Secret as Source;
use andon_system::MemorySystem;

use super::Bench;
use crate::Ending;

/// A step with a secret that it gets as the file `KEY_FILE`.
fn bench(script: &str) -> Bench {
    let mut bench = Bench::new(script);
    bench.system = MemorySystem::new().variable("THE_KEY", "correct horse 1234");
    bench.step.secrets.insert("KEY".to_owned(), Source::Environment("THE_KEY".to_owned()));
    bench
}

fn check(script: &str, log: &str) {
    let bench = bench(script);
    let ended = bench.run().unwrap();
    assert_eq!(ended.ending, Ending::Exited(0), "{script}: {}", bench.shown());
    assert_eq!(bench.log("step.log"), log, "{script}");
    assert!(!bench.shown().contains("horse"), "{}", bench.shown());
}

#[test]
fn only_the_step_sees_a_secret() {
    check("cat $KEY_FILE", "o+ ***");
    check("printf 'corre'; sleep 0.1; printf 'ct hor'; sleep 0.6; printf 'se 1234\\n'", "o| ***");
    check("printf 'correct horse '; sleep 0.6; echo 12345", "o| ***5");
    check("base64 $KEY_FILE; cat $KEY_FILE | od -An -tx1 | tr -d ' \\n'", "o| ***\no+ ***");
    check("printf 'user:%s' \"$(cat $KEY_FILE)\" | base64 >&2", "e| dXNlcjp***=");
    check(
        "[ \"$KEY_FILE\" = \"$ANDON_SECRETS/KEY\" ] && ls $ANDON_SECRETS && env | grep -c horse || true",
        "o| KEY\no| 0",
    );
    check("head -c 65530 /dev/zero | tr '\\0' x; printf 'correct horse 1234 end\\n' ", &{
        let filler = "x".repeat(65530);
        format!("o+ {filler}*** en\no| d")
    });
}

#[test]
fn a_secret_that_cannot_be_had_is_said_before_anything_runs() {
    let mut bench = bench("echo ran");
    bench.step.secrets.insert("OTHER".to_owned(), Source::Environment("NOT_SET".to_owned()));
    let failure = bench.run().unwrap_err();
    assert!(failure.0.contains("`OTHER`") && failure.0.contains("NOT_SET is not set"), "{failure}");
    assert_eq!(bench.shown(), "");
    let mut bench = self::bench("");
    bench.step.command = vec!["/correct horse 1234".to_owned()];
    let ended = bench.run().unwrap();
    assert_eq!(ended.ending, Ending::Exited(127));
    assert!(!bench.log("step.log").contains("horse"), "{}", bench.log("step.log"));
}
