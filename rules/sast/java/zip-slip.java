import java.io.*;
import java.nio.file.*;
import java.util.zip.*;

class Unpack {
    void open(ZipInputStream zip, File folder) throws IOException {
        ZipEntry entry;
        while ((entry = zip.getNextEntry()) != null) {
            File target = new File(folder, entry.getName());
            // ruleid: andon.java.zip-slip
            try (FileOutputStream out = new FileOutputStream(target)) {
                zip.transferTo(out);
            }
        }
    }

    void paths(ZipFile zip, Path folder) throws IOException {
        for (ZipEntry entry : zip.stream().toList()) {
            // ruleid: andon.java.zip-slip
            Files.copy(zip.getInputStream(entry), folder.resolve(entry.getName()));
        }
    }

    void checked(ZipInputStream zip, Path folder) throws IOException {
        ZipEntry entry = zip.getNextEntry();
        Path target = folder.resolve(entry.getName()).normalize();
        if (!target.startsWith(folder)) {
            throw new IOException(entry.getName());
        }
        // ok: andon.java.zip-slip
        Files.copy(zip, target);
    }

    void canonical(ZipInputStream zip, ZipEntry entry, File folder) throws IOException {
        File target = new File(folder, entry.getName());
        if (!target.getCanonicalPath().startsWith(folder.getCanonicalPath() + File.separator)) {
            throw new IOException(entry.getName());
        }
        // ok: andon.java.zip-slip
        new FileOutputStream(target).close();
    }

    void last(ZipInputStream zip, ZipEntry entry, Path folder) throws IOException {
        // ok: andon.java.zip-slip
        Files.copy(zip, folder.resolve(Path.of(entry.getName()).getFileName()));
        // ok: andon.java.zip-slip
        Files.writeString(folder.resolve("log"), entry.getName());
    }
}
