import jakarta.persistence.EntityManager;
import jakarta.servlet.http.HttpServletRequest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.web.bind.annotation.*;

class Servlet {
    private static final Set<String> COLUMNS = Set.of("name", "born");

    void get(HttpServletRequest request, Connection db) throws Exception {
        String name = request.getParameter("name");
        Statement statement = db.createStatement();
        // ruleid: andon.java.sql-injection
        statement.executeQuery("SELECT * FROM users WHERE name = '" + name + "'");
        String sql = String.format("DELETE FROM users WHERE name = '%s'", name);
        // ruleid: andon.java.sql-injection
        statement.execute(sql);
        // ruleid: andon.java.sql-injection
        db.prepareStatement("SELECT * FROM users WHERE name = '" + name + "' AND age > ?");
        StringBuilder built = new StringBuilder("SELECT * FROM users WHERE name = '");
        built.append(name).append("'");
        // ruleid: andon.java.sql-injection
        statement.executeQuery(built.toString());
        PreparedStatement safe = db.prepareStatement("SELECT * FROM users WHERE name = ?");
        // ok: andon.java.sql-injection
        safe.setString(1, name);
        // ok: andon.java.sql-injection
        safe.executeQuery();
        int limit = Integer.parseInt(request.getParameter("limit"));
        // ok: andon.java.sql-injection
        statement.executeQuery("SELECT * FROM users LIMIT " + limit);
        String column = request.getParameter("by");
        if (!COLUMNS.contains(column)) {
            return;
        }
        // ok: andon.java.sql-injection
        statement.executeQuery("SELECT * FROM users ORDER BY " + column);
    }

    void internal(Statement statement, String table) throws Exception {
        // ok: andon.java.sql-injection
        statement.executeQuery("SELECT count(*) FROM " + table);
    }
}

@RestController
class Controller {
    private final JdbcTemplate jdbc;
    private final EntityManager entities;

    @GetMapping("/users")
    List<User> users(@RequestParam String name, @RequestParam(defaultValue = "1") int page) {
        // ruleid: andon.java.sql-injection
        jdbc.query("SELECT * FROM users WHERE name = '" + name + "'", mapper);
        // ok: andon.java.sql-injection
        jdbc.query("SELECT * FROM users WHERE name = ?", mapper, name);
        // ok: andon.java.sql-injection
        return jdbc.query("SELECT * FROM users OFFSET " + page, mapper);
    }

    @DeleteMapping("/users/{id}")
    void delete(@PathVariable("id") UUID id, @RequestBody Reason reason) {
        // ok: andon.java.sql-injection
        jdbc.update("DELETE FROM users WHERE id = '" + id + "'");
        // ruleid: andon.java.sql-injection
        jdbc.update("INSERT INTO reasons VALUES ('" + reason.text() + "')");
    }

    @GetMapping("/orders/{state}")
    List<Order> orders(@PathVariable("state") String state) {
        // ruleid: andon.java.sql-injection
        entities.createQuery("FROM Order o WHERE o.state = '" + state + "'");
        // ok: andon.java.sql-injection
        return entities.createQuery("FROM Order o WHERE o.state = :state").setParameter("state", state).getResultList();
    }
}
