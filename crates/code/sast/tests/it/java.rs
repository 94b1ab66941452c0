use andon_syntax::Language;

use crate::check;

const CODE: &str = r#"import static java.util.Objects.hash;
import java.util.List;
import javax.crypto.Cipher;

@RequestMapping(value = "/a", method = RequestMethod.GET)
class Shop {
    private Properties kept;
    List<String> names = new ArrayList<String>();

    boolean sell(String what, int count) {
        Cookie cookie = new Cookie("name", what);
        cookie.setSecure(true);
        show(names.get(0), what.equals("x"), what.length());
        show(count + 1, kept == null ? new Properties() : this.kept);
        boolean both = count > 1 & true;
        show(both);
        for (String each : names) { names.forEach(Shop::show); }
        try (Reader in = open()) { in.read(); } catch (IOException e) { both = false; } finally { both = true; }
        return Cipher.getInstance("DES/ECB") == null;
    }
}
"#;

#[test]
fn java_patterns_find_what_they_say() {
    check(
        Language::Java,
        CODE,
        &[
            // A last ellipsis reaches to the end of the block.
            ("$C = new Cookie(...);\n...", "11-19"),
            ("$C = new Cookie(...);\n...\n$C.setSecure(true);", "11-12"),
            // Types that are declared, made, or known from an operator or method.
            ("show((String $X), ...)", "13"),
            ("show($X, (boolean $Y), ...)", "13"),
            ("show(..., (int $X))", "13"),
            ("show((int $X), ...)", "14"),
            ("show(..., (Properties $X))", "14"),
            ("show((boolean $X))", "16"),
            ("show((String $X))", ""),
            ("(List<$T> $X)", "8 13 17"),
            // Loops, what is tried, and references to methods.
            ("for (...) { ... }", "17"),
            ("try { ... } catch ($E $X) { ... } finally { ... }", "18"),
            ("finally { both = $X; }", "18"),
            ("$X::$M", "17"),
            // A value that has to be there.
            ("Properties $X = ...;", ""),
            // A row of members starts at the first.
            ("private $T $X;\n...", "7-20"),
            ("List<$T> $X = ...;\n...\nnew Cookie(...);", ""),
            // Names that were imported.
            ("javax.crypto.Cipher.getInstance(\"=~/ECB/\")", "19"),
            ("import static $X;", "1"),
            ("import java.util.List;", "2"),
            // Annotations, whose names are expressions too.
            ("@RequestMapping(..., method = $M, ...)\nclass $C { ... }", "5-21"),
            ("@RequestMapping(..., method = $M)", "5"),
            ("RequestMapping", "5"),
        ],
    );
}
