//! Terminal output to runs of text with a style (ECMA-48, select graphic rendition).

/// Text that looks the same throughout.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) text: String,
    pub(super) style: Style,
}

/// How text looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Style {
    /// One of the sixteen colours: 0 to 7, bright ones 8 to 15.
    pub(super) colour: Option<u8>,
    pub(super) bold: bool,
    pub(super) dim: bool,
    pub(super) italic: bool,
    pub(super) underline: bool,
}

/// The lines of a terminal's output. Other escape sequences than those for styles are left out.
pub(super) fn lines(output: &str) -> Vec<Vec<Run>> {
    let mut style = Style::default();
    output.lines().map(|line| runs(line, &mut style)).collect()
}

fn runs(line: &str, style: &mut Style) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('\u{1b}') {
        push(&mut runs, before, *style);
        rest = match after.strip_prefix('[') {
            Some(sequence) => control(sequence, style),
            // A hyperlink or title (operating system command) ends with BEL or ST.
            None if after.starts_with(']') => after
                .split_once("\u{1b}\\")
                .or_else(|| after.split_once('\u{7}'))
                .map_or("", |(_, rest)| rest),
            None => after,
        };
    }
    push(&mut runs, rest, *style);
    runs
}

fn push(runs: &mut Vec<Run>, text: &str, style: Style) {
    match runs.last_mut().filter(|run| run.style == style) {
        Some(run) => run.text.push_str(text),
        None if text.is_empty() => {}
        None => runs.push(Run { text: text.to_owned(), style }),
    }
}

/// Applies a control sequence and returns what follows it.
fn control<'a>(sequence: &'a str, style: &mut Style) -> &'a str {
    let Some(end) = sequence.find(|character: char| ('@'..='~').contains(&character)) else { return "" };
    let (parameters, rest) = sequence.split_at(end);
    if rest.starts_with('m') {
        select(parameters, style);
    }
    rest.get(1..).unwrap_or_default()
}

fn select(parameters: &str, style: &mut Style) {
    let mut codes = parameters.split(';').map(|code| code.parse::<u8>().unwrap_or(0));
    while let Some(code) = codes.next() {
        match code {
            0 => *style = Style::default(),
            1 => style.bold = true,
            2 => style.dim = true,
            3 => style.italic = true,
            4 => style.underline = true,
            22 => (style.bold, style.dim) = (false, false),
            23 => style.italic = false,
            24 => style.underline = false,
            30..=37 => style.colour = Some(code - 30),
            38 if codes.next() == Some(5) => style.colour = codes.next().filter(|colour| *colour < 16),
            39 => style.colour = None,
            90..=97 => style.colour = Some(code - 82),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(output: &str, expected: &[(&str, Style)]) {
        let lines = lines(output);
        let found: Vec<_> = lines.iter().flatten().map(|run| (run.text.as_str(), run.style)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn styles_are_read() {
        let plain = Style::default();
        let red = Style { colour: Some(1), bold: true, ..plain };
        check("a \u{1b}[1m\u{1b}[31mred\u{1b}[0m b", &[("a ", plain), ("red", red), (" b", plain)]);
        check("\u{1b}[1;31mred", &[("red", red)]);
        check("\u{1b}[38;5;9mx\u{1b}[39my", &[("x", Style { colour: Some(9), ..plain }), ("y", plain)]);
        check("\u{1b}[94mx", &[("x", Style { colour: Some(12), ..plain })]);
        check("\u{1b}[2Kx\u{1b}]8;;u\u{1b}\\link\u{1b}]8;;\u{1b}\\", &[("xlink", plain)]);
    }

    #[test]
    fn a_style_goes_on_over_lines() {
        let dim = Style { dim: true, ..Style::default() };
        check("\u{1b}[2mone\ntwo", &[("one", dim), ("two", dim)]);
    }
}
