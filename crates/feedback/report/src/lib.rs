//! Shows a scan report: on a terminal, as JSON, SARIF, GitLab's reports, a comment on a pull request, a bill of
//! materials, or statements about vulnerabilities.
//!
//! This crate turns a finished [`ScanReport`] into text and nothing else: it decides nothing, reads no file and no
//! clock, and knows neither terminal nor environment (width and colour are options). Every string of a report may
//! come from an attacker; what could steer a terminal or a web page is made harmless here.
//!
//! ```
//! use andon_report::{Format, RenderOptions};
//! assert_eq!("sarif".parse::<Format>(), Ok(Format::Sarif));
//! assert_eq!(RenderOptions::default().text.max_findings, 50);
//! ```

mod bill;
mod board;
mod clean;
mod components;
mod error;
mod facts;
mod format;
mod gitlab;
mod json;
mod markdown;
mod rules;
mod text;
mod wrap;

use std::io::Write;

use andon_model::ScanReport;
pub use andon_results::SarifLimits;

pub use board::{Board, BoardLook, Lamp, Row, Status};
pub use error::RenderError;
pub use format::{Format, UnknownFormat};
pub use json::json_schema;
pub use markdown::MAX_CHARACTERS as MARKDOWN_MAX_CHARACTERS;
pub use rules::{explain, rules_table};
pub use text::TextOptions;

/// How to render; each format looks only at its own part.
#[derive(Clone, Debug, Default)]
pub struct RenderOptions {
    /// For [`Format::Text`].
    pub text: TextOptions,
    /// For [`Format::Sarif`].
    pub sarif: SarifLimits,
}

/// A rendered report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// The document in UTF-8, ending with a newline.
    pub bytes: Vec<u8>,
    /// What had to be left out of it, for people.
    pub notices: Vec<String>,
}

/// Renders a report. The same report and options always give the same bytes. Where [`write()`] would fail, the bytes
/// are empty and a notice says why.
pub fn render(report: &ScanReport, format: Format, options: &RenderOptions) -> Rendered {
    match format {
        Format::Text => {
            Rendered { bytes: text::text(report, &options.text).into_bytes(), notices: Vec::new() }
        }
        Format::Sarif => {
            let output = andon_results::write_sarif(report, &options.sarif);
            Rendered { bytes: output.bytes, notices: output.notices }
        }
        Format::Gitlab => gitlab::gitlab(report),
        Format::GitlabDependencies => gitlab::dependencies(report),
        Format::Markdown => markdown::markdown(report),
        Format::Json | Format::CycloneDx | Format::Spdx | Format::OpenVex => {
            let mut bytes = Vec::new();
            match write(report, format, options, &mut bytes) {
                Ok(notices) => Rendered { bytes, notices },
                Err(error) => Rendered { bytes: Vec::new(), notices: vec![error.to_string()] },
            }
        }
    }
}

/// Writes a report and returns what had to be left out of it, for people. JSON and lists of components are written as
/// they are made and take no memory of their own, however large they are; `out` should be buffered.
///
/// # Errors
///
/// When the format lists components and the report has no inventory ([`Format::needs_inventory`]), when the report's
/// time is none, and whatever `out` answers.
pub fn write(
    report: &ScanReport,
    format: Format,
    options: &RenderOptions,
    out: &mut dyn Write,
) -> Result<Vec<String>, RenderError> {
    match format {
        Format::Json => json::json(report, out),
        Format::CycloneDx => bill::bill(report, andon_sbom::Format::CycloneDx, out),
        Format::Spdx => bill::bill(report, andon_sbom::Format::Spdx, out),
        Format::OpenVex => bill::openvex(report, out),
        Format::Text | Format::Sarif | Format::Gitlab | Format::GitlabDependencies | Format::Markdown => {
            let rendered = render(report, format, options);
            out.write_all(&rendered.bytes)?;
            Ok(rendered.notices)
        }
    }
}
