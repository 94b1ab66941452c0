package ping

import (
	"fmt"
	"net/http"
	"os/exec"
	"slices"
	"strconv"

	"github.com/gin-gonic/gin"
)

func ping(w http.ResponseWriter, r *http.Request) {
	host := r.FormValue("host")
	// ruleid: andon.go.command-injection
	exec.Command("sh", "-c", "ping -c 1 "+host).Run()
	// ruleid: andon.go.command-injection
	exec.CommandContext(r.Context(), "/bin/bash", "-c", fmt.Sprintf("ping %s", host)).Run()
	// ruleid: andon.go.command-injection
	exec.Command(r.Header.Get("X-Tool"), "--version").Run()
	// ok: andon.go.command-injection
	exec.Command("ping", "-c", "1", host).Run()
	count, _ := strconv.Atoi(r.FormValue("count"))
	// ok: andon.go.command-injection
	exec.Command("sh", "-c", fmt.Sprintf("ping -c %d localhost", count)).Run()
	tool := r.FormValue("tool")
	if !slices.Contains([]string{"ping", "dig"}, tool) {
		return
	}
	// ok: andon.go.command-injection
	exec.Command(tool, host).Run()
}

func run(c *gin.Context) {
	script, _ := c.GetRawData()
	// ruleid: andon.go.command-injection
	exec.Command("bash", "-c", string(script)).Run()
	command := exec.Command("sort")
	// ok: andon.go.command-injection
	command.Env = append(command.Env, "NAME="+c.Query("name"))
}

func build(target string) error {
	// ok: andon.go.command-injection
	return exec.Command("sh", "-c", "make "+target).Run()
}
