package files

import (
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/labstack/echo/v4"
)

const folder = "/srv/files"

func get(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("name")
	// ruleid: andon.go.path-traversal
	os.Open(filepath.Join(folder, name))
	// ruleid: andon.go.path-traversal
	os.WriteFile(folder+"/"+r.FormValue("name"), nil, 0o600)
	// ruleid: andon.go.path-traversal
	http.ServeFile(w, r, filepath.Join(folder, name))
	// ok: andon.go.path-traversal
	os.Open(filepath.Join(folder, filepath.Base(name)))
	// ok: andon.go.path-traversal
	os.WriteFile("/srv/last", []byte(name), 0o600)
	// ok: andon.go.path-traversal
	os.Setenv("LAST", name)
	page, _ := strconv.Atoi(r.FormValue("page"))
	// ok: andon.go.path-traversal
	os.Open(filepath.Join(folder, strconv.Itoa(page)+".html"))
}

func local(w http.ResponseWriter, r *http.Request) {
	name := r.FormValue("name")
	if !filepath.IsLocal(name) {
		http.NotFound(w, r)
		return
	}
	// ok: andon.go.path-traversal
	http.ServeFile(w, r, filepath.Join(folder, name))
}

func prefixed(w http.ResponseWriter, r *http.Request) {
	target := filepath.Join(folder, r.FormValue("name"))
	if !strings.HasPrefix(target, folder+string(os.PathSeparator)) {
		return
	}
	// ok: andon.go.path-traversal
	os.Remove(target)
}

func rooted(w http.ResponseWriter, r *http.Request) {
	root, _ := os.OpenRoot(folder)
	// ok: andon.go.path-traversal
	root.Open(r.FormValue("name"))
}

func ginGet(c *gin.Context) {
	// ruleid: andon.go.path-traversal
	c.File(folder + "/" + c.Param("name"))
	// ok: andon.go.path-traversal
	c.File(folder + "/index.html")
}

func echoGet(c echo.Context) error {
	// ruleid: andon.go.path-traversal
	return c.File(filepath.Join(folder, c.Param("*")))
}

func settings(name string) ([]byte, error) {
	// ok: andon.go.path-traversal
	return os.ReadFile("/etc/app/" + name)
}
