use andon_model::Relation;

use super::pep508::requirement;
use super::pypi;
use crate::support::position::Lines;
use crate::support::text::decode;
use crate::{Format, Listing, Package, Project};

/// A licence's name is short; older metadata puts the whole text there.
const MAX_LICENSE: usize = 120;

/// Reads the core metadata of an installed distribution: headers as in e-mail. The first package is the distribution
/// itself; the rest are what it requires, without a version and only as ends of its edges.
pub(crate) fn metadata(bytes: &[u8]) -> Listing {
    let mut listing = Listing::new(Format::PythonMetadata);
    let (text, _) = decode(bytes);
    let headers = Headers::read(&text);
    let (Some((name, start, end)), Some((version, ..))) = (headers.find("name"), headers.find("version"))
    else {
        listing.problem("no Name or no Version; the installation is damaged, install the package again");
        return listing;
    };
    let lines = Lines::new(&text);
    let mut installed = Package::new(pypi(name).with_version(version));
    installed.region = Some(lines.region(start..end));
    installed.licenses = headers.licenses();
    listing.project =
        Some(Project { purl: Some(installed.purl.clone()), licenses: installed.licenses.clone() });
    listing.packages.push(installed);
    let mut odd = 0;
    for (text, start, end) in headers.all("requires-dist") {
        let Some(requirement) = requirement(text) else {
            odd += 1;
            continue;
        };
        let mut package = requirement.package();
        package.relation = Relation::Transitive;
        package.region = Some(lines.region(start..end));
        package.purl = package.purl.without_version();
        package.requirement = (!requirement.specifier.is_empty()).then(|| requirement.specifier.to_owned());
        let position = u32::try_from(listing.packages.len()).unwrap_or(u32::MAX);
        listing.packages.push(package);
        if let Some(installed) = listing.packages.first_mut() {
            installed.dependencies.push(position);
        }
    }
    if odd > 0 {
        listing
            .problem(format!("{odd} of its requirements are not written as PEP 508 says and were left out"));
    }
    listing
}

/// The licence that a trove classifier names.
pub(super) fn license_of_classifier(classifier: &str) -> Option<&str> {
    let rest = classifier.trim().strip_prefix("License ::")?;
    let name = rest.rsplit("::").next()?.trim();
    (name != "OSI Approved" && !name.is_empty()).then_some(name)
}

/// Headers up to the empty line: name in lower case, value, and the bytes of both. Continuations are left out: none
/// of the fields that are read here has any that matters.
struct Headers<'a>(Vec<(String, &'a str, usize, usize)>);

impl<'a> Headers<'a> {
    fn read(text: &'a str) -> Self {
        let mut headers = Vec::new();
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let content = line.trim_end();
            if content.is_empty() {
                break;
            }
            if let (false, Some((name, value))) = (content.starts_with([' ', '\t']), content.split_once(':'))
            {
                headers.push((name.to_ascii_lowercase(), value.trim(), start, start + content.len()));
            }
            start += line.len();
        }
        Self(headers)
    }

    fn find(&self, name: &str) -> Option<(&'a str, usize, usize)> {
        self.all(name).next().filter(|(value, ..)| !value.is_empty())
    }

    fn all(&self, name: &str) -> impl Iterator<Item = (&'a str, usize, usize)> {
        self.0
            .iter()
            .filter(move |(known, ..)| known == name)
            .map(|(_, value, start, end)| (*value, *start, *end))
    }

    /// The SPDX expression, or the short form, or what the classifiers say.
    fn licenses(&self) -> Vec<String> {
        let short = |value: &str| value.len() <= MAX_LICENSE && value != "UNKNOWN";
        let one = self
            .find("license-expression")
            .or_else(|| self.find("license").filter(|(value, ..)| short(value)));
        if let Some((license, ..)) = one {
            return vec![license.to_owned()];
        }
        self.all("classifier")
            .filter_map(|(value, ..)| license_of_classifier(value))
            .map(str::to_owned)
            .collect()
    }
}
