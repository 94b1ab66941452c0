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

const DECLARATIONS: &str = r#"package main

var first, second = f()

var third = f()

const fourth = f()

func (s *Server) run(name string) {
	fifth := f()
	sixth = f()
	for i := 0; i < 1; i++ {
		g(i)
	}
	for _, item := range items {
		g(item...)
	}
	h(T{B: 2, A: 1}, make(T, 3), new(T))
}

func plain(name string) {
	var seventh, eighth = f()
	h(seventh, func(a int) {})
}

type Server struct{}

type Alias = Server
"#;

#[test]
fn declarations_of_go_are_told_apart() {
    check(
        Language::Go,
        DECLARATIONS,
        &[
            ("$X = f()", "3 5 7 10 11 22"),
            ("$X := f()", "10"),
            ("var $X = f()", "3 5 7 22"),
            ("const $X = f()", "7"),
            // What one declaration of the file declares is in a row with nothing else.
            ("$X = f()\n...\nh(...)", "5-18 5-23 7-18 7-23 10-18 11-18 22-23"),
            ("func $F(...) { ... }", "9-19 21-24"),
            ("func $F($X $T) { ... }", "21-24"),
            ("func $F($S *Server, $X $T) { ... }", "9-19"),
            ("type $T $U", "26 28"),
            ("for ... { ... }", "12-14 15-17"),
            ("g($X)", "13 16"),
            ("T{A: 1, ...}", "18"),
            ("T{A: 1, B: 2}", "18"),
            ("T{A: 1}", ""),
            ("$T{...}", "18"),
            ("make($T, $N)", "18"),
            ("func($X int) {}", "23"),
        ],
    );
}
