use andon_syntax::Language;

use crate::check;

const CODE: &str = r#"package main

import (
	"net/http"
	weak "crypto/md5"
)

type Item struct {
	Name string `json:"name"`
}

func run(request *http.Request) {
	client := &http.Client{}
	other := new(http.Client)
	queue := make(chan string, 1)
	open := make(chan string)
	client.Get("a")
	other.Get(request.URL)
	weak.Sum(queue, open)
}
"#;

#[test]
fn go_patterns_find_what_they_say() {
    check(
        Language::Go,
        CODE,
        &[
            // An import begins where its declaration does.
            ("import \"net/http\"", "3-4"),
            ("import (\"crypto/md5\")\n...", "3-20"),
            ("import (\"=~/^net/\")", "3-4"),
            ("md5.Sum(...)", "19"),
            // What makes a value tells its type.
            ("($X : *http.Client).Get(...)", "17 18"),
            ("($X : http.Client).Get(...)", ""),
            ("($X : *http.Request).URL", "18"),
            ("make(..., $N)", "15"),
            ("make(chan string)", "16"),
            ("`json:\"name\"`", "9"),
        ],
    );
}
