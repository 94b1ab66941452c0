use regorus::Value;

/// Roughly the bytes of one value's own allocation, children not included.
pub(super) fn shallow(value: &Value) -> u64 {
    let (count, each) = match value {
        Value::String(text) => (text.len(), 1),
        Value::Array(items) => (items.len(), 24),
        Value::Set(items) => (items.len(), 40),
        Value::Object(fields) => (fields.len(), 64),
        _ => (1, 32),
    };
    (count as u64).saturating_mul(each)
}

/// Roughly the bytes of a value written out, shared parts counted as often as they occur; stops counting above `cap`.
pub(super) fn deep(value: &Value, cap: u64) -> u64 {
    let mut total: u64 = 0;
    let mut pending = vec![value];
    while let Some(value) = pending.pop() {
        total = total.saturating_add(shallow(value)).saturating_add(16);
        if total > cap {
            break;
        }
        match value {
            Value::Array(items) => pending.extend(items.iter()),
            Value::Set(items) => pending.extend(items.iter()),
            Value::Object(fields) => pending.extend(fields.iter().flat_map(|(key, value)| [key, value])),
            _ => {}
        }
    }
    total
}
