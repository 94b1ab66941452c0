import java.io.PrintWriter;
import javax.servlet.http.*;
import org.owasp.encoder.Encode;

class Pages extends HttpServlet {
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws Exception {
        String name = request.getParameter("name");
        // ruleid: andon.java.xss
        response.getWriter().println("<h1>" + name + "</h1>");
        PrintWriter out = response.getWriter();
        // ruleid: andon.java.xss
        out.write(request.getHeader("Referer"));
        // ok: andon.java.xss
        out.println("<p>" + Encode.forHtml(name) + "</p>");
        // ok: andon.java.xss
        out.println("<p>" + Integer.parseInt(request.getParameter("page")) + "</p>");
        // ok: andon.java.xss
        log.println(name);
    }

    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws Exception {
        response.setContentType("application/json");
        // ok: andon.java.xss
        response.getWriter().write(request.getParameter("echo"));
    }

    protected void doPut(HttpServletRequest request, HttpServletResponse response) throws Exception {
        response.setContentType("text/html;charset=UTF-8");
        PrintWriter out = response.getWriter();
        StringBuilder page = new StringBuilder("<p>");
        page.append(request.getParameter("text"));
        // ruleid: andon.java.xss
        out.print(page.toString());
        // ok: andon.java.xss
        response.setHeader("X-Name", request.getParameter("name"));
    }
}
