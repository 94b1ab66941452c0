import os
import shutil
from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import FileResponse
from flask import Flask, request, send_file, send_from_directory
from werkzeug.utils import secure_filename

app = Flask(__name__)
api = FastAPI()
FILES = Path("/srv/files")


@app.route("/download")
def download():
    name = request.args["name"]
    # ruleid: andon.python.path-traversal
    with open(os.path.join("/srv/files", name)) as file:
        file.read()
    # ruleid: andon.python.path-traversal
    send_file("/srv/files/" + name)
    # ok: andon.python.path-traversal
    send_from_directory("/srv/files", name)
    # ok: andon.python.path-traversal
    return open(os.path.join("/srv/files", os.path.basename(name))).read()


@app.post("/upload")
def upload():
    file = request.files["file"]
    # ruleid: andon.python.path-traversal
    file.save(os.path.join("/srv/files", file.filename))
    # ok: andon.python.path-traversal
    file.save(os.path.join("/srv/files", secure_filename(file.filename)))
    # ok: andon.python.path-traversal
    file.save("/srv/files/last")
    return ""


@app.delete("/files/<path:name>")
def remove(name):
    target = (FILES / name).resolve()
    if not target.is_relative_to(FILES):
        return "", 404
    # ok: andon.python.path-traversal
    os.remove(target)
    return ""


@app.get("/texts")
def read_text():
    name = request.args["name"]
    if "/" in name:
        return "", 400
    # ok: andon.python.path-traversal
    return open("/srv/texts/" + name).read()


@app.delete("/reports/<name>")
def remove_report(name):
    # ruleid: andon.python.path-traversal
    shutil.rmtree(f"/srv/reports/{name}")
    return ""


@api.get("/files/{name}")
async def get_file(name: str):
    # ruleid: andon.python.path-traversal
    return FileResponse(FILES / name)


@api.get("/pages/{number}")
async def get_page(number: int):
    # ok: andon.python.path-traversal
    return FileResponse(f"/srv/pages/{number}.html")


def language(request):
    code = request.COOKIES["language"]
    # ruleid: andon.python.path-traversal
    text = (FILES / "texts" / code).read_text()
    if code in ("de", "en"):
        # ok: andon.python.path-traversal
        return open("/srv/texts/" + code).read()
    return text


def settings(name):
    # ok: andon.python.path-traversal
    return open("/etc/app/" + name).read()
