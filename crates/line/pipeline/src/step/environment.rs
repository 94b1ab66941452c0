use std::collections::BTreeMap;

use crate::DEFAULT_PATH;

/// The port of the gateway in the step's own network.
pub(super) const GATEWAY_PORT: u16 = 47_128;

/// The whole environment of a command: what is declared, and these, where nothing else is declared: `PATH`, `LANG` and
/// `CI`; behind a gateway also what makes programs use it. The launcher adds `HOME` and `TMPDIR`, private folders, and
/// where there are secrets `ANDON_SECRETS`.
pub(super) fn environment(declared: &BTreeMap<String, String>, gateway: bool) -> Vec<(String, String)> {
    let mut variables = BTreeMap::from([
        ("PATH".to_owned(), DEFAULT_PATH.to_owned()),
        ("LANG".to_owned(), "C.UTF-8".to_owned()),
        ("CI".to_owned(), "true".to_owned()),
    ]);
    if gateway {
        let proxy = format!("http://127.0.0.1:{GATEWAY_PORT}");
        for name in ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy"] {
            variables.insert(name.to_owned(), proxy.clone());
        }
        for name in ["NO_PROXY", "no_proxy"] {
            variables.insert(name.to_owned(), "localhost,127.0.0.1,::1".to_owned());
        }
    }
    variables.extend(declared.iter().map(|(name, value)| (name.clone(), value.clone())));
    variables.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(declared: &[(&str, &str)], gateway: bool, expected: &[&str]) {
        let declared =
            declared.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let lines: Vec<String> =
            environment(&declared, gateway).iter().map(|(name, value)| format!("{name}={value}")).collect();
        assert_eq!(lines, expected);
    }

    #[test]
    fn nothing_else_is_there() {
        let path = format!("PATH={DEFAULT_PATH}");
        check(&[], false, &["CI=true", "LANG=C.UTF-8", &path]);
        check(
            &[("CI", ""), ("A", "b"), ("PATH", "/opt")],
            false,
            &["A=b", "CI=", "LANG=C.UTF-8", "PATH=/opt"],
        );
        let proxy = |name: &str| format!("{name}=http://127.0.0.1:47128");
        let upper = [proxy("HTTPS_PROXY"), proxy("HTTP_PROXY"), proxy("http_proxy"), proxy("https_proxy")];
        let none = ["NO_PROXY=localhost,127.0.0.1,::1", "no_proxy=localhost,127.0.0.1,::1"];
        check(
            &[],
            true,
            &["CI=true", &upper[0], &upper[1], "LANG=C.UTF-8", none[0], &path, &upper[2], &upper[3], none[1]],
        );
    }
}
