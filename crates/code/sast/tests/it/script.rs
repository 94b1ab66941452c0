use andon_syntax::Language;

use crate::check;

const FORMS: &str = r#"for (const x of xs) { use(x.a); }
for (let i = 0; i < 3; i++) { use(i); }
const box = { run: function (a) { return a; }, go: (a) => a, 0x10: "n", "Loud": 1 };
class C { stop = () => 1; }
button.on("x", function named(a) { use(a); });
try { use(1); } catch { use(2); }
let y = maybe?.part;
use(/ab+/g, "ab+");
tag`a${1}`; tag(`a${1}b${2}`);
const shown = use(
  (
    <Box kind="big" size={2}><Item/></Box>
  )
);
function f(a) {
  keep(<string>a, a);
}
hide({ deep: { inner: secret } });
useState(() => slow(props.text));
let z = "v";
if ((z)) { use(z); }
"#;

#[test]
fn forms_of_one_thing_are_found_by_one_pattern() {
    check(
        Language::Tsx,
        &FORMS.replace("<string>a", "a as string"),
        &[
            ("for ($X of $Y) { ... }", "1"),
            ("for (const $X of $Y) { ... }", "1"),
            ("for (...) { ... }", "1 2"),
            // Methods, however they are written.
            ("{ run: function (...) { ... } }", "3"),
            ("{ go(...) { ... } }", "3"),
            ("{ run: ... }", "3"),
            ("$M(...) { ... }", "3 4"),
            ("function ...(a) { ... }", "3 5 15-17"),
            ("{ 16: $V }", "3"),
            ("{ \"=~/^L/\": $V }", "3"),
            ("try { ... } catch ($E) { ... }", "6"),
            ("maybe?.part", "7"),
            ("maybe.part", ""),
            ("$X.part", "7"),
            ("use(/$X/, \"$X\")", "8"),
            ("/.../g", "8"),
            ("/.../i", ""),
            ("tag(`...`)", "9"),
            ("tag`...`", "9"),
            ("`$...A${$B}$...C`", "9"),
            // What is in parentheses is found with them.
            ("<Box $A=\"big\" ... >...</Box>", "11-13"),
            ("keep($X, $X)", "16"),
            ("hide(<... secret ...>)", "18"),
            ("useState(function $X(...) {\n...\n<... $P.text ...>\n...\n})", "19"),
            ("$X = \"...\"", "20"),
            ("if ($X) { use($X) }", "21"),
        ],
    );
}

const IMPORTS: &str = r#"import def from "pack";
import { one, two as other } from "pack/sub";
import * as all from "pack";
const { three, four: alias } = require("pack");
const whole = require("pack");
import "else";
other(def, all);
alias(whole.five);
const held = "k" + 1;
check("k1", held);
same("k1", held);
"#;

#[test]
fn imports_and_constants_are_what_they_stand_for() {
    check(
        Language::JavaScript,
        IMPORTS,
        &[
            ("import \"pack\"", "1 2 3 4 5"),
            ("import { $A, $B } from \"pack\"", "2"),
            ("import { $A } from \"pack\"", "1 2 4"),
            ("import { four as $F } from \"pack\"", "4"),
            ("import \"none\"", ""),
            ("check($X, $X)", "10"),
            ("same(\"k1\", ($X : string))", "11"),
            ("same(($X : float), ...)", ""),
        ],
    );
}
