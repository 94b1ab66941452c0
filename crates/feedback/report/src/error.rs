/// Why a report cannot be shown in a format.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// The format lists components, and no engine looked for any.
    #[error("this format lists components, and no engine looked for any; scan with `--engine dependencies`")]
    NoInventory,
    /// The document cannot be made, or nobody takes it.
    #[error(transparent)]
    Components(#[from] andon_sbom::WriteError),
    /// The receiver does not take it.
    #[error("cannot write the report: {0}")]
    Io(#[from] std::io::Error),
}
