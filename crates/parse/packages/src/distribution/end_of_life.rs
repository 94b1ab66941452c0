use jiff::civil::Date;

use super::Distribution;

/// `id,release,last day` in each line.
///
/// Public facts. Debian and Ubuntu: the column `eol` of `debian.csv` and `ubuntu.csv` in Debian's package
/// distro-info-data 0.58+deb12u7. Alpine: the project's page of release branches. AlmaLinux and Rocky Linux: the
/// projects' wikis of releases, end of security support.
const RELEASES: &str = include_str!("end_of_life.csv");

/// The last day on which everybody gets security updates for this release; extended support that has to be asked or
/// paid for (Debian LTS, Ubuntu Pro) is not counted. `None` for releases and distributions that are not in the table.
pub fn end_of_life(distribution: &Distribution) -> Option<Date> {
    let version = distribution.version_id.as_deref()?;
    let release = match distribution.id.as_str() {
        "alpine" => first_parts(version, 2),
        "debian" | "almalinux" | "rocky" => first_parts(version, 1),
        _ => version,
    };
    RELEASES.lines().find_map(|line| {
        let mut fields = line.split(',');
        let same = fields.next() == Some(distribution.id.as_str()) && fields.next() == Some(release);
        fields.next().filter(|_| same)?.parse().ok()
    })
}

/// The first parts of a version with dots.
fn first_parts(version: &str, count: usize) -> &str {
    let end = version.match_indices('.').nth(count - 1).map_or(version.len(), |(at, _)| at);
    version.get(..end).unwrap_or(version)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(id: &str, version: &str, expected: Option<&str>) {
        let version_id = (!version.is_empty()).then(|| version.to_owned());
        let distribution = Distribution { id: id.to_owned(), version_id, ..Distribution::default() };
        let found = end_of_life(&distribution).map(|date| date.to_string());
        assert_eq!(found.as_deref(), expected, "{id} {version}");
    }

    #[test]
    fn releases() {
        check("debian", "10", Some("2022-09-10"));
        check("debian", "11.7", Some("2024-08-14"));
        check("debian", "1", None);
        check("debian", "", None);
        check("ubuntu", "18.04", Some("2023-05-31"));
        check("ubuntu", "18", None);
        check("alpine", "3.18.12", Some("2025-05-09"));
        check("alpine", "3.1", Some("2016-11-01"));
        check("almalinux", "9.3", Some("2032-05-31"));
        check("rocky", "8", Some("2029-05-31"));
        check("arch", "1", None);
    }

    #[test]
    fn the_table_is_well_formed() {
        for line in RELEASES.lines() {
            let fields: Vec<&str> = line.split(',').collect();
            assert_eq!(fields.len(), 3, "{line}");
            assert!(fields[2].parse::<Date>().is_ok(), "{line}");
        }
    }
}
