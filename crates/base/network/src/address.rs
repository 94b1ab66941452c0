use reqwest::Url;

use crate::{NetworkError, Problem};

/// An address as errors and reports may show it: no user, no password, no query, no fragment, no control characters.
pub fn shown(url: &str) -> String {
    match Url::parse(url) {
        Ok(url) if url.has_host() => shown_url(&url),
        _ => {
            let end = url.find(['?', '#']).unwrap_or(url.len());
            let start = url.rfind('@').map_or(0, |at| at + 1);
            // A password with a `#` or a `?` in it, or a query with an `@`: nothing tells which.
            let text = url.get(start..end).unwrap_or("an address that is none");
            text.chars().filter(|letter| !letter.is_control()).take(200).collect()
        }
    }
}

pub(crate) fn shown_url(url: &Url) -> String {
    let mut url = url.clone();
    let query = url.query().is_some();
    url.set_query(None);
    url.set_fragment(None);
    // Only addresses without a host cannot carry a user, and those carry none.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    let mut text = url.to_string();
    if query {
        text.push_str("?…");
    }
    text
}

/// An address that can be fetched.
pub(crate) fn parse(url: &str) -> Result<Url, NetworkError> {
    let problem = |text: String| NetworkError { url: shown(url), problem: Problem::Address(text) };
    let parsed = Url::parse(url).map_err(|error| problem(error.to_string()))?;
    match parsed.scheme() {
        "http" | "https" if parsed.has_host() => Ok(parsed),
        other => Err(problem(format!("{other} is not http or https"))),
    }
}

/// Whether a host, without its port, is this machine itself.
pub(crate) fn is_loopback(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let name = host.eq_ignore_ascii_case("localhost");
    name || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_credential_is_shown() {
        assert_eq!(shown("https://u:p@a.example:8443/x?sig=1#f"), "https://a.example:8443/x?…");
        assert_eq!(shown("http://a.example/x"), "http://a.example/x");
        assert_eq!(shown("u:p@a.example/x?token=1"), "a.example/x");
        assert_eq!(shown("::nothing::"), "::nothing::");
        assert_eq!(shown("http://user:pass#word@a.example:8080"), "an address that is none");
        assert_eq!(shown("http://user:pass?word@a.example:8080/x?y"), "an address that is none");
    }

    #[test]
    fn only_web_addresses_are_fetched() {
        for wrong in ["file:///etc/passwd", "ftp://a.example/", "data:,x", "a/b", ""] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
        assert!(parse("https://a.example/x y").is_ok());
        assert!(is_loopback("127.8.0.1") && is_loopback("[::1]") && is_loopback("LocalHost"));
        assert!(!is_loopback("127.0.0.1.example") && !is_loopback("10.0.0.1"));
    }
}
