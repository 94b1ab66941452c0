import java.net.*;
import java.net.http.*;
import java.util.List;
import javax.servlet.http.HttpServletRequest;
import org.springframework.web.bind.annotation.*;
import org.springframework.web.client.RestTemplate;

class Fetcher {
    private static final List<String> HOSTS = List.of("eu.example.com", "us.example.com");
    private final RestTemplate rest = new RestTemplate();

    void get(HttpServletRequest request) throws Exception {
        URL url = new URL(request.getParameter("url"));
        // ruleid: andon.java.ssrf
        url.openConnection();
        // ruleid: andon.java.ssrf
        HttpRequest.newBuilder(URI.create("http://" + request.getHeader("X-Backend") + "/status")).build();
        // ok: andon.java.ssrf
        new URL("https://api.example.com/users/" + request.getParameter("user")).openStream();
        // ok: andon.java.ssrf
        new URL(String.format("https://api.example.com/%s", request.getParameter("user"))).openStream();
        String host = request.getParameter("host");
        if (HOSTS.contains(host)) {
            // ok: andon.java.ssrf
            new URL("https://" + host + "/").openStream();
        }
    }

    @PostMapping("/hook")
    String hook(@RequestBody Hook hook, @RequestParam int port) {
        // ruleid: andon.java.ssrf
        rest.postForObject(hook.getUrl(), "ping", String.class);
        // ok: andon.java.ssrf
        rest.getForObject("https://api.example.com/{name}", String.class, hook.getName());
        // ok: andon.java.ssrf
        return rest.getForObject("http://localhost:" + port + "/", String.class);
    }

    void internal(URL url) throws Exception {
        // ok: andon.java.ssrf
        url.openStream();
    }
}
