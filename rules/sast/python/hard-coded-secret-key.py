import os

import jwt
from flask import Flask
from starlette.applications import Starlette
from starlette.middleware.sessions import SessionMiddleware

app = Flask(__name__)
# ruleid: andon.python.hard-coded-secret-key
app.secret_key = "change me"
# ruleid: andon.python.hard-coded-secret-key
app.config["SECRET_KEY"] = "change me"
# ruleid: andon.python.hard-coded-secret-key
app.config.update(DEBUG=False, SECRET_KEY="change me")
# ruleid: andon.python.hard-coded-secret-key
SECRET_KEY = "django-insecure-change-me"
# ok: andon.python.hard-coded-secret-key
SECRET_KEY = os.environ["SECRET_KEY"]
# ok: andon.python.hard-coded-secret-key
SECRET_KEY = os.environ.get("SECRET_KEY", "")
# ok: andon.python.hard-coded-secret-key
SECRET_KEY = ""
# ok: andon.python.hard-coded-secret-key
SECRET_KEY = "{{ secret_key }}"
# ok: andon.python.hard-coded-secret-key
SECRET_KEY_FILE = "/run/secrets/key"
# ok: andon.python.hard-coded-secret-key
app.config["SESSION_COOKIE_NAME"] = "session"


class Config:
    # ruleid: andon.python.hard-coded-secret-key
    SECRET_KEY = b"change me"


def issue(user, key):
    # ruleid: andon.python.hard-coded-secret-key
    jwt.encode({"sub": user}, "change me", algorithm="HS256")
    # ok: andon.python.hard-coded-secret-key
    jwt.encode({"sub": user}, key, algorithm="HS256")
    # ok: andon.python.hard-coded-secret-key
    return jwt.encode({"sub": user}, open("/run/secrets/key").read(), algorithm="HS256")


web = Starlette()
# ruleid: andon.python.hard-coded-secret-key
web.add_middleware(SessionMiddleware, secret_key="change me")
# ok: andon.python.hard-coded-secret-key
web.add_middleware(SessionMiddleware, secret_key=os.environ["SESSION_KEY"])
