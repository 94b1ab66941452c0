/// Whether two of "Name", "address" and "Name <address>" may be one person; in doubt they are. Case and a tag in an
/// address (`sam+work@example.org`) make no difference.
pub fn same_person(one: &str, other: &str) -> bool {
    let other = names(other);
    names(one).iter().any(|name| other.contains(name))
}

fn names(person: &str) -> Vec<String> {
    let person = person.to_lowercase();
    let parts = person.split(['<', '>']).map(|part| part.split_whitespace().collect::<Vec<_>>().join(" "));
    let mut names: Vec<String> = parts.filter(|part| !part.is_empty()).collect();
    let untagged: Vec<String> = names.iter().filter_map(|name| without_tag(name)).collect();
    names.extend(untagged);
    names
}

fn without_tag(address: &str) -> Option<String> {
    let (local, host) = address.rsplit_once('@')?;
    let (name, _) = local.split_once('+')?;
    Some(format!("{name}@{host}"))
}

#[cfg(test)]
mod tests {
    use super::same_person;

    #[test]
    fn one_person_under_several_names() {
        let rows = [
            ("alice@example.org", "Alice <alice@example.org>", true),
            ("Alice", "alice <a@example.org>", true),
            (" ALICE@example.org ", "alice@example.org", true),
            ("alice+ci@example.org", "alice@example.org", true),
            ("Alice  B", "alice b", true),
            ("bob@example.org", "Alice <alice@example.org>", false),
            ("Al", "Alice", false),
            ("", "", false),
            ("<>", "", false),
        ];
        for (one, other, expected) in rows {
            assert_eq!(same_person(one, other), expected, "{one} / {other}");
        }
    }
}
