use super::choose::{by_platform, by_reference, is_named, names};
use super::digest::Digest;
use super::document::{ConfigFile, Descriptor, Node, RunFile, Saved, read};
use super::instruction::history;
use super::store::{Store, StoreError};
use super::{Choice, Image, ImageError, Layer, Run};

/// How deep indexes in indexes are followed.
const DEEPEST: usize = 4;
/// The most layers; container engines stop at 127.
const LAYERS: usize = 1000;

impl Image {
    /// Finds the image in an OCI layout or a docker-archive, and reads and verifies its manifest and configuration.
    /// Layers are verified when they are walked.
    pub fn open(store: &dyn Store, choice: &Choice) -> Result<Self, ImageError> {
        match store.open("index.json") {
            Err(StoreError::NotFound) => {}
            index => {
                let (index, _) = read::<Node>(index, "the index", None)?;
                return from_layout(store, index, choice);
            }
        }
        match store.open("manifest.json") {
            Err(StoreError::NotFound) => Err(ImageError::NotAnImage),
            manifest => {
                let (saved, _) = read::<Vec<Saved>>(manifest, "the manifest", None)?;
                from_archive(store, saved, choice)
            }
        }
    }
}

fn from_layout(store: &dyn Store, index: Node, choice: &Choice) -> Result<Image, ImageError> {
    let mut descriptors = index.manifests.unwrap_or_default();
    let candidates = by_reference(&descriptors, choice.reference.as_deref())?;
    let mut chosen = by_platform(&candidates, choice.platform.as_ref())?.clone();
    let names = names(&chosen);
    for _ in 0..DEEPEST {
        let what = "the manifest";
        let digest = chosen.digest(what)?;
        refuse_old(&chosen.media_type)?;
        let blob = store.open_manifest(&digest.path());
        let (node, digest) = read::<Node>(blob, what, Some((&digest, chosen.size)))?;
        refuse_old(node.media_type.as_deref().unwrap_or_default())?;
        if node.schema_version == Some(1) {
            return Err(old());
        }
        if node.manifests.is_some() && (node.layers.is_some() || node.config.is_some()) {
            // Another reader may take it for the other (CVE-2021-41190).
            return Err(malformed(what, "it is a list of images and an image at the same time"));
        }
        if let Some(manifests) = node.manifests {
            descriptors = manifests;
            let all: Vec<&Descriptor> = descriptors.iter().collect();
            chosen = by_platform(&all, choice.platform.as_ref())?.clone();
            continue;
        }
        return from_manifest(store, node, digest, names, choice);
    }
    Err(malformed("the index", format!("indexes refer to indexes more than {DEEPEST} deep")))
}

fn from_manifest(
    store: &dyn Store,
    node: Node,
    digest: Digest,
    names: Vec<String>,
    choice: &Choice,
) -> Result<Image, ImageError> {
    let config = node.config.ok_or_else(|| malformed("the manifest", "it names no configuration"))?;
    let kind = config.media_type.as_str();
    if !(kind.is_empty() || kind.contains("image.config") || kind.contains("container.image")) {
        let detail = format!("this is no container image but an artefact of the type `{kind}`");
        return Err(ImageError::Unsupported(detail));
    }
    let what = "the configuration";
    let config_digest = config.digest(what)?;
    let blob = store.open(&config_digest.path());
    let (file, config_digest) = read::<ConfigFile>(blob, what, Some((&config_digest, config.size)))?;
    let mut layers = Vec::new();
    for (index, layer) in node.layers.unwrap_or_default().into_iter().enumerate() {
        let digest = layer.digest(&format!("layer {index}"))?;
        layers.push(Layer {
            index,
            path: digest.path(),
            digest: Some(digest.to_string()),
            diff_id: String::new(),
            media_type: layer.media_type,
            size: Some(layer.size),
            instruction: String::new(),
        });
    }
    let image = image(file, Some(digest), &config_digest, names, layers)?;
    match &choice.platform {
        Some(wanted)
            if !image.platform.os.is_empty() && wanted.architecture != image.platform.architecture =>
        {
            let wanted = format!("there is no image for {wanted}");
            Err(ImageError::Choice { wanted, available: vec![image.platform.to_string()] })
        }
        _ => Ok(image),
    }
}

fn from_archive(store: &dyn Store, mut saved: Vec<Saved>, choice: &Choice) -> Result<Image, ImageError> {
    let tags = |each: &Saved| each.repo_tags.clone().unwrap_or_default();
    let available = saved.iter().take(20).flat_map(tags).collect();
    if let Some(reference) = &choice.reference {
        saved.retain(|each| tags(each).iter().any(|tag| is_named(tag, reference)));
    }
    let several = saved.len() > 1;
    let Some(one) = saved.pop().filter(|_| !several) else {
        let wanted = match &choice.reference {
            Some(reference) if !several => format!("no image is called `{reference}`"),
            _ => "there must be one image; say which one by its tag".to_owned(),
        };
        return Err(ImageError::Choice { wanted, available });
    };
    let what = "the configuration";
    let stated = archive_digest(&one.config);
    let (file, config_digest) = read::<ConfigFile>(store.open(&one.config), what, None)?;
    if let Some(stated) = stated.filter(|stated| *stated != config_digest) {
        let (stated, actual) = (stated.to_string(), config_digest.to_string());
        return Err(ImageError::Digest { what: what.to_owned(), stated, actual });
    }
    let layer = |(index, path): (usize, String)| Layer {
        index,
        digest: path
            .starts_with("blobs/")
            .then(|| archive_digest(&path))
            .flatten()
            .map(|digest| digest.to_string()),
        diff_id: String::new(),
        media_type: String::new(),
        size: None,
        instruction: String::new(),
        path,
    };
    let layers = one.layers.unwrap_or_default().into_iter().enumerate().map(layer).collect();
    image(file, None, &config_digest, one.repo_tags.unwrap_or_default(), layers)
}

/// The digest in the name of a file of a docker-archive: `<hex>.json` or `blobs/sha256/<hex>`.
fn archive_digest(path: &str) -> Option<Digest> {
    let name = path.rsplit('/').next()?;
    Digest::parse(&format!("sha256:{}", name.strip_suffix(".json").unwrap_or(name)))
}

fn image(
    file: ConfigFile,
    digest: Option<Digest>,
    config_digest: &Digest,
    names: Vec<String>,
    mut layers: Vec<Layer>,
) -> Result<Image, ImageError> {
    let diff_ids = file.rootfs.diff_ids.unwrap_or_default();
    if layers.len() > LAYERS {
        return Err(malformed("the manifest", format!("it has more than {LAYERS} layers")));
    }
    if diff_ids.len() != layers.len() {
        let reason = format!("{} diff_ids for {} layers", diff_ids.len(), layers.len());
        return Err(malformed("the configuration", reason));
    }
    let history = history(file.history.unwrap_or_default(), layers.len());
    for (layer, diff_id) in layers.iter_mut().zip(diff_ids) {
        let diff_id = Digest::parse(&diff_id)
            .ok_or_else(|| malformed("the configuration", "a diff_id is not a digest that is known"))?;
        layer.diff_id = diff_id.to_string();
        if let Some(step) = history.iter().find(|step| step.layer == Some(layer.index)) {
            layer.instruction.clone_from(&step.instruction);
        }
    }
    Ok(Image {
        digest: digest.map(|digest| digest.to_string()),
        config_digest: config_digest.to_string(),
        names,
        platform: file.platform,
        created: file.created.unwrap_or_default(),
        run: run(file.config.unwrap_or_default()),
        history,
        layers,
    })
}

fn run(file: RunFile) -> Run {
    Run {
        user: file.user.unwrap_or_default(),
        environment: file.env.unwrap_or_default(),
        entrypoint: file.entrypoint.unwrap_or_default(),
        command: file.cmd.unwrap_or_default(),
        working_folder: file.working_dir.unwrap_or_default(),
        labels: file.labels.unwrap_or_default(),
    }
}

fn refuse_old(media_type: &str) -> Result<(), ImageError> {
    if media_type.contains("docker.distribution.manifest.v1") { Err(old()) } else { Ok(()) }
}

fn old() -> ImageError {
    let detail = "the image has Docker's manifest schema 1, which was given up in 2017 and whose layers cannot be \
                  verified; pull it with a current engine and push it again";
    ImageError::Unsupported(detail.to_owned())
}

fn malformed(what: &str, reason: impl Into<String>) -> ImageError {
    ImageError::Malformed { what: what.to_owned(), reason: reason.into() }
}
