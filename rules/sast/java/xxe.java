import java.io.InputStream;
import javax.xml.XMLConstants;
import javax.xml.parsers.*;
import javax.xml.stream.*;
import org.dom4j.io.SAXReader;

class Parsers {
    void open(InputStream in) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        // ruleid: andon.java.xxe
        factory.newDocumentBuilder().parse(in);
    }

    void forbidden(InputStream in) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        // ok: andon.java.xxe
        factory.newDocumentBuilder().parse(in);
    }

    void allowed(InputStream in) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", false);
        // ruleid: andon.java.xxe
        factory.newDocumentBuilder().parse(in);
    }

    void chained(InputStream in) throws Exception {
        // ruleid: andon.java.xxe
        SAXParserFactory.newInstance().newSAXParser();
    }

    void prepared(InputStream in) throws Exception {
        SAXParserFactory factory = SAXParserFactory.newInstance();
        secure(factory);
        // ok: andon.java.xxe
        factory.newSAXParser();
    }

    void stream(InputStream in) throws Exception {
        XMLInputFactory open = XMLInputFactory.newInstance();
        // ruleid: andon.java.xxe
        open.createXMLStreamReader(in);
        XMLInputFactory factory = XMLInputFactory.newFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        // ok: andon.java.xxe
        factory.createXMLStreamReader(in);
    }

    void dom4j(InputStream in) throws Exception {
        SAXReader reader = new SAXReader();
        // ruleid: andon.java.xxe
        reader.read(in);
    }

    void restricted(InputStream in) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_DTD, "");
        factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_SCHEMA, "");
        // ok: andon.java.xxe
        factory.newDocumentBuilder().parse(in);
    }
}
