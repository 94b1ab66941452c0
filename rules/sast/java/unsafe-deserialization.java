import com.thoughtworks.xstream.XStream;
import java.io.*;
import java.util.Base64;
import javax.servlet.http.HttpServletRequest;
import org.springframework.web.bind.annotation.*;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

class Import {
    Object post(HttpServletRequest request) throws Exception {
        ObjectInputStream stream = new ObjectInputStream(request.getInputStream());
        // ruleid: andon.java.unsafe-deserialization
        return stream.readObject();
    }

    Object cookie(HttpServletRequest request) throws Exception {
        byte[] bytes = Base64.getDecoder().decode(request.getHeader("X-State"));
        // ruleid: andon.java.unsafe-deserialization
        return new ObjectInputStream(new ByteArrayInputStream(bytes)).readObject();
    }

    Object filtered(HttpServletRequest request) throws Exception {
        ObjectInputStream stream = new ObjectInputStream(request.getInputStream());
        stream.setObjectInputFilter(ObjectInputFilter.Config.createFilter("com.example.*;!*"));
        // ok: andon.java.unsafe-deserialization
        return stream.readObject();
    }

    @PostMapping("/import")
    Object load(@RequestBody String body) {
        // ruleid: andon.java.unsafe-deserialization
        new XStream().fromXML(body);
        // ruleid: andon.java.unsafe-deserialization
        new Yaml().load(body);
        // ok: andon.java.unsafe-deserialization
        return new Yaml(new SafeConstructor()).load(body);
    }

    Object json(HttpServletRequest request) throws Exception {
        // ok: andon.java.unsafe-deserialization
        return mapper.readValue(request.getReader(), Order.class);
    }

    Object cache(File file) throws Exception {
        // ok: andon.java.unsafe-deserialization
        return new ObjectInputStream(new FileInputStream(file)).readObject();
    }
}
