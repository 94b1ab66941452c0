use serde::Deserialize;

use crate::address::{self, is_loopback};
use crate::registry::challenge::{self, Challenge};
use crate::registry::{Credentials, Reference, RegistryError};
use crate::{Client, NetworkError, Page, Problem, Request, Secret};

/// A conversation with one registry about one image.
pub(crate) struct Session<'a> {
    client: &'a Client,
    reference: &'a Reference,
    credentials: &'a Credentials,
    access: Access,
    authorization: Option<Secret>,
}

/// What is to be allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    Pull,
    /// And to push.
    Push,
}

/// Asks an address, with an authorization.
type Ask<'a, T> = &'a dyn Fn(&str, Option<&Secret>) -> Result<T, NetworkError>;

impl<'a> Session<'a> {
    pub(crate) fn new(client: &'a Client, reference: &'a Reference, credentials: &'a Credentials) -> Self {
        let authorization = if let Credentials::Token(token) = credentials {
            Some(Secret::bearer(token.reveal()))
        } else {
            None
        };
        Self { client, reference, credentials, access: Access::Pull, authorization }
    }

    /// The same conversation, with another access.
    pub(crate) fn allowing(self, access: Access) -> Self {
        Self { access, ..self }
    }

    pub(crate) fn client(&self) -> &'a Client {
        self.client
    }

    /// Asks for `path` of the image; a refusal is answered with a token, once. `ask` gets the address and what to send
    /// as authorization. `what` is what an error says is missing.
    pub(crate) fn ask<T>(&mut self, path: &str, what: &str, ask: Ask<'_, T>) -> Result<T, RegistryError> {
        let url = format!("{}/{path}", self.reference.base());
        self.ask_at(&url, what, ask)
    }

    /// As [`Session::ask`], of any address. One of another server gets no authorization.
    pub(crate) fn ask_at<T>(&mut self, url: &str, what: &str, ask: Ask<'_, T>) -> Result<T, RegistryError> {
        let own = address::parse(&self.reference.base())?.origin() == address::parse(url)?.origin();
        if !own {
            return ask(url, None).map_err(|error| self.explain(error, what));
        }
        let challenge = match ask(url, self.authorization.as_ref()) {
            Err(NetworkError { problem: Problem::Refused { status: 401, challenge, .. }, .. }) => challenge,
            other => return other.map_err(|error| self.explain(error, what)),
        };
        let challenge = challenge.as_deref().and_then(challenge::parse);
        self.authorization = match challenge {
            Some(challenge) => Some(self.authorize(&challenge)?),
            None => return Err(self.refused(401, "it does not say how to sign in")),
        };
        ask(url, self.authorization.as_ref()).map_err(|error| self.explain(error, what))
    }

    fn authorize(&self, challenge: &Challenge) -> Result<Secret, RegistryError> {
        match (challenge, self.credentials) {
            (Challenge::Basic, Credentials::Basic { user, password }) => {
                Ok(Secret::basic(user, password.reveal()))
            }
            (Challenge::Basic, _) | (_, Credentials::Token(_)) => Err(self.refused(401, &self.sign_in())),
            (Challenge::Bearer { realm, service, scope }, _) => {
                self.check_realm(realm)?;
                self.token(realm, service, &self.scope(scope))
            }
        }
    }

    /// What a token is to allow: what the registry says. To push, a token that allows both saves asking for each.
    fn scope(&self, asked: &str) -> String {
        let repository = format!("repository:{}:", self.reference.repository());
        match self.access {
            Access::Pull if asked.is_empty() => format!("{repository}pull"),
            Access::Push if asked.is_empty() || asked.starts_with(&repository) => {
                format!("{repository}pull,push")
            }
            _ => asked.to_owned(),
        }
    }

    /// A password must not go over the network in the clear because a registry says so.
    fn check_realm(&self, realm: &str) -> Result<(), RegistryError> {
        let url = address::parse(realm)?;
        let local = url.host_str().is_some_and(is_loopback) && self.reference.base().starts_with("http://");
        if url.scheme() == "https" || local {
            return Ok(());
        }
        let hint = format!("it wants the credentials at {}, which is not secure", address::shown(realm));
        Err(self.refused(401, &hint))
    }

    fn token(&self, realm: &str, service: &str, scope: &str) -> Result<Secret, RegistryError> {
        const LIMIT: u64 = 1 << 20;
        let answer = if let Credentials::Identity(token) = self.credentials {
            let fields = [
                ("grant_type", "refresh_token"),
                ("client_id", "andon"),
                ("service", service),
                ("scope", scope),
                ("refresh_token", token.reveal()),
            ];
            let (status, bytes) = self.client.post_form(realm, &fields, LIMIT)?;
            if !status.is_success() {
                return Err(self.refused(status.as_u16(), &self.sign_in()));
            }
            bytes
        } else {
            self.ask_token(realm, service, scope, LIMIT)?
        };
        let token: Token = serde_json::from_slice(&answer).unwrap_or_default();
        match [token.token, token.access_token].into_iter().find(|token| !token.is_empty()) {
            Some(token) => Ok(Secret::bearer(&token)),
            None => Err(self.refused(401, "its answer to the request for a token has none")),
        }
    }

    fn ask_token(
        &self,
        realm: &str,
        service: &str,
        scope: &str,
        limit: u64,
    ) -> Result<Vec<u8>, RegistryError> {
        let mut url = address::parse(realm)?;
        url.query_pairs_mut().extend_pairs([("service", service), ("scope", scope)]);
        let authorization = match self.credentials {
            Credentials::Basic { user, password } => Some(Secret::basic(user, password.reveal())),
            _ => None,
        };
        let request = Request { authorization: authorization.as_ref(), ..Request::new(url.as_str()) };
        match self.client.fetch(&request, limit) {
            Ok(Page::Content { bytes, .. }) => Ok(bytes),
            Ok(Page::Unchanged) => Ok(Vec::new()),
            Err(error) => Err(self.explain(error, "a token")),
        }
    }

    fn explain(&self, error: NetworkError, what: &str) -> RegistryError {
        match error.problem {
            Problem::Refused { status, .. } => {
                let hint = self.sign_in();
                self.refused(status, &hint)
            }
            Problem::NotFound(_) => RegistryError::NotFound {
                registry: self.reference.registry().to_owned(),
                what: what.to_owned(),
            },
            _ => RegistryError::Network(error),
        }
    }

    /// What to do when a registry refuses: it says so of images that do not exist, too.
    fn sign_in(&self) -> String {
        let registry = self.reference.registry();
        match self.credentials {
            Credentials::Anonymous => {
                format!("it does not exist, or is not for everybody: sign in with docker login {registry}")
            }
            _ => format!(
                "the credentials of Docker's configuration are not enough; sign in again with docker login {registry}"
            ),
        }
    }

    fn refused(&self, status: u16, hint: &str) -> RegistryError {
        RegistryError::Refused {
            registry: self.reference.registry().to_owned(),
            image: self.reference.to_string(),
            status,
            doing: if self.access == Access::Push { "take or give" } else { "give" },
            hint: hint.to_owned(),
        }
    }
}

/// The answer of who gives tokens (the distribution project's token specification).
#[derive(Default, Deserialize)]
#[serde(default)]
struct Token {
    token: String,
    access_token: String,
}
