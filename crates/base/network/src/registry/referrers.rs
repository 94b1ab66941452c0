use std::collections::BTreeSet;
use std::time::Duration;

use reqwest::{Method, Url};
use serde::Deserialize;

use crate::exchange::Answer;
use crate::registry::document::{
    Descriptor, Document, IMAGE_INDEX, LARGEST_MANIFEST, Manifest, add_to_index, digest_of,
};
use crate::registry::reference::sha256;
use crate::registry::{RegistryError, Repository};

/// Pages of a listing.
const MOST_PAGES: usize = 100;
/// Entries of a listing.
const MOST_ENTRIES: usize = 10_000;
/// How often a tag that others change as well is tried.
const ATTEMPTS: u32 = 12;

/// What is about a manifest.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Referrers {
    /// As the registry, or whoever wrote the index, lists them. Whether one is about the manifest at all, and what it
    /// is, only its own content says.
    pub manifests: Vec<Descriptor>,
    /// Whether they are the registry's own list; otherwise they come from an index under a tag.
    pub native: bool,
}

/// The tag under which an index lists what is about a manifest, where the registry does not (distribution
/// specification, section "referrers tag schema"). `None` when it is no SHA-256.
pub fn referrers_tag(digest: &str) -> Option<String> {
    Some(format!("sha256-{}", sha256(digest)?))
}

/// What is to be under a tag.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TagContent {
    /// The manifest; it must name its media type itself.
    pub manifest: Vec<u8>,
    /// What it points to and may not be there yet.
    pub blobs: Vec<Vec<u8>>,
}

/// Says from what is under a tag what is to be there, or `None` when that is so already, or why it cannot be.
pub type Change<'a> = dyn FnMut(Option<&Manifest>) -> Result<Option<TagContent>, String> + 'a;

impl Repository<'_> {
    /// Lists what is about a manifest: as the registry lists it, or from the index under a tag where the registry has
    /// no such list.
    ///
    /// # Errors
    /// When there is no list that can be read to its end.
    pub fn referrers(&mut self, digest: &str) -> Result<Referrers, RegistryError> {
        let tag = referrers_tag(digest).ok_or_else(|| self.wrong(digest, "is no SHA-256"))?;
        let answer =
            match self.send(&format!("referrers/{digest}"), &Method::GET, IMAGE_INDEX, LARGEST_MANIFEST) {
                Err(RegistryError::NotFound { .. }) => None,
                answer => Some(answer?),
            };
        let what = format!("the list of what is about {digest}");
        // Registries that do not know the list say so in several ways.
        let unknown = |answer: &Answer| matches!(answer.status, 400 | 405 | 406);
        let Some(first) = answer.filter(|answer| !unknown(answer)) else { return self.tagged(&tag) };
        if first.media_type() != IMAGE_INDEX {
            let found = self.tagged(&tag)?;
            if !found.manifests.is_empty() {
                return Ok(found);
            }
            return Err(
                self.wrong(&what, &format!("is sent as {:?} instead of an index", first.media_type()))
            );
        }
        let mut manifests = Vec::new();
        self.pages(first, &what, &mut |page| {
            let document = Document::read(&page.bytes)?;
            manifests.extend(document.manifests.ok_or("it is an image instead of an index")?);
            Ok(manifests.len())
        })?;
        Ok(Referrers { manifests, native: true })
    }

    /// Stores a manifest that is about another, and lists it with that under a tag where the registry does not.
    ///
    /// # Errors
    /// When the registry does not take it, or its list is changed by others all the time.
    pub fn push_referrer(&mut self, media_type: &str, content: &[u8]) -> Result<Descriptor, RegistryError> {
        let refused = |reason: &str| self.wrong("the manifest to push", reason);
        let document = Document::read(content).map_err(|reason| refused(&reason))?;
        let subject = document.subject.clone().ok_or_else(|| refused("is about nothing"))?.digest;
        let tag = referrers_tag(&subject).ok_or_else(|| refused("is about nothing"))?;
        let pushed = self.push_manifest(None, media_type, content)?;
        if pushed.subject.as_deref() == Some(subject.as_str()) {
            return Ok(pushed.descriptor);
        }
        let listed =
            |manifests: &[Descriptor]| manifests.iter().any(|each| each.digest == pushed.descriptor.digest);
        let now = self.referrers(&subject)?;
        if now.native && listed(&now.manifests) {
            return Ok(pushed.descriptor);
        }
        let entry = entry(&pushed.descriptor, &document);
        self.update_tag(&tag, IMAGE_INDEX, &mut |current| {
            let content = |manifest| Some(TagContent { manifest, blobs: Vec::new() });
            let Some(current) = current else { return add_to_index(None, &entry).map(content) };
            let index = Document::read(&current.bytes)?;
            if index.manifests.as_deref().is_some_and(listed) {
                return Ok(None);
            }
            add_to_index(Some(&current.bytes), &entry).map(content)
        })?;
        Ok(pushed.descriptor)
    }

    /// Changes what is under a tag, although others may do the same: `change` gets what is there and gives what is to
    /// be there, or `None` when that is so already. It is asked again after each attempt, until it has nothing to
    /// change; a registry that knows conditional requests is asked for those.
    ///
    /// # Errors
    /// When the registry does not take it, `change` refuses what is there, or others change it all the time.
    pub fn update_tag(
        &mut self,
        tag: &str,
        media_type: &str,
        change: &mut Change<'_>,
    ) -> Result<(), RegistryError> {
        let mut wrote = false;
        for attempt in 0..ATTEMPTS {
            if attempt > 0 {
                std::thread::sleep(pause(attempt));
            }
            let current = self.manifest(tag)?;
            let wanted = change(current.as_ref()).map_err(|reason| {
                self.wrong(&format!("what is under the tag {tag}"), &format!("cannot be added to: {reason}"))
            })?;
            let Some(wanted) = wanted else {
                if wrote && attempt + 1 < ATTEMPTS {
                    // Somebody who read before us may write after us; a second look finds out.
                    wrote = false;
                    continue;
                }
                return Ok(());
            };
            let known = current.as_ref().and_then(|current| current.etag.as_deref());
            let strong = known.filter(|etag| !etag.starts_with("W/"));
            for blob in &wanted.blobs {
                self.push_blob("application/octet-stream", blob)?;
            }
            wrote = self.put_manifest(Some(tag), media_type, &wanted.manifest, strong)?.is_some();
        }
        Err(self.wrong(&format!("the tag {tag}"), "is changed by others all the time; try again later"))
    }

    /// The tags of the repository.
    ///
    /// # Errors
    /// When there is no list that can be read to its end.
    pub fn tags(&mut self) -> Result<Vec<String>, RegistryError> {
        #[derive(Deserialize)]
        struct Page {
            tags: Option<Vec<String>>,
        }
        let what = "the list of tags".to_owned();
        let first = self.send("tags/list", &Method::GET, "application/json", LARGEST_MANIFEST)?;
        let mut tags = Vec::new();
        self.pages(first, &what, &mut |page| {
            let page: Page = serde_json::from_slice(&page.bytes).map_err(|error| error.to_string())?;
            tags.extend(page.tags.unwrap_or_default());
            Ok(tags.len())
        })?;
        Ok(tags)
    }

    fn tagged(&mut self, tag: &str) -> Result<Referrers, RegistryError> {
        let Some(manifest) = self.manifest(tag)? else { return Ok(Referrers::default()) };
        let document = Document::read(&manifest.bytes).map_err(|reason| self.wrong(tag, &reason))?;
        let manifests = document.manifests.ok_or_else(|| {
            self.wrong(&format!("what is under the tag {tag}"), "is an image instead of an index")
        })?;
        if manifests.len() > MOST_ENTRIES {
            return Err(self.wrong(tag, &format!("has more than {MOST_ENTRIES} entries")));
        }
        Ok(Referrers { manifests, native: false })
    }

    /// Follows a listing to its end; `read` says how many entries there are by now.
    fn pages(
        &mut self,
        first: Answer,
        what: &str,
        read: &mut dyn FnMut(&Answer) -> Result<usize, String>,
    ) -> Result<(), RegistryError> {
        let mut seen = BTreeSet::new();
        let mut page = first;
        loop {
            self.expect(&page, 200, what)?;
            let entries =
                read(&page).map_err(|reason| self.wrong(what, &format!("cannot be used: {reason}")))?;
            if entries > MOST_ENTRIES {
                return Err(self.wrong(what, &format!("has more than {MOST_ENTRIES} entries")));
            }
            let Some(next) = page.header("link").and_then(next_page) else { return Ok(()) };
            let url = page.url.join(next).map_err(|_| self.wrong(what, "goes on at no address"))?;
            if url.origin() != page.url.origin() {
                return Err(self.wrong(what, "goes on at another server"));
            }
            if !seen.insert(digest_of(&page.bytes)) || !seen.insert(url.to_string()) {
                return Err(self.wrong(what, "never ends: a page of it comes again"));
            }
            if seen.len() > 2 * MOST_PAGES {
                return Err(self.wrong(what, &format!("has more than {MOST_PAGES} pages")));
            }
            page = self.next(&url, what)?;
        }
    }

    fn next(&mut self, url: &Url, what: &str) -> Result<Answer, RegistryError> {
        let client = self.session.client();
        let what = format!("{what} of {}", self.reference);
        self.session.ask_at(url.as_str(), &what, &|url, authorization| {
            client.exchange(&crate::exchange::Exchange {
                method: &Method::GET,
                url,
                accept: "",
                content_type: "",
                authorization,
                if_match: None,
                body: &[],
                limit: LARGEST_MANIFEST,
            })
        })
    }
}

/// How an index lists a manifest (distribution specification, section "pushing manifests with subject").
fn entry(descriptor: &Descriptor, document: &Document) -> Descriptor {
    let own = document.artifact_type.clone().filter(|kind| !kind.is_empty());
    let kind = own.or_else(|| Some(document.config.as_ref()?.media_type.clone()));
    Descriptor { artifact_type: kind, annotations: document.annotations.clone(), ..descriptor.clone() }
}

/// The address of the next page (RFC 8288), as it is written.
fn next_page(header: &str) -> Option<&str> {
    header.split(',').find_map(|link| {
        let (address, parameters) = link.trim().strip_prefix('<')?.split_once('>')?;
        let next = parameters.split(';').any(|each| {
            let Some((name, value)) = each.split_once('=') else { return false };
            name.trim().eq_ignore_ascii_case("rel")
                && value.trim().trim_matches('"').eq_ignore_ascii_case("next")
        });
        next.then_some(address)
    })
}

/// The wait before another attempt, in part by chance, so that two that are in each other's way part.
fn pause(attempt: u32) -> Duration {
    let most = 25_u64.saturating_mul(1 << attempt.min(5));
    let chance = getrandom::u32().map_or(most, |random| u64::from(random) % most.max(1));
    Duration::from_millis(most / 4 + chance)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_page_is_found() {
        assert_eq!(
            next_page("</v2/a/tags/list?last=b&n=1>; rel=\"next\""),
            Some("/v2/a/tags/list?last=b&n=1")
        );
        assert_eq!(next_page("<a>; rel=prev, <b>; x=1; REL=Next"), Some("b"));
        for none in ["", "<a>", "a; rel=next", "<a; rel=next", "<a>; rel=\"prev\""] {
            assert_eq!(next_page(none), None, "{none}");
        }
    }

    #[test]
    fn an_entry_says_what_the_manifest_says() {
        let manifest = |artifact: &str| {
            let config = r#"{"mediaType": "c", "digest": "sha256:0", "size": 2}"#;
            let text = format!(r#"{{"schemaVersion": 2, {artifact} "config": {config}, "layers": []}}"#);
            Document::read(text.replace("sha256:0", &digest_of(b"{}")).as_bytes()).unwrap()
        };
        let of = |artifact: &str| entry(&Descriptor::of("m", b"x"), &manifest(artifact)).artifact_type;
        assert_eq!(of(""), Some("c".to_owned()));
        assert_eq!(of(r#""artifactType": "","#), Some("c".to_owned()));
        assert_eq!(of(r#""artifactType": "a","#), Some("a".to_owned()));
    }
}
