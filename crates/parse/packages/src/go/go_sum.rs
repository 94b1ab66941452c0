use super::{is_version, module};
use crate::support::position::Lines;
use crate::support::text::decode;
use crate::{Format, Listing, Package};

/// Reads `go.sum`: the modules whose contents the build has looked at, which may be more than it uses. Its checksums
/// are of file lists, not of archives, and are left out.
pub(crate) fn go_sum(bytes: &[u8]) -> Listing {
    let mut listing = Listing::new(Format::GoSum);
    let (text, _) = decode(bytes);
    let lines = Lines::new(&text);
    let mut start = 0;
    let mut odd = 0;
    for line in text.split_inclusive('\n') {
        let span = start..start + line.trim_end().len();
        start += line.len();
        let mut words = line.split_whitespace();
        match (words.next(), words.next(), words.next(), words.next()) {
            (Some(path), Some(version), Some(sum), None) if is_version(version) && sum.starts_with("h1:") => {
                if !version.ends_with("/go.mod") {
                    let mut package = Package::new(module(path).with_version(version));
                    package.region = Some(lines.region(span));
                    listing.packages.push(package);
                }
            }
            (None, ..) => {}
            _ => odd += 1,
        }
    }
    if odd > 0 {
        listing.problem(format!("{odd} lines are not checksums of modules; run `go mod tidy`"));
    }
    listing
}
