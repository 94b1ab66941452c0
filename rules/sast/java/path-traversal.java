import java.io.*;
import java.nio.file.*;
import javax.servlet.http.HttpServletRequest;
import org.apache.commons.io.FilenameUtils;
import org.springframework.core.io.FileSystemResource;
import org.springframework.web.bind.annotation.*;
import org.springframework.web.multipart.MultipartFile;

class Downloads {
    private static final Path FILES = Path.of("/srv/files");

    void get(HttpServletRequest request) throws Exception {
        String name = request.getParameter("name");
        // ruleid: andon.java.path-traversal
        new FileInputStream("/srv/files/" + name);
        File file = new File("/srv/files", name);
        // ruleid: andon.java.path-traversal
        new FileReader(file);
        // ruleid: andon.java.path-traversal
        Files.delete(FILES.resolve(name));
        // ok: andon.java.path-traversal
        new FileInputStream("/srv/files/" + FilenameUtils.getName(name));
        // ok: andon.java.path-traversal
        Files.readString(FILES.resolve(Path.of(name).getFileName()));
        // ok: andon.java.path-traversal
        Files.writeString(FILES.resolve("last"), name);
        Path target = FILES.resolve(name).normalize();
        if (!target.startsWith(FILES)) {
            throw new FileNotFoundException();
        }
        // ok: andon.java.path-traversal
        Files.readAllBytes(target);
    }

    @GetMapping("/files/{name}")
    FileSystemResource file(@PathVariable String name) {
        // ruleid: andon.java.path-traversal
        return new FileSystemResource("/srv/files/" + name);
    }

    @GetMapping("/pages/{number}")
    FileSystemResource page(@PathVariable int number) {
        // ok: andon.java.path-traversal
        return new FileSystemResource("/srv/pages/" + number + ".html");
    }

    @PostMapping("/upload")
    void upload(@RequestParam("file") MultipartFile file) throws Exception {
        // ruleid: andon.java.path-traversal
        file.transferTo(new File("/srv/files/" + file.getOriginalFilename()));
        // ok: andon.java.path-traversal
        file.transferTo(File.createTempFile("upload", ".bin"));
    }

    InputStream settings(String name) throws Exception {
        // ok: andon.java.path-traversal
        return new FileInputStream("/etc/app/" + name);
    }
}
