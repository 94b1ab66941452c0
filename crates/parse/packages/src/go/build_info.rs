use object::{Object, ObjectSection, ObjectSegment};

use super::{is_folder, module};
use crate::support::program::slices;
use crate::{Format, Listing, Package, Project, Source};

const MAGIC: &[u8] = b"\xff Go buildinf:";
const HEADER: usize = 32;
/// Longer than any build's list of modules.
const MAX_TEXT: usize = 16 << 20;

/// Reads the build information of a program that Go built (`debug/buildinfo`): in the form since Go 1.18 the Go version
/// and the list of modules stand in the program's data, before that they are pointed to. Which module needs which, and
/// which the main module asked for itself, is not told.
pub(crate) fn build_info(bytes: &[u8]) -> Listing {
    let mut listing = Listing::new(Format::GoBinary);
    let found = slices(bytes).into_iter().find_map(|slice| {
        let file = object::File::parse(slice).ok()?;
        Some((locate(&file)?, file))
    });
    let Some((information, file)) = found else {
        listing.problem("no Go build information was found; the program may be packed or damaged");
        return listing;
    };
    match texts(information, &file) {
        Some((version, modules)) => {
            modules_of(&modules, &mut listing);
            standard_library(&version, &mut listing);
        }
        None => listing.problem("the Go build information is damaged; take the program from its build again"),
    }
    listing
}

/// Whether a program has Go build information.
pub(crate) fn has_build_info(file: &object::File<'_>) -> bool {
    locate(file).is_some()
}

/// The data from the magic on: in a section of its own, or else aligned to 16 bytes in the data segment.
fn locate<'d>(file: &object::File<'d>) -> Option<&'d [u8]> {
    let own =
        [".go.buildinfo", "__go_buildinfo"].iter().find_map(|name| file.section_by_name(name)?.data().ok());
    if let Some(found) = own.and_then(magic) {
        return Some(found);
    }
    // Windows' programs have no such section, and a program of Linux may have lost its table of sections.
    if file.format() == object::BinaryFormat::Pe {
        let data = file.sections().filter(|section| section.kind() == object::SectionKind::Data);
        return data.filter_map(|section| section.data().ok()).find_map(magic);
    }
    if file.sections().all(|section| section.size() == 0) {
        return file.segments().filter_map(|segment| segment.data().ok()).find_map(magic);
    }
    None
}

fn magic(data: &[u8]) -> Option<&[u8]> {
    let at = memchr::memmem::find_iter(data, MAGIC).find(|at| at % 16 == 0)?;
    data.get(at..)
}

/// The Go version and the list of modules.
fn texts(information: &[u8], file: &object::File<'_>) -> Option<(String, String)> {
    let flags = *information.get(15)?;
    if flags & 2 != 0 {
        let (version, rest) = inline(information.get(HEADER..)?)?;
        let (modules, _) = inline(rest)?;
        return Some((lossy(version), lossy(framed(modules))));
    }
    let pointers = Pointers { size: usize::from(*information.get(14)?), big: flags & 1 != 0, file };
    let version = pointers.string(pointers.read(information.get(16..)?)?)?;
    let modules = pointers.string(pointers.read(information.get(16 + pointers.size..)?)?).unwrap_or_default();
    Some((lossy(version), lossy(framed(modules))))
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A string behind its length as a base-128 number.
fn inline(data: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut length = 0_u64;
    for (index, byte) in data.iter().take(10).enumerate() {
        let shift = u32::try_from(index).ok()?.checked_mul(7)?;
        length |= u64::from(byte & 0x7F).checked_shl(shift)?;
        if byte & 0x80 == 0 {
            let length = usize::try_from(length).ok().filter(|length| *length <= MAX_TEXT)?;
            return data.get(index + 1..)?.split_at_checked(length);
        }
    }
    None
}

/// The list of modules stands between two marks of 16 bytes.
fn framed(modules: &[u8]) -> &[u8] {
    let end = modules.len().saturating_sub(16);
    let whole = modules.len() >= 33 && end.checked_sub(1).and_then(|last| modules.get(last)) == Some(&b'\n');
    if whole { modules.get(16..end).unwrap_or_default() } else { &[] }
}

/// The form before Go 1.18: addresses of string headers, each an address and a length.
struct Pointers<'f, 'd> {
    size: usize,
    big: bool,
    file: &'f object::File<'d>,
}

impl<'d> Pointers<'_, 'd> {
    fn read(&self, data: &[u8]) -> Option<u64> {
        let word = data.get(..self.size)?;
        match (self.size, self.big) {
            (4, false) => Some(u32::from_le_bytes(word.try_into().ok()?).into()),
            (4, true) => Some(u32::from_be_bytes(word.try_into().ok()?).into()),
            (8, false) => Some(u64::from_le_bytes(word.try_into().ok()?)),
            (8, true) => Some(u64::from_be_bytes(word.try_into().ok()?)),
            _ => None,
        }
    }

    fn string(&self, header: u64) -> Option<&'d [u8]> {
        let header = self.data(header, self.size as u64 * 2)?;
        let length = self.read(header.get(self.size..)?)?;
        self.data(self.read(header)?, length)
    }

    fn data(&self, address: u64, length: u64) -> Option<&'d [u8]> {
        if length > MAX_TEXT as u64 {
            return None;
        }
        self.file.segments().find_map(|segment| {
            let offset = address.checked_sub(segment.address())?;
            let data = segment.data().ok()?;
            data.get(usize::try_from(offset).ok()?..)?.get(..usize::try_from(length).ok()?)
        })
    }
}

/// Lines of a word and its values, divided by tabs: `mod`, `dep`, and `=>` for what replaces the one before.
fn modules_of(text: &str, listing: &mut Listing) {
    for line in text.lines() {
        let mut words = line.split('\t');
        let (kind, path, version) = (words.next(), words.next(), words.next().unwrap_or_default());
        let (Some(kind), Some(path)) = (kind, path) else { continue };
        match kind {
            "mod" => {
                let package = built(path, version);
                listing.project = Some(Project { purl: Some(package.purl.clone()), licenses: Vec::new() });
                if package.purl.version().is_some() {
                    listing.packages.push(package);
                }
            }
            "dep" => listing.packages.push(built(path, version)),
            "=>" => {
                if let Some(replaced) = listing.packages.last_mut() {
                    *replaced = replacement(replaced, path, version);
                }
            }
            _ => {}
        }
    }
}

/// What replaced a module in this build. A folder keeps the module's name, for nothing else names it.
fn replacement(replaced: &Package, path: &str, version: &str) -> Package {
    if is_folder(path) {
        let mut package = Package::new(replaced.purl.clone().without_version());
        package.source = Source::Local(path.to_owned());
        return package;
    }
    built(path, version)
}

fn built(path: &str, version: &str) -> Package {
    let version = if version == "(devel)" { "" } else { version };
    Package::new(module(path).with_version(version))
}

/// `go1.21.3`, perhaps with experiments behind a space; a development version names no release.
fn standard_library(version: &str, listing: &mut Listing) {
    let first = version.split([' ', '-']).next().unwrap_or_default();
    let mut package = Package::new(module("stdlib"));
    match first.strip_prefix("go").filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit())) {
        Some(release) => package.purl = package.purl.with_version(release),
        None => package.requirement = Some(version.to_owned()),
    }
    listing.packages.push(package);
}
