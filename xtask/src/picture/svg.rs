//! A terminal window as SVG.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr as _;

use super::ansi::{Run, Style};

const COLUMN: f64 = 8.4;
const LINE: usize = 19;
const MARGIN: usize = 16;
const TOP: usize = 58;
const BACKGROUND: &str = "#16181d";
const FOREGROUND: &str = "#d6d9e0";
const COLOURS: [&str; 16] = [
    "#3b4048", "#f0717b", "#8ccf7e", "#e5c76b", "#67b0e8", "#c47fd5", "#6cbfbf", "#d6d9e0", "#7d8590",
    "#ff8a93", "#a3e095", "#f4d67a", "#82c4f5", "#d9a0e6", "#8fd6d6", "#ffffff",
];

/// Draws a prompt with a command, and what it printed. The same lines always give the same picture.
pub(super) fn draw(command: &str, lines: &[Vec<Run>]) -> String {
    let columns = lines.iter().map(|line| line.iter().map(|run| run.text.width()).sum::<usize>()).max();
    let columns = columns.unwrap_or(0).max(command.width() + 2).max(80);
    let width = (columns as f64 * COLUMN).ceil() as usize + 2 * MARGIN;
    let height = TOP + (lines.len() + 1) * LINE + MARGIN;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
         role=\"img\" aria-label=\"What {command} prints\">\n\
         <rect width=\"{width}\" height=\"{height}\" rx=\"8\" fill=\"{BACKGROUND}\"/>\n"
    );
    for (index, colour) in ["#f0717b", "#e5c76b", "#8ccf7e"].iter().enumerate() {
        let _ =
            writeln!(svg, "<circle cx=\"{}\" cy=\"20\" r=\"6\" fill=\"{colour}\"/>", MARGIN + 6 + index * 20);
    }
    svg.push_str(
        "<g font-family=\"ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace\" \
         font-size=\"14\">\n",
    );
    let prompt = Style { colour: Some(10), bold: true, ..Style::default() };
    let typed = Style { bold: true, ..Style::default() };
    let command =
        [Run { text: "$ ".to_owned(), style: prompt }, Run { text: command.to_owned(), style: typed }];
    draw_line(&mut svg, TOP, &command);
    for (index, line) in lines.iter().enumerate() {
        draw_line(&mut svg, TOP + (index + 1) * LINE, line);
    }
    svg.push_str("</g>\n</svg>\n");
    svg
}

fn draw_line(svg: &mut String, y: usize, runs: &[Run]) {
    let mut column = 0;
    for run in runs {
        let text = run.text.trim_matches(' ');
        if !text.is_empty() {
            let before = run.text.len() - run.text.trim_start_matches(' ').len();
            let x = MARGIN as f64 + (column + before) as f64 * COLUMN;
            let length = text.width() as f64 * COLUMN;
            let attributes = attributes(run.style);
            // Spaces would be drawn as one, whatever `xml:space` says, where the picture is part of a page.
            let text = escape(text).replace(' ', "\u{a0}");
            let _ = writeln!(
                svg,
                "<text x=\"{x:.1}\" y=\"{y}\" textLength=\"{length:.1}\" lengthAdjust=\"spacingAndGlyphs\"\
                 {attributes}>{text}</text>"
            );
        }
        column += run.text.width();
    }
}

fn attributes(style: Style) -> String {
    let colour =
        style.colour.and_then(|colour| COLOURS.get(usize::from(colour)).copied()).unwrap_or(FOREGROUND);
    let mut attributes = format!(" fill=\"{colour}\"");
    let others = [
        (style.bold, " font-weight=\"bold\""),
        (style.dim, " opacity=\"0.65\""),
        (style.italic, " font-style=\"italic\""),
        (style.underline, " text-decoration=\"underline\""),
    ];
    others.iter().filter(|(is, _)| *is).for_each(|(_, attribute)| attributes.push_str(attribute));
    attributes
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_drawn_where_it_stands() {
        let bold = Style { bold: true, colour: Some(1), ..Style::default() };
        let line = vec![
            Run { text: "ab".to_owned(), style: Style::default() },
            Run { text: "  <c>  d ".to_owned(), style: bold },
        ];
        let svg = draw("andon scan", std::slice::from_ref(&line));
        assert!(svg.contains("x=\"49.6\" y=\"77\" textLength=\"50.4\""), "{svg}");
        assert!(svg.contains("fill=\"#f0717b\" font-weight=\"bold\">&lt;c&gt;\u{a0}\u{a0}d</text>"), "{svg}");
        assert_eq!(svg, draw("andon scan", &[line]));
    }
}
