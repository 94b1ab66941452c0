import httpx
import aiohttp
import requests
from urllib.request import urlopen

from fastapi import FastAPI
from flask import Flask, request

app = Flask(__name__)
api = FastAPI()
MIRRORS = {"eu": "https://eu.example.com", "us": "https://us.example.com"}


@app.route("/fetch")
def fetch():
    url = request.args["url"]
    # ruleid: andon.python.ssrf
    requests.get(url, timeout=5)
    # ruleid: andon.python.ssrf
    requests.post("https://" + request.form["host"] + "/hook", json={})
    # ruleid: andon.python.ssrf
    urlopen(f"http://{request.args['host']}:8080/")
    # ok: andon.python.ssrf
    requests.get("https://api.example.com/search", params={"q": url})
    # ok: andon.python.ssrf
    requests.get("https://api.example.com/users/" + request.args["user"])
    # ok: andon.python.ssrf
    requests.get(f"https://api.example.com/users/{request.args['user']}")
    # ok: andon.python.ssrf
    requests.get("https://api.example.com/users/{}".format(request.args["user"]))
    # ok: andon.python.ssrf
    requests.get(f"http://localhost:{int(request.args['port'])}/")
    return ""


@app.route("/mirror")
def mirror():
    host = request.args["host"]
    if host not in MIRRORS.values():
        return "", 400
    # ok: andon.python.ssrf
    return requests.get(host).text


@app.route("/session")
def session():
    client = requests.Session()
    # ruleid: andon.python.ssrf
    return client.get(request.cookies["backend"]).text


@api.get("/proxy")
async def proxy(target: str, page: int):
    async with httpx.AsyncClient() as client:
        # ruleid: andon.python.ssrf
        await client.get(target)
        # ok: andon.python.ssrf
        await client.get(f"{BASE}/pages/{page}")
    async with aiohttp.ClientSession() as http:
        # ruleid: andon.python.ssrf
        await http.post(target, data=b"")


def cached(cache, key):
    # ok: andon.python.ssrf
    return cache.get(request.args["url"])
