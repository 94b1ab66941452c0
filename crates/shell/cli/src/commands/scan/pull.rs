use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use andon_network::registry::{
    Credentials, Platform, PullOptions, Pulled, Reference, RegistryError, docker_credentials, pull,
};
use andon_network::{Client, Settings};
use andon_system::System;
use anyhow::Context;
use indicatif::DecimalBytes;

use crate::arguments::ScanArguments;
use crate::problem::Problem;
use crate::scratch::Scratch;
use crate::terminal::{self, Steps};

/// How often it is looked whether the user wants no more.
const LOOK: Duration = Duration::from_millis(50);

/// An image of a registry, and the folder that it is brought into. The folder is removed when this is dropped.
pub(super) struct FromRegistry {
    name: String,
    reference: Reference,
    platform: Option<Platform>,
    scratch: Scratch,
}

impl FromRegistry {
    /// Reads the name and makes the folder; `None` unless an image of a registry is to be scanned.
    ///
    /// # Errors
    /// When the name is none, or there is no place for the image.
    pub(super) fn of(system: &dyn System, arguments: &ScanArguments) -> anyhow::Result<Option<Self>> {
        let Some(name) = &arguments.image else { return Ok(None) };
        let reference = Reference::parse(name).map_err(|error| wrong_name(system, name, &error))?;
        let platform = arguments.platform.as_deref().map(Platform::parse).transpose()?;
        let cache = system.cache_dir().ok_or_else(|| {
            Problem::new("there is no folder to keep the image in while it is scanned")
                .hint("name one in ANDON_CACHE_DIR")
        })?;
        let scratch =
            Scratch::new(system, &cache.join("images")).context("there is no place for the image")?;
        Ok(Some(Self { name: name.clone(), reference, platform, scratch }))
    }

    /// Where the image will be, in OCI layout.
    pub(super) fn folder(&self) -> &Path {
        self.scratch.folder()
    }

    /// What has to stay writable, so that the image can be removed.
    pub(super) fn parent(&self) -> &Path {
        self.scratch.parent()
    }

    /// Brings the image into the folder. Has to be done before the sandbox is entered: there is no network inside.
    ///
    /// # Errors
    /// When it is not to be had, is not what its digests say, or the user stops it.
    pub(super) fn pull(
        &self,
        system: &dyn System,
        quiet: bool,
        interrupted: &AtomicBool,
    ) -> anyhow::Result<()> {
        let client = Client::new(system, Settings::default())?;
        let credentials = docker_credentials(system, self.reference.registry(), true)?;
        let steps = Arc::new(Steps::new(quiet));
        let pulled = self.wait(client, credentials, steps.clone(), interrupted);
        steps.finish();
        let pulled = pulled.map_err(|error| self.explained(system, error))?;
        if !quiet {
            let size = DecimalBytes(pulled.bytes);
            let Pulled { digest, platform, layers, .. } = pulled;
            terminal::say(&format!(
                "{} is {digest}, for {platform}: layers: {layers}, {size}",
                self.reference
            ));
        }
        Ok(())
    }

    /// Somebody may have meant a file.
    fn explained(&self, system: &dyn System, error: anyhow::Error) -> anyhow::Error {
        match local(system, &self.name) {
            Some(hint) => error.context(Problem::new(format!("cannot fetch {}", self.name)).hint(hint)),
            None => error,
        }
    }

    /// Pulls in a thread of its own, which nobody waits for any more when the user stops it.
    fn wait(
        &self,
        client: Client,
        credentials: Credentials,
        steps: Arc<Steps>,
        interrupted: &AtomicBool,
    ) -> anyhow::Result<Pulled> {
        let (reference, platform) = (self.reference.clone(), self.platform.clone());
        let into = self.folder().to_owned();
        let (sender, receiver) = mpsc::channel();
        let work = move || {
            let what = format!("fetching {reference}");
            steps.at(&what, 0, None);
            let options = PullOptions {
                platform: platform.as_ref(),
                credentials: &credentials,
                progress: &|done, total| steps.at(&what, done, Some(total)),
                ..PullOptions::default()
            };
            // Nobody listens any more after an interruption.
            let _ = sender.send(pull(&client, &reference, &options, &into));
        };
        let puller = thread::Builder::new().name("pull".to_owned()).spawn(work);
        let puller = puller.map_err(|error| Problem::internal(format!("cannot start a thread: {error}")))?;
        loop {
            match receiver.recv_timeout(LOOK) {
                Ok(pulled) => {
                    // The sandbox binds no thread that is there already.
                    let _ = puller.join();
                    return Ok(pulled?);
                }
                Err(mpsc::RecvTimeoutError::Disconnected) => {
                    return Err(Problem::internal("the fetching of the image ended without a result").into());
                }
                Err(mpsc::RecvTimeoutError::Timeout) if interrupted.load(Ordering::Relaxed) => {
                    let message =
                        format!("stopped before {} was fetched; nothing was scanned", self.reference);
                    return Err(Problem::incomplete(message).into());
                }
                Err(mpsc::RecvTimeoutError::Timeout) => {}
            }
        }
    }
}

fn wrong_name(system: &dyn System, name: &str, error: &RegistryError) -> Problem {
    let problem = Problem::new(error.to_string());
    match local(system, name) {
        Some(hint) => problem.hint(hint),
        None => problem,
    }
}

/// What to do when a name is that of a file or folder.
fn local(system: &dyn System, name: &str) -> Option<String> {
    system.metadata(Path::new(name)).ok()?;
    Some(format!("an image on this machine is named without --image: `andon scan {name}`"))
}
