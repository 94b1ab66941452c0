use andon_system::System;
use hyper_util::client::proxy::matcher::Matcher;
use reqwest::{NoProxy, Proxy, Url};

use crate::address::{is_loopback, shown};
use crate::{NetworkError, Problem};

/// The proxies of the environment, for each scheme the first variable that is set.
#[derive(Clone, Debug, Default)]
pub(crate) struct Proxies {
    http: Option<Setting>,
    https: Option<Setting>,
    exempt: String,
}

#[derive(Clone)]
struct Setting {
    variable: &'static str,
    address: String,
}

impl std::fmt::Debug for Setting {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}={}", self.variable, shown(&self.address))
    }
}

impl Proxies {
    /// `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy`, in lower case first. In a CGI program `HTTP_PROXY` is
    /// what a stranger sent as the header `Proxy`, so it is not believed there.
    pub(crate) fn of(system: &dyn System) -> Self {
        let value = |name: &str| system.environment(name)?.into_string().ok();
        let first = |names: &[&'static str]| {
            names.iter().find_map(|&variable| Some(Setting { variable, address: value(variable)? }))
        };
        let cgi = value("REQUEST_METHOD").is_some();
        let http: &[&str] = if cgi {
            &["http_proxy", "all_proxy", "ALL_PROXY"]
        } else {
            &["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"]
        };
        let own = value("no_proxy").or_else(|| value("NO_PROXY")).unwrap_or_default();
        Self {
            http: first(http),
            https: first(&["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]),
            exempt: format!("{own},localhost,127.0.0.0/8,::1"),
        }
    }

    /// What the HTTP library is told. This machine itself is never reached through a proxy.
    pub(crate) fn rules(&self) -> Result<Vec<Proxy>, NetworkError> {
        let mut rules = Vec::new();
        for (setting, secure) in [(&self.http, false), (&self.https, true)] {
            let Some(setting) = setting else { continue };
            let address = setting.address.as_str();
            let made = if secure { Proxy::https(address) } else { Proxy::http(address) };
            let proxy = made.map_err(|_| NetworkError {
                url: shown(&setting.address),
                problem: Problem::Settings(format!(
                    "{} is no address of a proxy; write it as http://host:port",
                    setting.variable
                )),
            })?;
            rules.push(proxy.no_proxy(NoProxy::from_string(&self.exempt)));
        }
        Ok(rules)
    }

    /// Which proxy an address is reached through, for what is no request of the HTTP library.
    pub(crate) fn matcher(&self) -> Result<Matcher, NetworkError> {
        // The library says what is wrong with an address; the matcher would only leave it out.
        self.rules()?;
        let address = |setting: &Option<Setting>| {
            setting.as_ref().map(|setting| setting.address.clone()).unwrap_or_default()
        };
        let matcher = Matcher::builder().http(address(&self.http)).https(address(&self.https));
        Ok(matcher.no(self.exempt.as_str()).build())
    }

    /// What an error says about the proxy of an address.
    pub(crate) fn describe(&self, url: &Url) -> String {
        let (setting, variable) = match url.scheme() {
            "http" => (&self.http, "HTTP_PROXY"),
            _ => (&self.https, "HTTPS_PROXY"),
        };
        match setting {
            _ if url.host_str().is_some_and(is_loopback) => "on this machine".to_owned(),
            Some(found) => {
                format!("proxy {} of {}, unless NO_PROXY exempts it", shown(&found.address), found.variable)
            }
            None => format!("no proxy is set; if this network needs one, set {variable}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use andon_system::MemorySystem;

    fn check(variables: &[(&str, &str)], url: &str, expected: &str) {
        let system =
            variables.iter().fold(MemorySystem::new(), |system, (name, value)| system.variable(name, value));
        let proxies = Proxies::of(&system);
        assert!(proxies.rules().is_ok());
        assert_eq!(proxies.describe(&Url::parse(url).unwrap()), expected);
        assert!(!format!("{proxies:?}").contains("word"), "{proxies:?}");
    }

    #[test]
    fn the_most_specific_variable_wins_and_shows_no_password() {
        let of =
            |variable: &str| format!("proxy http://p.example:8/ of {variable}, unless NO_PROXY exempts it");
        let address = "http://user:word@p.example:8";
        check(&[("HTTPS_PROXY", address)], "https://a.example", &of("HTTPS_PROXY"));
        check(&[("ALL_PROXY", address)], "http://a.example", &of("ALL_PROXY"));
        check(
            &[("HTTP_PROXY", "http://no.example"), ("http_proxy", address)],
            "http://a.example",
            &of("http_proxy"),
        );
        let none = "no proxy is set; if this network needs one, set HTTP_PROXY";
        check(&[("HTTPS_PROXY", address)], "http://a.example", none);
        check(&[("HTTP_PROXY", address), ("REQUEST_METHOD", "GET")], "http://a.example", none);
        check(&[("HTTP_PROXY", address)], "http://127.0.0.1:1/", "on this machine");
    }

    #[test]
    fn a_proxy_that_is_none_is_an_error() {
        let system = MemorySystem::new().variable("HTTPS_PROXY", "http://user:word@");
        let error = Proxies::of(&system).rules().unwrap_err().to_string();
        assert!(error.contains("HTTPS_PROXY") && !error.contains("word"), "{error}");
    }
}
