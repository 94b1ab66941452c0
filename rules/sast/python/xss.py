from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from flask import Flask, jsonify, render_template, request
from markupsafe import Markup, escape

app = Flask(__name__)
api = FastAPI()


@app.route("/search")
def search():
    words = request.args.get("q", "")
    # ruleid: andon.python.xss
    Markup("<b>%s</b>" % words)
    # ok: andon.python.xss
    Markup("<b>%s</b>" % escape(words))
    # ok: andon.python.xss
    Markup("<b>%s</b>") % words
    # ruleid: andon.python.xss
    return f"<h1>{words}</h1>"


@app.route("/template")
def template():
    # ok: andon.python.xss
    return render_template("search.html", q=request.args["q"])


@app.route("/json")
def as_json():
    # ok: andon.python.xss
    return {"html": "<b>" + request.args["q"]}


@app.route("/escaped/<name>")
def escaped(name):
    # ok: andon.python.xss
    return f"<h1>{escape(name)}</h1>"


@app.route("/page/<int:number>")
def page(number):
    # ok: andon.python.xss
    return f"<h1>{number}</h1>"


def view(request):
    name = request.GET["name"]
    # ruleid: andon.python.xss
    label = mark_safe("<i>" + name + "</i>")
    # ok: andon.python.xss
    label = format_html("<i>{}</i>", name)
    # ruleid: andon.python.xss
    label = format_html("<i>" + name + "</i>")
    # ok: andon.python.xss
    HttpResponse(name, content_type="text/plain")
    # ok: andon.python.xss
    JsonResponse({"name": name})
    # ok: andon.python.xss
    render(request, "x.html", {"name": name, "label": label})
    # ruleid: andon.python.xss
    return HttpResponse(f"<p>{name}</p>", content_type="text/html; charset=utf-8")


@api.get("/hello")
async def hello(name: str, times: int):
    # ok: andon.python.xss
    HTMLResponse(f"<p>{times}</p>")
    # ruleid: andon.python.xss
    return HTMLResponse(f"<p>{name}</p>")
