import asyncio
import os
import shlex
import subprocess

from fastapi import APIRouter, Request
from flask import Flask, request

app = Flask(__name__)
router = APIRouter()


@app.post("/ping")
def ping():
    host = request.form["host"]
    # ruleid: andon.python.command-injection
    os.system("ping -c 1 " + host)
    # ruleid: andon.python.command-injection
    subprocess.run(f"ping -c 1 {host}", shell=True, check=True)
    # ruleid: andon.python.command-injection
    subprocess.check_output(["bash", "-c", "ping -c 1 %s" % host])
    # ok: andon.python.command-injection
    subprocess.run(["ping", "-c", "1", host], check=True)
    # ok: andon.python.command-injection
    subprocess.run("ping -c 1 " + shlex.quote(host), shell=True)
    # ok: andon.python.command-injection
    subprocess.run("ping -c 1 localhost", shell=True, env={"HOST": host})


@app.post("/service")
def service():
    action = request.get_json()["action"]
    if action in {"start", "stop"}:
        # ok: andon.python.command-injection
        os.system("service web " + action)
    count = int(request.args["count"])
    # ok: andon.python.command-injection
    os.popen(f"head -n {count} /var/log/web.log")
    return ""


class Report:
    def post(self, request):
        name = request.POST.get("name")
        # ruleid: andon.python.command-injection
        return subprocess.getoutput("wkhtmltopdf /reports/" + name)


@router.post("/run")
async def run(request: Request):
    body = await request.json()
    # ruleid: andon.python.command-injection
    process = await asyncio.create_subprocess_shell("git clone " + body["url"])
    await process.wait()


def maintenance(path):
    # ok: andon.python.command-injection
    os.system("du -s " + path)
