use std::collections::BTreeMap;
use std::path::Path;

use andon_config::Secret as Source;
use andon_system::System;

use super::forms::SHORTEST;
use super::launch::Secret;
use crate::Failure;

/// Most bytes of one secret, and of all secrets of a step.
const LONGEST: u64 = 64 << 10;
const MOST: usize = 1 << 20;

/// Fetches the secrets of a step from where the caller has them.
///
/// # Errors
/// When one is not there, too short to be masked, or too long. No value is part of the words.
pub(super) fn fetch(
    system: &dyn System,
    step: &str,
    sources: &BTreeMap<String, Source>,
) -> Result<Vec<Secret>, Failure> {
    let mut secrets = Vec::with_capacity(sources.len());
    for (name, source) in sources {
        let failed = |what: String| Failure(format!("the secret `{name}` of the step `{step}`: {what}"));
        if !is_name(name) {
            return Err(failed(
                "its name must be of letters, digits and `_`, and begin with no digit".to_owned(),
            ));
        }
        let value = match source {
            Source::Environment(variable) => {
                system.environment(variable).map(|value| value.into_encoded_bytes()).ok_or_else(|| {
                    failed(format!("the variable {variable} is not set; set it, and start again"))
                })?
            }
            Source::File(path) => {
                let read = system.read_named(Path::new(path), LONGEST);
                read.map_err(|error| failed(error.to_string()))?.bytes
            }
        };
        if value.trim_ascii().len() < SHORTEST {
            let words = format!(
                "it has fewer than {SHORTEST} bytes, so that it could not be masked in logs; use a longer one"
            );
            return Err(failed(words));
        }
        if u64::try_from(value.len()).unwrap_or(u64::MAX) > LONGEST {
            return Err(failed(format!("it has more than {LONGEST} bytes")));
        }
        secrets.push(Secret { name: name.clone(), value });
    }
    if secrets.iter().map(|secret| secret.value.len()).sum::<usize>() > MOST {
        return Err(Failure(format!("the secrets of the step `{step}` have more than {MOST} bytes in all")));
    }
    Ok(secrets)
}

fn is_name(name: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    !name.is_empty() && name.bytes().all(allowed) && !name.starts_with(|first: char| first.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use andon_system::MemorySystem;

    fn check(name: &str, source: Source, expected: Result<&str, &str>) {
        let system = MemorySystem::new()
            .variable("TOKEN", "a value")
            .variable("SHORT", " ab\n")
            .file("/secret", "line\nline\n")
            .file("/long", vec![b'x'; 70_000]);
        let fetched = fetch(&system, "publish", &BTreeMap::from([(name.to_owned(), source)]));
        match expected {
            Ok(value) => {
                let secrets = fetched.unwrap();
                assert_eq!(secrets, [Secret { name: name.to_owned(), value: value.as_bytes().to_vec() }]);
                assert!(!format!("{secrets:?}").contains("value:"), "{secrets:?}");
            }
            Err(words) => {
                let error = fetched.unwrap_err().0;
                assert!(error.contains(words) && error.contains("`publish`"), "{error}");
            }
        }
    }

    #[test]
    fn values_come_from_the_caller() {
        check("KEY", Source::Environment("TOKEN".to_owned()), Ok("a value"));
        check("KEY", Source::File("/secret".to_owned()), Ok("line\nline\n"));
        check("KEY", Source::Environment("NONE".to_owned()), Err("NONE is not set"));
        check("KEY", Source::Environment("SHORT".to_owned()), Err("fewer than 4 bytes"));
        check("KEY", Source::File("/none".to_owned()), Err("cannot read /none"));
        check("KEY", Source::File("/long".to_owned()), Err("more than the limit"));
        for name in ["", "A-B", "1A", "A B", "A=B", "é"] {
            check(name, Source::Environment("TOKEN".to_owned()), Err("its name"));
        }
    }
}
