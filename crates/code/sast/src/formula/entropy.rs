//! Texts that are no words.

use std::sync::LazyLock;

/// Whether a text carries so much information, in all and for each of its bytes, that it can hardly be words: a password
/// or a key. The estimate knows how often letters follow each other in English.
pub(super) fn is_high(text: &str) -> bool {
    let bits = information(text.as_bytes());
    let density = bits / (8.0 * text.len() as f64);
    bits > LEAST_BITS && density > LEAST_DENSITY
}

const LEAST_BITS: f64 = 64.0;
const LEAST_DENSITY: f64 = 0.6;

/// In bits. Every run of three bytes counts for a third of its own, so that each byte counts about once.
fn information(text: &[u8]) -> f64 {
    let Some((first, rest)) = text.split_first() else {
        return 0.0;
    };
    if rest.iter().all(|byte| byte == first) {
        return 1.0;
    }
    let runs: f64 = text.windows(3).map(|run| TABLE.run(run) / 3.0).sum();
    let last_two: f64 = text.iter().rev().take(2).map(|byte| TABLE.byte(*byte)).sum();
    let last = text.last().map_or(0.0, |byte| TABLE.byte(*byte));
    runs + last_two / 2.0 + last
}

static TABLE: LazyLock<Table> = LazyLock::new(Table::new);

struct Table {
    pairs: [[f64; 26]; 26],
    letters: [f64; 26],
}

impl Table {
    fn new() -> Self {
        let pairs = PAIRS.map(|row| row.map(|byte| f64::from(byte.saturating_sub(b'!')) / 3.0));
        let letters = pairs.map(|row| -row.iter().map(|bits| (-bits).exp2()).sum::<f64>().log2());
        Self { pairs, letters }
    }

    fn run(&self, run: &[u8]) -> f64 {
        if let [a, b, c] = run
            && let (Some(a), Some(b), Some(c)) = (letter(*a), letter(*b), letter(*c))
            && let (Some(ab), Some(bc)) = (self.pair(a, b), self.pair(b, c))
        {
            // How rare the first pair is, and then the third letter after the second.
            return ab + bc - self.letters.get(b).copied().unwrap_or_default();
        }
        run.iter().map(|byte| self.byte(*byte)).sum()
    }

    fn pair(&self, first: usize, second: usize) -> Option<f64> {
        self.pairs.get(first)?.get(second).copied()
    }

    /// Digits, signs and the rest count as if one of 62 was picked.
    fn byte(&self, byte: u8) -> f64 {
        letter(byte).and_then(|letter| self.letters.get(letter).copied()).unwrap_or_else(|| 62_f64.log2())
    }
}

fn letter(byte: u8) -> Option<usize> {
    byte.is_ascii_alphabetic().then(|| usize::from(byte.to_ascii_lowercase() - b'a'))
}

/// How rare each pair of letters is in English text, spaces left out: a row for each first letter, a byte for each second,
/// in thirds of a bit from `!` on. Counted in manuals.
#[rustfmt::skip]
const PAIRS: [[u8; 26]; 26] = [
    *br##"D<:=ED=E;H@6;4I>R585>>FG?J"##,
    *br##"?LFK:LLP<@U:LM>I`?CE:QRL=V"##,
    *br##"9KAF5HL9>M=:HM4GN?C:>MJPHM"##,
    *br##":=@@6?GA6II@CD:AQ@>;>E@OEQ"##,
    *br##"6;7597<>8FD894;:B346>==:>H"##,
    *br##"?JAH@AJK8TKCIE8FS;B7?LJW?V"##,
    *br##"@G@C9FF8>ONADB?ET=A?@MBVJM"##,
    *br##"8IEE3ELL8OMEFD9FWBD7EMJTIW"##,
    *br##"::5=;;7JKIC7<35AL>45G>OHMD"##,
    *br##"BNOQ?ZSXJRTOSQBQTOLREWPaZ`"##,
    *br##">LHL=KLHBLIEJHCJ[HDFFOJRKP"##,
    *br##"9@?>5AGG4MH8CD:>QC=>=DFT=K"##,
    *br##"8ADH8HJG:MMD?H;;UH=A@LHYHV"##,
    *br##"9>868>7D9EC>??8?P@55?BBO>J"##,
    *br##"@=<:A6>D@EE;93>6W5<86=<LFK"##,
    *br##":MGH8HLC?PJ<GJ<?X:==<QKS8]"##,
    *br##"VaRT]V]aRY]STZ]WZTYPAQTaZa"##,
    *br##"7B<>3A>E4KA>:=8?T>89??AR=L"##,
    *br##":A:=4=C;7HC=??6;L=84:G@P>I"##,
    *br##"7@<@4>D14DF>@?6;Q7:8=G9M=H"##,
    *br##"@;>??HBI?OI<=9J=`:98JLGJMN"##,
    *br##"=SNN8QQU>LTLOOEPaNOPQXXYQZ"##,
    *br##"9OLN@MO>9WPILD@N]BEHNRLaNU"##,
    *br##"COANDNRQDaQOFRM@`SJ@PSRQNT"##,
    *br##"@CBCCBCH?JKB@C:?S8>>FIDTKO"##,
    *br##"EPLQDRSNHRQJNTJT]POMMVXYNQ"##,
];

#[cfg(test)]
mod tests {
    use super::is_high;

    #[test]
    fn words_are_not_high() {
        let rows = [
            ("", false),
            ("password", false),
            ("correct horse battery staple", false),
            ("thisisalongnamethatconsistsofwords", false),
            ("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", false),
            ("aB3", false),
            ("fq8Zx0RkW2vLq9TzB4", true),
            ("9f86d081884c7d659a2feaa0c55ad015", true),
            ("qzxjkvbwpfgqzjxk", true),
        ];
        for (text, expected) in rows {
            assert_eq!(is_high(text), expected, "{text}");
        }
    }
}
