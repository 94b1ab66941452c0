use serde::de::MapAccess;

use super::{JUSTIFICATIONS, VexDocument, VexError, VexProduct, VexStatement, VexStatus};
use crate::document::{Problem, ProblemKind, quote};
use crate::lenient::{Each, Filled, List, Object, Text, fill, skip};
use crate::{SbomKind, detect, kind, time};

/// Reads an OpenVEX document of version 0.2.0, or of 0.0.1 (whose vulnerabilities and products are plain texts).
/// Statements that are not complete do not count, and [`VexDocument::problems`] says so: nothing is suppressed by a
/// statement whose reason, product or status is missing.
///
/// # Errors
///
/// Anything that is no OpenVEX.
pub fn read(bytes: &[u8]) -> Result<VexDocument, VexError> {
    if detect(bytes) != Some(SbomKind::OpenVex) {
        return Err(VexError::NotOpenVex);
    }
    let mut raw = RawDocument::default();
    let damage = fill(&mut raw, kind::without_mark(bytes));
    let mut document =
        VexDocument { id: raw.id.to_string(), author: raw.author.to_string(), ..VexDocument::default() };
    for (position, statement) in raw.statements.into_iter().enumerate() {
        match statement.complete(&raw.timestamp, &document.author) {
            Ok(statement) => document.statements.push(statement),
            Err(why) => {
                let detail = format!("statement {} does not count: {why}", position + 1);
                document.problems.push(Problem::new(ProblemKind::Incomplete, detail));
            }
        }
    }
    document.problems.extend(damage);
    Ok(document)
}

#[derive(Default)]
struct RawDocument<'de> {
    id: Text<'de>,
    author: Text<'de>,
    timestamp: Text<'de>,
    statements: Vec<Statement<'de>>,
}

impl<'de> Object<'de> for RawDocument<'de> {
    fn member<A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        match key {
            "@id" => self.id = map.next_value()?,
            "author" => self.author = map.next_value()?,
            "timestamp" => self.timestamp = map.next_value()?,
            "statements" => drop(map.next_value_seed(Each::new(self, Self::add))?),
            _ => skip(map)?,
        }
        Ok(())
    }
}

impl<'de> RawDocument<'de> {
    fn add(&mut self, Filled(statement): Filled<Statement<'de>>) {
        self.statements.push(statement);
    }
}

#[derive(Default)]
struct Statement<'de> {
    vulnerability: Filled<Named>,
    products: List<Filled<Part>>,
    status: Text<'de>,
    justification: Text<'de>,
    impact: Text<'de>,
    action: Text<'de>,
    timestamp: Text<'de>,
}

impl<'de> Object<'de> for Statement<'de> {
    fn member<A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        match key {
            "vulnerability" => self.vulnerability = map.next_value()?,
            "products" => self.products = map.next_value()?,
            "status" => self.status = map.next_value()?,
            "justification" => self.justification = map.next_value()?,
            "impact_statement" => self.impact = map.next_value()?,
            "action_statement" => self.action = map.next_value()?,
            "timestamp" => self.timestamp = map.next_value()?,
            _ => skip(map)?,
        }
        Ok(())
    }
}

impl Statement<'_> {
    /// The statement if it has everything that the specification demands, otherwise what is missing.
    fn complete(self, inherited: &Text<'_>, author: &str) -> Result<VexStatement, String> {
        let owned = |text: &Text<'_>| text.given().map(str::to_owned);
        let Filled(Named(vulnerability)) = self.vulnerability;
        if vulnerability.is_empty() {
            return Err("it names no vulnerability".to_owned());
        }
        let status = VexStatus::ALL.iter().copied().find(|status| status.label() == &*self.status);
        let status = status.ok_or_else(|| format!("`{}` is no status", quote(&self.status)))?;
        let products: Vec<VexProduct> =
            self.products.0.into_iter().filter_map(|part| part.0.product()).collect();
        if products.is_empty() {
            return Err("it names no product".to_owned());
        }
        let justification = owned(&self.justification);
        if let Some(label) = justification.as_deref().filter(|label| !JUSTIFICATIONS.contains(label)) {
            return Err(format!("`{}` is no justification", quote(label)));
        }
        let impact = owned(&self.impact);
        if status == VexStatus::NotAffected && justification.is_none() && impact.is_none() {
            return Err("`not_affected` needs a justification or an impact statement".to_owned());
        }
        let timestamp = self.timestamp.given().or(inherited.given()).unwrap_or_default();
        if time::instant(timestamp).is_none() {
            return Err(format!("`{}` is no timestamp", quote(timestamp)));
        }
        Ok(VexStatement {
            vulnerability,
            products,
            status,
            justification,
            impact,
            action: owned(&self.action),
            timestamp: timestamp.to_owned(),
            author: author.to_owned(),
        })
    }
}

/// Names of a vulnerability: of an object with `name` and `aliases`, or of a plain text.
#[derive(Default)]
struct Named(Vec<String>);

/// A product or a part of one: an object with identifiers, or a plain text.
#[derive(Default)]
struct Part {
    identifiers: Vec<String>,
    subcomponents: Vec<Filled<Part>>,
    /// It has subcomponents that are no list.
    narrowed: bool,
}

impl Part {
    fn product(self) -> Option<VexProduct> {
        let subcomponents: Vec<Vec<String>> =
            self.subcomponents.into_iter().map(|part| part.0.identifiers).collect();
        // A part that cannot be told must not widen the statement to the whole product.
        let known = subcomponents.iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>();
        let whole = !self.narrowed && subcomponents.is_empty();
        let usable = !self.identifiers.is_empty() && (whole || !known.is_empty());
        usable.then_some(VexProduct { identifiers: self.identifiers, subcomponents: known })
    }
}

impl<'de> Object<'de> for Named {
    fn member<A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        match key {
            "name" => {
                let name: Text<'de> = map.next_value()?;
                if let Some(name) = name.given() {
                    self.0.insert(0, name.to_owned());
                }
            }
            "aliases" => drop(map.next_value_seed(Each::new(&mut self.0, |aliases, alias: Text<'de>| {
                push(aliases, &alias)
            }))?),
            _ => skip(map)?,
        }
        Ok(())
    }

    fn plain(&mut self, text: &str) {
        self.0.push(text.to_owned());
    }
}

impl<'de> Object<'de> for Part {
    fn member<A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        match key {
            "@id" => push(&mut self.identifiers, &map.next_value()?),
            "identifiers" => {
                let Filled(Identifiers(more)) = map.next_value()?;
                self.identifiers.extend(more);
            }
            "subcomponents" => {
                self.narrowed = !map.next_value_seed(Each::new(&mut self.subcomponents, Vec::push))?;
            }
            _ => skip(map)?,
        }
        Ok(())
    }

    fn plain(&mut self, text: &str) {
        self.identifiers.push(text.to_owned());
    }
}

#[derive(Default)]
struct Identifiers(Vec<String>);

impl<'de> Object<'de> for Identifiers {
    fn member<A: MapAccess<'de>>(&mut self, _: &str, map: &mut A) -> Result<(), A::Error> {
        push(&mut self.0, &map.next_value()?);
        Ok(())
    }
}

fn push(texts: &mut Vec<String>, text: &Text<'_>) {
    texts.extend(text.given().map(str::to_owned));
}
