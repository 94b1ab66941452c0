package fetch

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"
)

var backends = map[string]string{"eu": "https://eu.example.com"}

func get(w http.ResponseWriter, r *http.Request) {
	address := r.URL.Query().Get("url")
	// ruleid: andon.go.ssrf
	http.Get(address)
	// ruleid: andon.go.ssrf
	http.Post("http://"+r.Header.Get("X-Backend")+"/hook", "text/plain", nil)
	// ruleid: andon.go.ssrf
	http.NewRequestWithContext(r.Context(), http.MethodGet, fmt.Sprintf("https://%s.example.com/", r.FormValue("tenant")), nil)
	// ok: andon.go.ssrf
	http.Get("https://api.example.com/users/" + r.FormValue("user"))
	// ok: andon.go.ssrf
	http.Get(fmt.Sprintf("https://api.example.com/users/%s", r.FormValue("user")))
	// ok: andon.go.ssrf
	http.Post("https://api.example.com/", "text/plain", strings.NewReader(address))
	// ok: andon.go.ssrf
	http.Get(backends[r.FormValue("region")])
}

func proxy(c *gin.Context) {
	client := &http.Client{}
	// ruleid: andon.go.ssrf
	client.Get(c.Query("url"))
	host := c.Query("host")
	if _, ok := backends[host]; !ok {
		return
	}
	// ok: andon.go.ssrf
	client.Get("https://" + host + "/")
}

func status(address string) {
	// ok: andon.go.ssrf
	http.Get(address)
}
