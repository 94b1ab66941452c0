from django.http import HttpResponseRedirect
from django.shortcuts import redirect as go
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from fastapi import FastAPI
from fastapi.responses import RedirectResponse
from flask import Flask, redirect, request, url_for

app = Flask(__name__)
api = FastAPI()


@app.route("/login")
def login():
    target = request.args.get("next") or "/"
    if target == "":
        # ok: andon.python.open-redirect
        return redirect("/")
    # ruleid: andon.python.open-redirect
    return redirect(target)


@app.route("/go/<name>")
def by_name(name):
    # ok: andon.python.open-redirect
    return redirect(url_for("project", name=name))


@app.route("/old/<path:rest>")
def old(rest):
    # ok: andon.python.open-redirect
    return redirect("/new/" + rest, code=301)


@app.route("/host/<path:rest>")
def host(rest):
    # ruleid: andon.python.open-redirect
    return redirect("https://" + rest)


@app.route("/docs/<path:rest>")
def docs(rest):
    # ok: andon.python.open-redirect
    return redirect(f"https://docs.example.com/{rest}")


class Login:
    def post(self, request):
        target = request.POST["next"]
        # ruleid: andon.python.open-redirect
        return HttpResponseRedirect(target)

    def checked(self, request):
        target = request.GET.get("next")
        if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
            target = "/"
        # ok: andon.python.open-redirect
        return HttpResponseRedirect(target)

    def named(self, request):
        # ok: andon.python.open-redirect
        return go(reverse("project", args=[request.GET["project"]]))


@api.get("/leave")
def leave(to: str):
    # ruleid: andon.python.open-redirect
    return RedirectResponse(url=to, status_code=303)


@api.get("/pages/{number}")
def page(number: int):
    # ok: andon.python.open-redirect
    return RedirectResponse(f"/page?number={number}")
