use std::path::PathBuf;

use andon_signing::image::Format;
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};

/// What `andon sign` can do with images.
#[derive(Debug, Args)]
pub(crate) struct SignImageArguments {
    /// An image of a registry; name it by its digest, since a tag may be moved before it is signed
    #[arg(long, value_name = "IMAGE", conflicts_with_all = ["files", "output"])]
    pub(crate) image: Option<String>,
    /// How the signature lies beside the image: a bundle that refers to it (cosign 3), or a layer under a tag
    #[arg(long, value_name = "FORMAT", default_value = "bundle", conflicts_with = "files", value_parser = format())]
    pub(crate) format: Format,
    /// Attach an attestation with this JSON instead of a signature
    #[arg(long, value_name = "FILE", conflicts_with = "files", requires = "kind")]
    pub(crate) predicate: Option<PathBuf>,
    /// What the predicate is: slsaprovenance1, spdxjson, cyclonedx, openvex, or its type's URI
    #[arg(long = "type", id = "kind", value_name = "TYPE", requires = "predicate")]
    pub(crate) kind: Option<String>,
}

fn format() -> impl TypedValueParser<Value = Format> {
    const FORMATS: [Format; 2] = [Format::Bundle, Format::Tag];
    PossibleValuesParser::new(FORMATS.map(Format::name))
        .map(|name| if name == Format::Tag.name() { Format::Tag } else { Format::Bundle })
}
