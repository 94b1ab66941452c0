use std::path::{Path, PathBuf};

use andon_report::Format;
use clap::ArgMatches;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use crate::problem::Problem;

/// A report that the user asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ReportWanted {
    pub(crate) format: Format,
    /// `None` for standard output.
    pub(crate) file: Option<PathBuf>,
}

/// Pairs every `--output` with the nearest `--format` before it, or else with the next one, or else with the format
/// that its name suggests. Without any format, text goes to standard output.
///
/// # Errors
/// When two reports would go to the same place.
pub(crate) fn pair(matches: &ArgMatches) -> Result<Vec<ReportWanted>, Problem> {
    let formats = indexed::<Format>(matches, "formats");
    let outputs = indexed::<PathBuf>(matches, "outputs");
    check(join(formats, outputs))
}

/// Accepts the words for some formats.
pub(super) fn format(known: &'static [Format]) -> impl TypedValueParser<Value = Format> {
    PossibleValuesParser::new(known.iter().map(|format| format.as_str()))
        .map(|word| word.parse().unwrap_or(Format::Text))
}

fn indexed<T: Clone + Send + Sync + 'static>(matches: &ArgMatches, name: &str) -> Vec<(usize, T)> {
    let indices = matches.indices_of(name).into_iter().flatten();
    indices.zip(matches.get_many::<T>(name).into_iter().flatten().cloned()).collect()
}

fn join(formats: Vec<(usize, Format)>, outputs: Vec<(usize, PathBuf)>) -> Vec<ReportWanted> {
    enum Word {
        Format(Format),
        Output(PathBuf),
    }
    let mut words: Vec<(usize, Word)> =
        formats.into_iter().map(|(index, format)| (index, Word::Format(format))).collect();
    words.extend(outputs.into_iter().map(|(index, file)| (index, Word::Output(file))));
    words.sort_by_key(|(index, _)| *index);
    let mut wanted: Vec<(ReportWanted, bool)> = Vec::new();
    let mut waiting: Vec<PathBuf> = Vec::new();
    for (_, word) in words {
        match word {
            Word::Format(format) => {
                let file = waiting.pop();
                let has_file = file.is_some();
                wanted.push((ReportWanted { format, file: file.and_then(real) }, has_file));
            }
            Word::Output(file) => match wanted.last_mut().filter(|(_, has_file)| !has_file) {
                Some((report, has_file)) => {
                    report.file = real(file);
                    *has_file = true;
                }
                None => waiting.push(file),
            },
        }
    }
    let mut reports: Vec<ReportWanted> = wanted.into_iter().map(|(report, _)| report).collect();
    reports
        .extend(waiting.into_iter().map(|file| ReportWanted { format: suggested(&file), file: real(file) }));
    if reports.is_empty() {
        reports.push(ReportWanted { format: Format::Text, file: None });
    }
    reports
}

/// `-` is standard output.
fn real(file: PathBuf) -> Option<PathBuf> {
    let is_stdout = file == Path::new("-") || file == Path::new("/dev/stdout");
    (!is_stdout).then_some(file)
}

fn suggested(file: &Path) -> Format {
    let name = file.file_name().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    match name.rsplit('.').next() {
        Some("sarif") => Format::Sarif,
        Some("json") if name.ends_with(".sarif.json") => Format::Sarif,
        Some("json") if name.ends_with(".cdx.json") => Format::CycloneDx,
        Some("json") if name.ends_with(".spdx.json") => Format::Spdx,
        Some("json") if name.ends_with(".openvex.json") => Format::OpenVex,
        Some("json") => Format::Json,
        Some("md") => Format::Markdown,
        _ => Format::Text,
    }
}

fn check(reports: Vec<ReportWanted>) -> Result<Vec<ReportWanted>, Problem> {
    for (position, report) in reports.iter().enumerate() {
        if reports.iter().take(position).any(|other| other.file == report.file) {
            let place =
                report.file.as_ref().map_or("standard output".to_owned(), |file| file.display().to_string());
            return Err(Problem::new(format!("two reports would go to {place}"))
                .hint("give each --format its own --output, such as `--format sarif --output andon.sarif`"));
        }
    }
    Ok(reports)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;
    use crate::arguments::Cli;

    #[track_caller]
    fn check(words: &str, expected: Result<&[(Format, Option<&str>)], &str>) {
        let words = ["andon", "scan"].into_iter().chain(words.split_whitespace());
        let matches = Cli::command().try_get_matches_from(words).unwrap();
        let found = pair(matches.subcommand_matches("scan").unwrap());
        let found: Result<Vec<_>, _> = found
            .map(|reports| reports.into_iter().map(|report| (report.format, report.file)).collect())
            .map_err(|error| error.to_string());
        let expected = expected
            .map(|reports| reports.iter().map(|(format, file)| (*format, file.map(PathBuf::from))).collect())
            .map_err(str::to_owned);
        assert_eq!(found, expected);
    }

    #[test]
    fn outputs_belong_to_the_format_beside_them() {
        use Format::{Json, Markdown, Sarif, Text};
        check("", Ok(&[(Text, None)]));
        check("--format json", Ok(&[(Json, None)]));
        check("--format sarif --output a.sarif --format text", Ok(&[(Sarif, Some("a.sarif")), (Text, None)]));
        check("--format text --format sarif -o a.sarif", Ok(&[(Text, None), (Sarif, Some("a.sarif"))]));
        check("--output a --format json", Ok(&[(Json, Some("a"))]));
        check(
            "--output a --format json --output b --format sarif",
            Ok(&[(Json, Some("a")), (Sarif, Some("b"))]),
        );
        check("-o a.json", Ok(&[(Json, Some("a.json"))]));
        check("--format markdown -o - --format json -o x", Ok(&[(Markdown, None), (Json, Some("x"))]));
        check("--format text --format json", Err("two reports would go to standard output"));
        check("--format text -o a --format json -o a", Err("two reports would go to a"));
    }
}
