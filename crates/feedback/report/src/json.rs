use std::io::Write;

use andon_model::ScanReport;
use serde_json::Value;

use crate::RenderError;

/// The JSON Schema of the JSON format, generated from the types.
pub fn json_schema() -> Value {
    let mut schema = schemars::schema_for!(ScanReport).to_value();
    if let Some(object) = schema.as_object_mut() {
        object.insert("title".to_owned(), Value::from("Andon scan report"));
        if let Some(version) =
            object.get_mut("properties").and_then(|properties| properties.get_mut("schema"))
        {
            version["const"] = Value::from(ScanReport::SCHEMA);
        }
    }
    schema
}

pub(crate) fn json(report: &ScanReport, out: &mut dyn Write) -> Result<Vec<String>, RenderError> {
    serde_json::to_writer_pretty(&mut *out, report).map_err(std::io::Error::from)?;
    out.write_all(b"\n")?;
    Ok(Vec::new())
}
