//! Shows a scan report: on a terminal, as JSON, SARIF, a GitLab report, or a comment on a pull request.
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

mod clean;
mod facts;
mod format;
mod gitlab;
mod json;
mod markdown;
mod rules;
mod text;
mod wrap;

use andon_model::ScanReport;
pub use andon_results::SarifLimits;

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

/// Renders a report. The same report and options always give the same bytes.
pub fn render(report: &ScanReport, format: Format, options: &RenderOptions) -> Rendered {
    match format {
        Format::Text => {
            Rendered { bytes: text::text(report, &options.text).into_bytes(), notices: Vec::new() }
        }
        Format::Json => json::json(report),
        Format::Sarif => {
            let output = andon_results::write_sarif(report, &options.sarif);
            Rendered { bytes: output.bytes, notices: output.notices }
        }
        Format::Gitlab => gitlab::gitlab(report),
        Format::Markdown => markdown::markdown(report),
    }
}
