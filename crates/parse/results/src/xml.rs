//! XML of reports, element by element.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event};

use crate::report_error::ReportError;

/// Levels of nesting that are read; a report has some ten.
const DEPTH: usize = 256;

/// What happens in a document. Names are without prefix.
pub(crate) trait Visitor {
    /// An element begins.
    fn open(&mut self, name: &str, attributes: &Attributes<'_>);
    /// An element ends.
    fn close(&mut self, name: &str);
    /// Text inside the innermost element, in pieces.
    fn text(&mut self, _text: &str) {}
}

/// The attributes of an element.
pub(crate) struct Attributes<'a>(&'a BytesStart<'a>);

impl Attributes<'_> {
    /// The value of the attribute of this name. An entity that XML does not know stays as it is written.
    pub(crate) fn get(&self, name: &str) -> Option<Cow<'_, str>> {
        let mut all = self.0.attributes();
        let found = all.with_checks(false).flatten().find(|each| each.key.local_name().as_ref() == name)?;
        Some(unescape(&found.value).map_or_else(|_| found.value.to_string(), Cow::into_owned).into())
    }

    /// The value as a number without sign.
    pub(crate) fn number(&self, name: &str) -> Option<u64> {
        self.get(name)?.trim().parse().ok()
    }
}

/// Walks through a document. Returns what is wrong with its end, if it breaks off.
///
/// # Errors
/// For a document type with declarations of its own and for nesting beyond 256 elements.
pub(crate) fn walk(
    text: &str,
    origin: &str,
    visitor: &mut impl Visitor,
) -> Result<Option<String>, ReportError> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().allow_dangling_amp = true;
    let mut depth = 0_usize;
    loop {
        match reader.read_event() {
            Ok(Event::Start(start)) => {
                depth += 1;
                if depth > DEPTH {
                    return Err(ReportError::shape(
                        origin,
                        format!("elements are nested deeper than {DEPTH}"),
                    ));
                }
                visitor.open(start.local_name().as_ref(), &Attributes(&start));
            }
            Ok(Event::Empty(start)) => {
                visitor.open(start.local_name().as_ref(), &Attributes(&start));
                visitor.close(start.local_name().as_ref());
            }
            Ok(Event::End(end)) => {
                depth = depth.saturating_sub(1);
                visitor.close(end.local_name().as_ref());
            }
            Ok(Event::Text(piece)) => visitor.text(&piece),
            Ok(Event::CData(piece)) => visitor.text(&piece),
            Ok(Event::GeneralRef(reference)) => reference_text(&reference, visitor),
            Ok(Event::DocType(kind)) if kind.contains('[') => {
                return Err(ReportError::shape(origin, "the XML declares entities or elements of its own"));
            }
            Ok(Event::Eof) if depth > 0 => return Ok(Some("the XML breaks off".to_owned())),
            Ok(Event::Eof) => return Ok(None),
            Ok(_) => {}
            Err(error) => return Ok(Some(format!("the XML is broken ({error})"))),
        }
    }
}

fn reference_text(reference: &quick_xml::events::BytesRef<'_>, visitor: &mut impl Visitor) {
    if let Ok(Some(character)) = reference.resolve_char_ref() {
        return visitor.text(character.encode_utf8(&mut [0; 4]));
    }
    let name: &str = reference;
    match name {
        "amp" => visitor.text("&"),
        "lt" => visitor.text("<"),
        "gt" => visitor.text(">"),
        "quot" => visitor.text("\""),
        "apos" => visitor.text("'"),
        _ => visitor.text("\u{fffd}"),
    }
}
