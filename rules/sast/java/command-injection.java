import java.util.List;
import java.util.Set;
import javax.servlet.http.HttpServletRequest;
import org.springframework.web.bind.annotation.*;

class Ping {
    void get(HttpServletRequest request) throws Exception {
        String host = request.getParameter("host");
        // ruleid: andon.java.command-injection
        Runtime.getRuntime().exec("ping -c 1 " + host);
        Runtime runtime = Runtime.getRuntime();
        // ruleid: andon.java.command-injection
        runtime.exec(new String[] {"/bin/sh", "-c", "ping -c 1 " + host});
        // ruleid: andon.java.command-injection
        new ProcessBuilder("bash", "-c", "ping " + host).start();
        // ok: andon.java.command-injection
        new ProcessBuilder("ping", "-c", "1", host).start();
        // ok: andon.java.command-injection
        runtime.exec(new String[] {"ping", "-c", "1", host});
        // ok: andon.java.command-injection
        runtime.exec("ping -c " + Integer.parseInt(request.getParameter("count")) + " localhost");
        if (Set.of("start", "stop").contains(host)) {
            // ok: andon.java.command-injection
            runtime.exec("service web " + host);
        }
    }

    @PostMapping("/run")
    void run(@RequestBody Job job, @RequestParam int level) throws Exception {
        // ruleid: andon.java.command-injection
        new ProcessBuilder(List.of("sh", "-c", job.getScript())).start();
        // ok: andon.java.command-injection
        new ProcessBuilder("sh", "-c", "nice -n " + level + " make").start();
        // ok: andon.java.command-injection
        executor.exec(job.getScript());
    }

    void build(String target) throws Exception {
        // ok: andon.java.command-injection
        Runtime.getRuntime().exec("make " + target);
    }
}
