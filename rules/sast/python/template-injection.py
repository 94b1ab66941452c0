import jinja2
from django.template import Context, Template
from flask import Flask, render_template, render_template_string, request
from mako.template import Template as Mako

app = Flask(__name__)
environment = jinja2.Environment(autoescape=True)


@app.route("/hello")
def hello():
    name = request.args["name"]
    # ruleid: andon.python.template-injection
    render_template_string(f"<h1>Hello {name}</h1>")
    # ruleid: andon.python.template-injection
    environment.from_string("Hello " + name).render()
    # ruleid: andon.python.template-injection
    jinja2.Template(request.form["template"]).render(name="x")
    # ruleid: andon.python.template-injection
    Mako(name).render()
    # ok: andon.python.template-injection
    environment.from_string("Hello {{ name }}").render(name=name)
    # ok: andon.python.template-injection
    render_template("hello.html", name=name)
    # ok: andon.python.template-injection
    return render_template_string("Hello {{ name }}", name=name)


@app.route("/theme")
def theme():
    chosen = request.cookies.get("theme")
    if chosen not in ["dark", "light"]:
        chosen = "light"
    # ok: andon.python.template-injection
    return render_template_string("{% include '" + chosen + ".html' %}")


def preview(request):
    # ruleid: andon.python.template-injection
    template = Template(request.POST["body"])
    # ok: andon.python.template-injection
    return template.render(Context({"name": request.POST["name"]}))


def letter(text):
    # ok: andon.python.template-injection
    return Template(text)
