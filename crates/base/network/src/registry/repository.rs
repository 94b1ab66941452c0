use reqwest::Method;

use crate::exchange::{Answer, Exchange};
use crate::registry::document::{Descriptor, Document, LARGEST_MANIFEST, Manifest, digest_of};
use crate::registry::reference::sha256;
use crate::registry::session::{Access, Session};
use crate::registry::{Credentials, Reference, RegistryError};
use crate::{Client, NetworkError, Page, Problem, Request};

const ACCEPT: &str = "application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json, \
     application/vnd.docker.distribution.manifest.list.v2+json, application/vnd.docker.distribution.manifest.v2+json";

/// A repository of a registry, to read from and to write to. Whatever it gives has the digest that it was asked for;
/// a registry's own word about digests is only compared.
pub struct Repository<'a> {
    pub(crate) session: Session<'a>,
    pub(crate) reference: &'a Reference,
}

impl<'a> Repository<'a> {
    /// To read from the repository that an image's name is in.
    pub fn new(client: &'a Client, reference: &'a Reference, credentials: &'a Credentials) -> Self {
        Self { session: Session::new(client, reference, credentials), reference }
    }

    /// To write to it as well.
    pub fn to_push(client: &'a Client, reference: &'a Reference, credentials: &'a Credentials) -> Self {
        let session = Session::new(client, reference, credentials).allowing(Access::Push);
        Self { session, reference }
    }

    /// The name that it was opened with.
    pub fn reference(&self) -> &'a Reference {
        self.reference
    }

    /// The manifest of the name that the repository was opened with.
    ///
    /// # Errors
    /// When there is none, or it is not the one that the name asks for.
    pub fn image(&mut self) -> Result<Manifest, RegistryError> {
        let found = self.manifest(self.reference.version())?;
        found.ok_or_else(|| self.missing(self.reference.to_string()))
    }

    /// A manifest by its tag or digest; `None` when there is none.
    ///
    /// # Errors
    /// When the registry does not give it, gives another than asked for, or contradicts itself about its digest.
    pub fn manifest(&mut self, version: &str) -> Result<Option<Manifest>, RegistryError> {
        let answer = match self.send(&format!("manifests/{version}"), &Method::GET, ACCEPT, LARGEST_MANIFEST)
        {
            Err(RegistryError::NotFound { .. }) => return Ok(None),
            answer => answer?,
        };
        let what = format!("the manifest {version}");
        self.expect(&answer, 200, &what)?;
        let digest = digest_of(&answer.bytes);
        if version.starts_with("sha256:") && version != digest {
            return Err(self.wrong(&what, &format!("has the digest {digest}")));
        }
        self.agree(&answer, &digest, &what)?;
        let document = Document::read(&answer.bytes)
            .map_err(|reason| self.wrong(&what, &format!("cannot be used: {reason}")))?;
        let (said, header) = (document.media_type.unwrap_or_default(), answer.media_type());
        if !said.is_empty() && header.starts_with("application/vnd.") && said != header {
            return Err(self.wrong(&what, &format!("says that it is {said}, but is sent as {header}")));
        }
        let media_type = if said.is_empty() { header } else { said };
        let etag = answer.header("etag").map(str::to_owned);
        Ok(Some(Manifest { digest, media_type, bytes: answer.bytes, etag }))
    }

    /// The digest and size that the registry names for a tag or digest, without the content; `None` when there is
    /// none. This is the registry's word.
    ///
    /// # Errors
    /// When the registry does not answer, or names another digest than asked for.
    pub fn head(&mut self, version: &str) -> Result<Option<Descriptor>, RegistryError> {
        let answer = match self.send(&format!("manifests/{version}"), &Method::HEAD, ACCEPT, LARGEST_MANIFEST)
        {
            Err(RegistryError::NotFound { .. }) => return Ok(None),
            answer => answer?,
        };
        let what = format!("the manifest {version}");
        self.expect(&answer, 200, &what)?;
        if version.starts_with("sha256:") {
            self.agree(&answer, version, &what)?;
        }
        let named = answer.header("docker-content-digest").unwrap_or(version);
        if sha256(named).is_none() {
            return Err(self.wrong(&what, "is given without its digest"));
        }
        let size = answer.header("content-length").and_then(|value| value.parse().ok()).unwrap_or(0);
        Ok(Some(Descriptor {
            media_type: answer.media_type(),
            digest: named.to_owned(),
            size,
            ..Descriptor::default()
        }))
    }

    /// The content that a descriptor points to, in memory: exactly its size and digest.
    ///
    /// # Errors
    /// When it is not there, has more than `limit` bytes, or is other content.
    pub fn blob(&mut self, descriptor: &Descriptor, limit: u64) -> Result<Vec<u8>, RegistryError> {
        let digest = &descriptor.digest;
        let what = format!("the blob {digest}");
        if sha256(digest).is_none() {
            return Err(self.wrong(&what, "has no SHA-256"));
        }
        if descriptor.size > limit {
            let image = format!("the blob {digest} of {}", self.reference);
            return Err(RegistryError::TooLarge { image, bytes: descriptor.size, limit });
        }
        let (client, size) = (self.session.client(), descriptor.size);
        let name = format!("{what} of {}", self.reference);
        let page = self.session.ask(&format!("blobs/{digest}"), &name, &|url, authorization| {
            client.fetch(&Request { authorization, ..Request::new(url) }, size)
        });
        let page = match page {
            Err(RegistryError::Network(NetworkError { problem: Problem::TooLarge(_), .. })) => {
                return Err(self.wrong(&what, &format!("has more than the {size} bytes that it should have")));
            }
            page => page?,
        };
        let Page::Content { bytes, .. } = page else { return Err(self.wrong(&what, "has no content")) };
        let found = digest_of(&bytes);
        if found != *digest || u64::try_from(bytes.len()) != Ok(size) {
            let reason = format!("has {} bytes and the digest {found}; nothing of it is used", bytes.len());
            return Err(self.wrong(&what, &reason));
        }
        Ok(bytes)
    }

    /// Whether the registry says that it has a blob.
    ///
    /// # Errors
    /// When it does not answer.
    pub fn has_blob(&mut self, digest: &str) -> Result<bool, RegistryError> {
        match self.send(&format!("blobs/{digest}"), &Method::HEAD, "", 0) {
            Ok(answer) => Ok(answer.status == 200),
            Err(RegistryError::NotFound { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Asks for a path of the repository, without a body.
    pub(crate) fn send(
        &mut self,
        path: &str,
        method: &Method,
        accept: &str,
        limit: u64,
    ) -> Result<Answer, RegistryError> {
        let client = self.session.client();
        let what = format!("{path} of {}", self.reference);
        self.session.ask(path, &what, &|url, authorization| {
            let exchange = Exchange {
                method,
                url,
                accept,
                content_type: "",
                authorization,
                if_match: None,
                body: &[],
                limit,
            };
            client.exchange(&exchange)
        })
    }

    /// The status must be the one that the specification names.
    pub(crate) fn expect(&self, answer: &Answer, status: u16, what: &str) -> Result<(), RegistryError> {
        if answer.status == status {
            return Ok(());
        }
        let said = complaint(&answer.bytes);
        Err(self.wrong(what, &format!("is answered with status {}{said}", answer.status)))
    }

    /// What the registry says of a digest, if anything, must be so.
    pub(crate) fn agree(&self, answer: &Answer, digest: &str, what: &str) -> Result<(), RegistryError> {
        match answer.header("docker-content-digest") {
            Some(said) if said.starts_with("sha256:") && said != digest => {
                let said = crate::response::one_line(said);
                Err(self.wrong(what, &format!("has the digest {digest}, but the registry says {said}")))
            }
            _ => Ok(()),
        }
    }

    pub(crate) fn wrong(&self, what: &str, reason: &str) -> RegistryError {
        RegistryError::Wrong {
            registry: self.reference.registry().to_owned(),
            what: crate::response::one_line(what),
            reason: crate::response::one_line(reason),
        }
    }

    pub(crate) fn missing(&self, what: String) -> RegistryError {
        RegistryError::NotFound { registry: self.reference.registry().to_owned(), what }
    }
}

/// The first error of the body that registries send with a refusal (distribution specification, section "error
/// codes"), to be appended to a sentence.
pub(crate) fn complaint(body: &[u8]) -> String {
    #[derive(serde::Deserialize)]
    struct Body {
        errors: Vec<One>,
    }
    #[derive(serde::Deserialize)]
    #[serde(default)]
    #[derive(Default)]
    struct One {
        code: String,
        message: String,
    }
    let body: Option<Body> = serde_json::from_slice(body).ok();
    let first = body.and_then(|body| body.errors.into_iter().next());
    first.map_or(String::new(), |one| crate::response::one_line(&format!(" ({}: {})", one.code, one.message)))
}

/// Whether an error says that the precondition of a request does not hold, or that somebody else was faster.
pub(crate) fn is_conflict(status: u16) -> bool {
    matches!(status, 409 | 412)
}

/// Whether an error may be gone with another attempt from the start.
pub(crate) fn is_passing(error: &RegistryError) -> bool {
    let broken = |problem: &Problem| matches!(problem, Problem::Cut { .. } | Problem::Connect { .. });
    match error {
        RegistryError::NotFound { .. } => true,
        RegistryError::Network(NetworkError { problem, .. }) => broken(problem),
        _ => false,
    }
}
