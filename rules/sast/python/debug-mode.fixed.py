import os

from fastapi import FastAPI
from flask import Flask

app = Flask(__name__)
# ruleid: andon.python.debug-mode
app.debug = False
# ruleid: andon.python.debug-mode
app.config["DEBUG"] = False
# ok: andon.python.debug-mode
app.config["DEBUG"] = os.environ.get("APP_DEBUG") == "1"
# ok: andon.python.debug-mode
app.config["TESTING"] = True
# ruleid: andon.python.debug-mode
api = FastAPI(title="API", debug=False)
# ok: andon.python.debug-mode
api = FastAPI(debug=False)


def start(runner):
    # ok: andon.python.debug-mode
    app.run(debug="APP_DEBUG" in os.environ)
    # ok: andon.python.debug-mode
    runner.debug = True
    # ok: andon.python.debug-mode
    app.logger.debug(True)


if __name__ == "__main__":
    # ruleid: andon.python.debug-mode
    app.run(host="0.0.0.0", port=8000, debug=False)
