use andon_model::ScanReport;
use serde_json::Value;

use crate::Rendered;

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

pub(crate) fn json(report: &ScanReport) -> Rendered {
    match serde_json::to_vec_pretty(report) {
        Ok(mut bytes) => {
            bytes.push(b'\n');
            Rendered { bytes, notices: Vec::new() }
        }
        // Cannot happen: a report has no map with keys other than strings. Silence would be worse than a notice.
        Err(error) => {
            Rendered { bytes: Vec::new(), notices: vec![format!("writing the report as JSON: {error}")] }
        }
    }
}
