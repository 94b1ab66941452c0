use crate::support::made::elf;
use crate::support::shown::lines;
use crate::{Format, executable_format, parse};

const MAGIC: &[u8] = b"\xFF Go buildinf:";

fn framed(modules: &str) -> Vec<u8> {
    [&[b'<'; 16], modules.as_bytes(), &[b'>'; 16]].concat()
}

fn inline(version: &str, modules: &str) -> Vec<u8> {
    let modules = framed(modules);
    let mut data = [MAGIC, &[8, 2], &[0; 16]].concat();
    data.push(u8::try_from(version.len()).unwrap());
    data.extend_from_slice(version.as_bytes());
    data.push(u8::try_from(modules.len() & 0x7F).unwrap() | 0x80);
    data.push(u8::try_from(modules.len() >> 7).unwrap());
    data.extend(modules);
    data
}

#[track_caller]
fn check(program: &[u8], expected: &[&str]) {
    assert_eq!(executable_format(program), Some(Format::GoBinary));
    assert_eq!(lines(&parse(Format::GoBinary, program)), expected);
}

const MODULES: &str = "path\texample.org/app/cmd\nmod\texample.org/app\tv1.0.0\th1:a=\n\
    dep\texample.org/one\tv1.2.3\n=>\texample.org/fork\tv1.2.4\th1:b=\n\
    dep\texample.org/two\tv0.1.0\n=>\t./two\t(devel)\t\nbuild\t-compiler=gc\n";

#[test]
fn information_in_the_data() {
    let expected = [
        "golang/example.org/app@v1.0.0",
        "golang/example.org/fork@v1.2.4",
        "golang/example.org/two local ./two",
        "golang/stdlib@1.21.3",
        "project pkg:golang/example.org/app@v1.0.0",
    ];
    let data = inline("go1.21.3 X:loopvar", MODULES);
    check(&elf(0x1000, b"code", &[(".go.buildinfo", &data)]), &expected);
    // Without a table of sections, aligned in the data segment.
    check(&elf(0x1000, &[&[0; 32], data.as_slice()].concat(), &[]), &expected);
}

#[test]
fn information_that_is_pointed_to() {
    let modules = framed("mod\texample.org/app\t(devel)\ndep\texample.org/one\tv1.2.3\n");
    let base = 0x40_0000_u64;
    let mut data = [MAGIC, &[8, 0]].concat();
    let word = |value: usize| (base + value as u64).to_le_bytes();
    data.extend([word(32), word(48)].concat());
    data.extend([word(64), 6_u64.to_le_bytes()].concat());
    data.extend([word(70), (modules.len() as u64).to_le_bytes()].concat());
    data.extend_from_slice(b"go1.16");
    data.extend(modules);
    check(
        &elf(base, &data, &[]),
        &["golang/example.org/one@v1.2.3", "golang/stdlib@1.16", "project pkg:golang/example.org/app"],
    );
}

#[test]
fn development_versions_and_damage() {
    let program = elf(0, b"", &[(".go.buildinfo", &inline("devel go1.24-abc", ""))]);
    check(&program, &["golang/stdlib (devel go1.24-abc)"]);
    let mut long = [MAGIC, &[8, 2], &[0; 16]].concat();
    long.extend([0xFF; 12]);
    check(
        &elf(0, b"", &[(".go.buildinfo", &long)]),
        &["problem: the Go build information is damaged; take the program from its build again"],
    );
    for end in 0..program.len() {
        parse(Format::GoBinary, &program[..end]);
    }
    assert_eq!(executable_format(b"MZ"), None);
}
