package users

import (
	"database/sql"
	"fmt"
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"
	"github.com/gorilla/mux"
	"github.com/labstack/echo/v4"
)

type server struct{ db *sql.DB }

var columns = map[string]bool{"name": true, "born": true}

func (s *server) find(w http.ResponseWriter, r *http.Request) {
	name := r.URL.Query().Get("name")
	// ruleid: andon.go.sql-injection
	s.db.Query("SELECT * FROM users WHERE name = '" + name + "'")
	query := fmt.Sprintf("DELETE FROM users WHERE name = '%s'", name)
	// ruleid: andon.go.sql-injection
	s.db.ExecContext(r.Context(), query)
	// ruleid: andon.go.sql-injection
	s.db.QueryRow("SELECT * FROM users WHERE id = " + mux.Vars(r)["id"])
	// ok: andon.go.sql-injection
	s.db.Query("SELECT * FROM users WHERE name = $1", name)
	// ok: andon.go.sql-injection
	s.db.ExecContext(r.Context(), "DELETE FROM users WHERE name = $1", name)
	limit, err := strconv.Atoi(r.FormValue("limit"))
	if err != nil {
		return
	}
	// ok: andon.go.sql-injection
	s.db.Query(fmt.Sprintf("SELECT * FROM users LIMIT %d", limit))
}

func (s *server) sorted(w http.ResponseWriter, r *http.Request) {
	column := r.FormValue("by")
	if !columns[column] {
		return
	}
	// ok: andon.go.sql-injection
	s.db.Query("SELECT * FROM users ORDER BY " + column)
}

func (s *server) ginFind(c *gin.Context) {
	// ruleid: andon.go.sql-injection
	s.db.Query("SELECT * FROM users WHERE id = " + c.Param("id"))
	// ok: andon.go.sql-injection
	s.db.Query("SELECT * FROM users WHERE id = $1", c.Param("id"))
}

func (s *server) echoFind(c echo.Context) error {
	// ruleid: andon.go.sql-injection
	_, err := s.db.Exec("DELETE FROM users WHERE id = " + c.QueryParam("id"))
	return err
}

func (s *server) count(table string) {
	// ok: andon.go.sql-injection
	s.db.QueryRow("SELECT count(*) FROM " + table)
}
