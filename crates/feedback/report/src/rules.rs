use andon_model::{RuleDescription, RuleRef};

use crate::text::TextOptions;
use crate::text::paint::{self, Paint};
use crate::{clean, wrap};

/// Explains a rule on a terminal, for `andon explain RULE`. Ends with a newline.
pub fn explain(rule: &RuleDescription, options: &TextOptions) -> String {
    let paint = Paint { color: options.color };
    let width = options.width.clamp(40, 100);
    let id = clean::line(&rule.rule.id);
    let mut out = format!(
        "{}{}\n",
        paint.severity(rule.severity, &id),
        paint.bold(&format!(": {}", clean::line(&rule.title)))
    );
    for (name, value) in head(rule) {
        out.push_str(&format!(
            "{}  {}\n",
            paint.quiet(&format!("{name:>12}")),
            wrap::hanging(&value, width, 14)
        ));
    }
    for (title, text) in [("What it finds", &rule.explanation), ("What to do", &rule.remediation)] {
        if !text.trim().is_empty() {
            out.push_str(&format!("\n{}\n{}", paint.paint(paint::HELP, title), prose(text, width)));
        }
    }
    for (title, texts) in [("It finds", &rule.examples), ("It leaves alone", &rule.counter_examples)] {
        if !texts.is_empty() {
            let blanks = texts.iter().any(|text| text.contains("{{"));
            let blanks = paint.quiet(if blanks { " ({{…}} stands for characters of a kind)" } else { "" });
            out.push_str(&format!("\n{}{blanks}\n{}", paint.paint(paint::HELP, title), examples(texts)));
        }
    }
    if !rule.references.is_empty() {
        out.push_str(&format!("\n{}\n", paint.paint(paint::HELP, "Read more")));
        for page in &rule.references {
            out.push_str(&format!("  {}\n", clean::line(page)));
        }
    }
    out
}

/// A table of rules for `andon rules list`, ordered by pack and identifier. Ends with a newline.
pub fn rules_table(rules: &[RuleDescription], options: &TextOptions) -> String {
    let paint = Paint { color: options.color };
    let mut rules: Vec<&RuleDescription> = rules.iter().collect();
    rules.sort_by(|a, b| (&a.rule.pack, &a.rule.id).cmp(&(&b.rule.pack, &b.rule.id)));
    let ids: Vec<String> = rules.iter().map(|rule| clean::short(&rule.rule.id, 48)).collect();
    let widest = ids.iter().map(|id| wrap::width(id)).max().unwrap_or(0).max(4);
    let room = options.width.clamp(40, 240).saturating_sub(widest + 24).max(16);
    let mut out =
        paint.bold(&format!("{:<widest$}  {:<8}  {:<10}  {}", "RULE", "SEVERITY", "CONFIDENCE", "FINDS"));
    out.push('\n');
    for (rule, id) in rules.iter().zip(&ids) {
        let pad = " ".repeat(widest.saturating_sub(wrap::width(id)));
        let severity = paint.severity(rule.severity, &format!("{:<8}", rule.severity));
        let title = clean::short(&rule.title, room);
        out.push_str(format!("{id}{pad}  {severity}  {:<10}  {title}", rule.confidence).trim_end());
        out.push('\n');
    }
    out
}

fn head(rule: &RuleDescription) -> Vec<(&'static str, String)> {
    let mut lines = vec![
        ("severity", rule.severity.to_string()),
        ("confidence", rule.confidence.to_string()),
        ("engine", clean::line(&rule.engine)),
        ("pack", pack(&rule.rule)),
    ];
    if !rule.cwe.is_empty() {
        let numbers: Vec<String> = rule.cwe.iter().map(|number| format!("CWE-{number}")).collect();
        lines.push(("weakness", numbers.join(", ")));
    }
    if !rule.tags.is_empty() {
        let tags: Vec<String> = rule.tags.iter().map(|tag| clean::line(tag)).collect();
        lines.push(("tags", tags.join(", ")));
    }
    lines
}

fn pack(rule: &RuleRef) -> String {
    match rule.version.as_str() {
        "" => clean::line(&rule.pack),
        version => format!("{} {}", clean::line(&rule.pack), clean::line(version)),
    }
}

/// Markdown as it reads best on a terminal: paragraphs are wrapped, code stays as it is, items hang.
fn prose(markdown: &str, width: usize) -> String {
    let mut out = String::new();
    let mut paragraph = String::new();
    let mut code = false;
    let flush = |paragraph: &mut String, out: &mut String| {
        if !paragraph.is_empty() {
            let indent = item_indent(paragraph);
            out.push_str(&format!(
                "  {}\n",
                wrap::hanging(paragraph, width - 2, indent).replace('\n', "\n  ")
            ));
            paragraph.clear();
        }
    };
    for line in clean::block(markdown).lines() {
        let fence = line.trim_start().starts_with("```");
        code ^= fence;
        if fence || code || line.starts_with("    ") || line.trim().is_empty() {
            flush(&mut paragraph, &mut out);
            let shown = if fence { String::new() } else { format!("    {}", line.trim_end()) };
            let empty = shown.trim().is_empty();
            if !(empty && (fence || out.ends_with("\n\n") || out.is_empty())) {
                out.push_str(if empty { "" } else { &shown });
                out.push('\n');
            }
            continue;
        }
        if item_indent(line.trim()) > 0 || line.starts_with('#') {
            flush(&mut paragraph, &mut out);
        }
        if !paragraph.is_empty() {
            paragraph.push(' ');
        }
        paragraph.push_str(line.trim().trim_start_matches('#').trim_start());
    }
    flush(&mut paragraph, &mut out);
    out
}

/// Columns of `- ` or `1. ` at the start of a list's item.
fn item_indent(line: &str) -> usize {
    if line.starts_with("- ") || line.starts_with("* ") {
        return 2;
    }
    let digits = line.chars().take_while(char::is_ascii_digit).count();
    let dot = line.get(digits..).is_some_and(|rest| rest.starts_with(". "));
    if (1..=3).contains(&digits) && dot { digits + 2 } else { 0 }
}

fn examples(texts: &[String]) -> String {
    texts.iter().fold(String::new(), |mut out, text| {
        for line in clean::block(text).lines() {
            out.push_str(&format!("    {line}\n"));
        }
        out
    })
}
