use reqwest::{Method, Url};

use crate::address::{self, is_loopback};
use crate::exchange::{Answer, Exchange};
use crate::registry::document::{Descriptor, LARGEST_MANIFEST, digest_of};
use crate::registry::repository::{complaint, is_conflict, is_passing};
use crate::registry::{RegistryError, Repository};

/// The most bytes of an answer to an upload; registries say little.
const ANSWER: u64 = 1 << 20;
/// How often an upload is begun anew when it breaks.
const ATTEMPTS: u32 = 3;

/// A manifest that was stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pushed {
    /// What points to it.
    pub descriptor: Descriptor,
    /// Whether the registry says that it lists the manifest with what it is about (header `OCI-Subject`).
    pub subject: Option<String>,
}

impl Repository<'_> {
    /// Stores content, unless it is there already. What points to it has the media type given.
    ///
    /// # Errors
    /// When the registry does not take it, or wants it sent where it would not be safe.
    pub fn push_blob(&mut self, media_type: &str, content: &[u8]) -> Result<Descriptor, RegistryError> {
        let descriptor = Descriptor::of(media_type, content);
        let mut attempt = 1;
        loop {
            if self.has_blob(&descriptor.digest)? {
                return Ok(descriptor);
            }
            match self.upload(&descriptor.digest, content) {
                Ok(()) => return Ok(descriptor),
                Err(error) if attempt >= ATTEMPTS || !is_passing(&error) => return Err(error),
                Err(_) => attempt += 1,
            }
        }
    }

    /// Stores a manifest under a tag, or under its digest when there is none. It must name its media type itself.
    ///
    /// # Errors
    /// When the registry does not take it, or names another digest for it.
    pub fn push_manifest(
        &mut self,
        tag: Option<&str>,
        media_type: &str,
        content: &[u8],
    ) -> Result<Pushed, RegistryError> {
        let pushed = self.put_manifest(tag, media_type, content, None)?;
        pushed.ok_or_else(|| {
            self.wrong("the manifest", "is in conflict with another that is pushed; try again")
        })
    }

    /// As [`Repository::push_manifest`], only if the tag is still in the state of `if_match`; `None` when it is not.
    pub(crate) fn put_manifest(
        &mut self,
        tag: Option<&str>,
        media_type: &str,
        content: &[u8],
        if_match: Option<&str>,
    ) -> Result<Option<Pushed>, RegistryError> {
        let digest = digest_of(content);
        let version = tag.unwrap_or(&digest);
        let what = format!("the manifest {version}");
        let path = format!("manifests/{version}");
        let url = format!("{}/{path}", self.reference.base());
        let answer = self.put(&url, media_type, content, if_match, &what)?;
        if is_conflict(answer.status) && (if_match.is_some() || tag.is_some()) {
            return Ok(None);
        }
        self.accepted(&answer, 201, &what)?;
        self.agree(&answer, &digest, &what)?;
        let subject = answer.header("oci-subject").map(str::to_owned);
        Ok(Some(Pushed { descriptor: Descriptor::of(media_type, content), subject }))
    }

    /// `POST`, then `PUT` (distribution specification, section "pushing a blob monolithically").
    fn upload(&mut self, digest: &str, content: &[u8]) -> Result<(), RegistryError> {
        let what = format!("the blob {digest}");
        let answer = self.send("blobs/uploads/", &Method::POST, "", ANSWER)?;
        self.accepted(&answer, 202, &what)?;
        let mut to = self.location(&answer)?;
        to.query_pairs_mut().append_pair("digest", digest);
        let answer = self.put(to.as_str(), "application/octet-stream", content, None, &what)?;
        self.accepted(&answer, 201, &what)?;
        self.agree(&answer, digest, &what)
    }

    fn put(
        &mut self,
        url: &str,
        content_type: &str,
        content: &[u8],
        if_match: Option<&str>,
        what: &str,
    ) -> Result<Answer, RegistryError> {
        let client = self.session.client();
        let what = format!("{what} of {}", self.reference);
        self.session.ask_at(url, &what, &|url, authorization| {
            let method = &Method::PUT;
            let limit = ANSWER.max(LARGEST_MANIFEST);
            let accept = "";
            let body = content;
            client.exchange(&Exchange {
                method,
                url,
                accept,
                content_type,
                authorization,
                if_match,
                body,
                limit,
            })
        })
    }

    /// Where the content is to be sent. It must not go over the network in the clear because a registry says so.
    fn location(&self, answer: &Answer) -> Result<Url, RegistryError> {
        let what = "the upload";
        let text =
            answer.header("location").ok_or_else(|| self.wrong(what, "is begun without a Location"))?;
        let joined =
            answer.url.join(text).map_err(|_| self.wrong(what, "has a Location that is no address"))?;
        let url = address::parse(joined.as_str())?;
        let local = url.host_str().is_some_and(is_loopback) && self.reference.base().starts_with("http://");
        if url.scheme() == "https" || local {
            return Ok(url);
        }
        let reason = format!("is to go to {}, which is not secure", address::shown_url(&url));
        Err(self.wrong(what, &reason))
    }

    fn accepted(&self, answer: &Answer, status: u16, what: &str) -> Result<(), RegistryError> {
        if answer.status == status {
            return Ok(());
        }
        let reason = format!("status {}{}", answer.status, complaint(&answer.bytes));
        Err(RegistryError::NotTaken {
            registry: self.reference.registry().to_owned(),
            what: format!("{what} of {}", self.reference),
            reason,
        })
    }
}
