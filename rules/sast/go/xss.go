package pages

import (
	"fmt"
	"html"
	"html/template"
	"io"
	"net/http"
	"os"
	"strconv"

	"github.com/labstack/echo/v4"
)

func get(w http.ResponseWriter, r *http.Request) {
	name := r.FormValue("name")
	// ruleid: andon.go.xss
	fmt.Fprintf(w, "<h1>%s</h1>", name)
	// ruleid: andon.go.xss
	io.WriteString(w, "<p>"+name)
	// ruleid: andon.go.xss
	page.Execute(w, template.HTML("<b>"+name+"</b>"))
	// ruleid: andon.go.xss
	w.Write([]byte("<b>" + name + "</b>"))
	// ok: andon.go.xss
	fmt.Fprintf(w, "<h1>%s</h1>", html.EscapeString(name))
	// ok: andon.go.xss
	page.Execute(w, name)
	// ok: andon.go.xss
	fmt.Fprintf(w, "hello %s", name)
	// ok: andon.go.xss
	fmt.Fprintf(os.Stderr, "<request> %s", name)
	number, _ := strconv.Atoi(r.FormValue("page"))
	// ok: andon.go.xss
	fmt.Fprintf(w, "<p>page %d</p>", number)
}

func hello(c echo.Context) error {
	if c.QueryParam("plain") != "" {
		// ok: andon.go.xss
		return c.String(200, "hello "+c.QueryParam("name"))
	}
	// ruleid: andon.go.xss
	return c.HTML(200, "<h1>"+c.QueryParam("name")+"</h1>")
}

func constant(text string) template.HTML {
	// ok: andon.go.xss
	return template.HTML(text)
}
