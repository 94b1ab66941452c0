use proptest::prelude::*;

use super::Strength::{Generic, Structured};
use super::{Strength, is_noise, is_noise_path, is_published, is_repetition, is_test_path};
use crate::examples::expand;

/// The characters of a secret, without a literal that looks like one.
fn made(template: &str) -> String {
    expand(template, "noise").expect("it expands")
}

fn check(strength: Strength, line: &str, secret: &str, reason: Option<&str>) {
    assert_eq!(is_noise(secret.as_bytes(), line.as_bytes(), strength), reason, "{secret} in {line}");
}

#[track_caller]
fn noise(strength: Strength, reason: &str, secrets: &[&str]) {
    for secret in secrets {
        check(strength, &format!("password = \"{secret}\""), secret, Some(reason));
    }
}

#[track_caller]
fn kept(strength: Strength, secrets: &[&str]) {
    for secret in secrets {
        check(strength, &format!("password = \"{secret}\""), secret, None);
    }
}

#[test]
fn placeholders_are_noise_for_every_rule() {
    let prefixed = format!("{}_{}", "ghp", "x".repeat(36));
    noise(
        Structured,
        "masked",
        &["********", "xxxxxxxxxxxx", &prefixed, "abc...def", "AKIA…", "-------", "????"],
    );
    let templates = [
        "${TOKEN}",
        "{{ .Values.token }}",
        "<your-token>",
        "<TOKEN>",
        "%(password)s",
        "$API_KEY",
        "%TOKEN%",
        "#{token}",
        "$(token)",
        "@token@",
        "[token]",
        "{token}",
        "<%= token %>",
        "$token",
        "$this->token",
        "postgres://u:${PASS}@db",
        "sk_live_<secret key>",
    ];
    noise(Structured, "template", &templates);
    let words = [
        "your_api_key_here",
        "YOUR-TOKEN",
        "changeme",
        "change_me_please",
        "my-dummy-value",
        "ExampleToken99",
        "sampleKey",
        "insert-token",
        "todo",
        "TODO: token",
        "fake-token-123",
        "redacted",
        "foobar",
        "lorem ipsum",
        "not-a-secret",
        "key_goes_here",
    ];
    noise(Structured, "placeholder", &words);
    noise(Structured, "empty", &["", "  "]);
}

#[test]
fn brackets_around_the_secret_count_too() {
    check(Structured, "token = <my-token>", "my-token", Some("template"));
    check(Structured, "token: {{ my-token }}", "my-token", Some("template"));
    check(Structured, "token: ${TOKEN_A7}", "TOKEN_A7", Some("template"));
    let random = made("{{alnum:24}}");
    check(Structured, &format!("<password>{random}</password>"), &random, None);
    check(Structured, &format!("{{\"password\": \"{random}\"}}"), &random, None);
    check(Generic, &format!("{{\"{random}\"}}"), &random, None);
}

#[test]
fn repeated_and_sequential_characters_are_noise_for_every_rule() {
    let prefixed = format!("{}_{}", "ghp", "0123456789".repeat(3) + "012345");
    let zeros = format!("{}{}", "AKIA", "0".repeat(16));
    let dull = [
        "aaaaaaaaaaaa",
        &prefixed,
        &zeros,
        "abababababab",
        "abcdefghijklmnop",
        "12345678",
        "87654321",
        "abcd1234efgh5678",
        "qwertyuiop",
        "QWERTY-2020",
        "1qaz2wsx3edc",
        "asdfghjkl;",
        "0123456789abcdef0123456789abcdef",
        "a1b2c3a1b2c3a1b2c3",
    ];
    noise(Structured, "repeated or sequential characters", &dull);
    assert!(!is_repetition(b"b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQ"));
    assert!(!is_repetition(b"s3cr3t-aaaa-9182-kdkq"));
    for interleaved in ["a1b2c3d4e5f6", "1a2b3c4d5e6f7a8b9c0d1e2f3a4b5c6d", "api_z9y8x7w6v5u4"] {
        assert!(is_repetition(interleaved.as_bytes()), "{interleaved}");
    }
    assert!(!is_repetition(b""));
    assert!(!is_repetition(b"p4"));
}

#[test]
fn a_private_key_with_a_word_in_it_is_noise() {
    let key = made("{{pem:RSA PRIVATE KEY}}");
    kept(Structured, &[&key]);
    let (head, tail) = key.split_at(300);
    noise(Structured, "placeholder", &[&format!("{head}EXAMPLE{tail}")]);
    kept(Structured, &[&format!("{head}todo{tail}"), &made("EXAMPLE{{b64:400}}")]);
}

#[test]
fn what_vendors_publish_is_noise() {
    let parts: [&[&str]; 8] = [
        &["AKIAIOSF", "ODNN7EXAMPLE"],
        &["wJalrXUtnFEMI/K7MDENG", "/bPxRfiCYEXAMPLEKEY"],
        &["sk_test_", "4eC39HqLyjWDarjtT1zdp7dc"],
        &["sk_test_", "BQokikJOvBiI2HlWgH4olfQ2"],
        &["gho_", "16C7e42F292c6912E7710c838347Ae178B4a"],
        &["eyJhbGciOiJIUzI1NiJ9.", "eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxfQ", ".c2ln"],
        &["42424242", "42424242"],
        &["123e4567", "-e89b-12d3-a456-426614174000"],
    ];
    for part in parts {
        assert!(is_published(part.concat().as_bytes()), "{part:?}");
        check(Structured, "", &part.concat(), Some("published by its vendor as an example"));
    }
    let key = made("{{pem:RSA PRIVATE KEY}}");
    assert!(!is_published(key.as_bytes()));
    assert!(is_published(key.replacen('\n', "\nMIIEogIBAAKCAQEAu1SU1LfVLPHCo", 1).as_bytes()));
    assert!(!is_published(b""));
    assert!(!is_published(made("{{aws:AKIA}}").as_bytes()));
}

#[test]
fn secrets_are_no_noise() {
    let tokens = [
        "{{github:ghp_}}",
        "{{npm}}",
        "{{aws:AKIA}}",
        "{{jwt}}",
        "{{pem:OPENSSH PRIVATE KEY}}",
        "{{pem:RSA PRIVATE KEY}}",
        "{{hex:64}}",
        "postgres://app:{{alnum:20}}@db.internal:5432/app",
        "{{b64:44}}",
        "hvs.{{b64url:90}}",
        "{{uuid}}",
    ];
    for template in tokens {
        kept(Structured, &[&made(template)]);
    }
    let generic = [
        "{{hex:32}}",
        "{{hex:40}}",
        "{{alnum:16}}",
        "{{alnum:40}}",
        "{{b64:43}}=",
        "{{b64url:32}}",
        "{{lower:24}}",
        "{{alpha:20}}",
        "https://user:{{alnum:12}}@host.dev/",
        "https://host.dev/hook?token={{alnum:20}}",
        "{{jwt}}",
    ];
    for template in generic {
        kept(Generic, &[&made(template)]);
    }
    kept(Generic, &["Tr0ub4dor&3x", "h7$Kq!2vPz", "N9#mQ(w2!x", "zX9-kQ2_vB7w", "G4rgl3!Blaster77"]);
}

#[test]
fn generic_values_that_are_references_are_noise() {
    let lookups = [
        "process.env.TOKEN",
        "os.environ['TOKEN']",
        "os.getenv(\"TOKEN\")",
        "System.getenv(\"TOKEN\")",
        "ENV['TOKEN']",
        "secrets.DEPLOY_KEY",
        "op://vault/item/field",
        "arn:aws:secretsmanager:eu-west-1:1:secret:x",
        "ref+vault://kv/app#token",
        "var.db_password",
        "data.aws_ssm_parameter.token",
        "vault:secret/data/app#token",
        "ENC[AES256_GCM,data:abc]",
        "projects/p/secrets/token/versions/1",
    ];
    noise(Generic, "look-up of the real value", &lookups);
    check(Generic, "x = process.env.A1B2", "A1B2", Some("look-up of the real value"));
    check(Generic, "x = os.environ[\"S3_KEY_9x\"]", "S3_KEY_9x", Some("look-up of the real value"));
    kept(Structured, &["secrets.DEPLOY_KEY", "process.env.TOKEN"]);
}

#[test]
fn generic_values_that_identify_something_are_noise() {
    let uuid = made("{{uuid}}");
    noise(Generic, "UUID", &[&uuid, &uuid.to_uppercase(), &format!("urn:uuid:{uuid}")]);
    noise(
        Generic,
        "integrity digest",
        &[&format!("sha512-{}==", made("{{b64:86}}")), &format!("sha256:{}", made("{{hex:64}}"))],
    );
    for (length, word) in
        [(32, "md5"), (40, "commit:"), (64, "sha256"), (64, "checksum"), (128, "Integrity"), (40, "rev")]
    {
        let digest = made(&format!("{{{{hex:{length}}}}}"));
        check(Generic, &format!("{word} key = \"{digest}\""), &digest, Some("hash of something"));
        check(Generic, &format!("key = \"{digest}\""), &digest, None);
        check(Generic, &format!("prevent_key = \"{digest}\""), &digest, None);
        check(Structured, &format!("{word} key = \"{digest}\""), &digest, None);
    }
    let odd = made("{{hex:33}}");
    check(Generic, &format!("sha256 = {odd}"), &odd, None);
}

#[test]
fn generic_values_that_are_code_or_prose_are_noise() {
    let names = [
        "accessTokenProvider",
        "user_account_identifier",
        "com.acme.billing.config",
        "primary-button",
        "SettingsController",
        "correct horse",
        "settings.labels.forgotten",
        "MAX_RETRY_COUNT",
        "oauth2ClientConfig",
        "Enter the verification phrase",
        "btn btn-primary",
        "urn:ietf:params:oauth",
        "Namespace::Element",
    ];
    noise(Generic, "name or phrase", &names);
    noise(
        Generic,
        "placeholder words",
        &["password123", "my-secret-token", "test", "API_KEY", "null", "admin"],
    );
    noise(
        Generic,
        "expression",
        &["getToken()", "config[\"pwd\"]", "self.client.token(request)", "a + b", "user.token!", "Element[]"],
    );
    noise(Generic, "type name", &["Map<String, Option<u8>>", "*Element", "Element?"]);
    noise(Generic, "format string", &["Bearer9 {}", "%s:7f2%s"]);
    kept(Structured, &["accessTokenProvider", "getToken()"]);
}

#[test]
fn generic_values_that_are_files_urls_and_numbers_are_noise() {
    noise(
        Generic,
        "file path",
        &[
            "./certs/server.pem",
            "/etc/ssl/private/server.key",
            "../x9q8w7",
            "C:\\keys\\a1",
            "config/master.key",
        ],
    );
    noise(
        Generic,
        "URL without credentials",
        &["https://host.dev/path?x=1", "redis://cache:6379/0", "jdbc:sqlite://data"],
    );
    let numbers = [
        "3.14159",
        "1.2.3",
        "v2.0.0-rc.1",
        "^4.17.21",
        "2024-05-17",
        "2024-05-17T11:32:09Z",
        "0x1f4",
        "9041",
        "-17",
    ];
    noise(Generic, "number, date or version", &numbers);
    let image = format!("iVBORw0KGgo{}", made("{{b64:60}}"));
    noise(Generic, "picture, font or archive", &[&image, &format!("data:image/png;base64,{image}")]);
    let data = made("{{b64:60}}");
    check(Generic, &format!("src=\"data:font/woff;base64,{data}\""), &data, Some("picture, font or archive"));
    let public = format!("AAAAB3NzaC1yc2E{}", made("{{b64:60}}"));
    noise(Generic, "public key or certificate", &[&public, &format!("ssh-rsa {public}")]);
    check(Generic, &format!("key = ssh-ed25519 {data}"), &data, Some("public key or certificate"));
}

#[test]
fn noise_paths() {
    let noisy = [
        "package-lock.json",
        "web/yarn.lock",
        "Cargo.lock",
        "go.sum",
        "a/b/uv.lock",
        "flake.lock",
        "static/app.min.js",
        "app.js.map",
        "dist/x.bundle.js",
        "node_modules/x/index.js",
        "go/vendor/a/b.go",
        "third_party/z.c",
        "logo.SVG",
        "font.woff2",
        "de.po",
        "m.xliff",
        "a.snap",
        "win\\node_modules\\x.js",
        "x.png",
    ];
    for path in noisy {
        assert!(is_noise_path(path), "{path}");
    }
    for path in [
        "src/main.rs",
        "lock.json",
        "vendor.py",
        "notebook.ipynb",
        ".env",
        "",
        "/",
        "config/app.yml",
        "minjs",
    ] {
        assert!(!is_noise_path(path), "{path}");
    }
}

#[test]
fn test_paths() {
    let tests = [
        "tests/a.py",
        "src/__tests__/a.js",
        "user_test.go",
        "test_user.py",
        "user.spec.ts",
        "src/UserTest.java",
        "docs/a.html",
        "README.md",
        ".env.example",
        "config.sample.yml",
        "examples/a.rs",
        "Api.Tests/A.cs",
        "spec/a.rb",
        "testdata/key.pem",
        "unittests/a.json",
        "src/dockerTest/a.key",
        "smoke-test/app/a.yml",
        "unit_tests/a.py",
        "api-examples/a.yml",
        ".env.dist",
    ];
    for path in tests {
        assert!(is_test_path(path), "{path}");
    }
    for path in [
        "src/main.rs",
        "contest/a.py",
        "latest/a.yml",
        "inspectest/a.yml",
        "latest.go",
        "src/attestation.rs",
        ".env",
        "",
        "protest.js",
        "dist/app.js",
        "Test.java",
    ] {
        assert_eq!(is_test_path(path), path == "Test.java", "{path}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_panics(secret in prop::collection::vec(any::<u8>(), 0..80), text in "\\PC{0,40}", around in "\\PC{0,20}") {
        for strength in [Structured, Generic] {
            is_noise(&secret, &secret, strength);
            is_noise(text.as_bytes(), format!("{around}{text}{around}").as_bytes(), strength);
        }
        is_noise_path(&text);
        is_test_path(&text);
    }
}
