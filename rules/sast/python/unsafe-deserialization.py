import base64
import io
import json
import pickle

import jsonpickle
import numpy as np
import yaml
from fastapi import FastAPI, Request
from flask import Flask, request

app = Flask(__name__)
api = FastAPI()


@app.post("/import")
def import_data():
    raw = request.get_data()
    # ruleid: andon.python.unsafe-deserialization
    pickle.loads(raw)
    # ruleid: andon.python.unsafe-deserialization
    pickle.load(io.BytesIO(base64.b64decode(request.form["state"])))
    # ruleid: andon.python.unsafe-deserialization
    yaml.load(raw, Loader=yaml.Loader)
    # ruleid: andon.python.unsafe-deserialization
    jsonpickle.decode(request.cookies["cart"])
    # ruleid: andon.python.unsafe-deserialization
    np.load(request.files["array"], allow_pickle=True)
    # ok: andon.python.unsafe-deserialization
    np.load(request.files["array"])
    # ok: andon.python.unsafe-deserialization
    yaml.load(raw, Loader=yaml.SafeLoader)
    # ok: andon.python.unsafe-deserialization
    yaml.safe_load(raw)
    # ok: andon.python.unsafe-deserialization
    return json.loads(raw)


@api.post("/job")
async def job(request: Request):
    body = await request.body()
    # ruleid: andon.python.unsafe-deserialization
    return yaml.unsafe_load(body)


class Session:
    def read(self, request):
        # ruleid: andon.python.unsafe-deserialization
        return pickle.loads(base64.b64decode(request.COOKIES["session"]))

    def restore(self, path):
        with open(path, "rb") as file:
            # ok: andon.python.unsafe-deserialization
            return pickle.load(file)

    def store(self, request):
        # ok: andon.python.unsafe-deserialization
        return pickle.dumps(request.POST)
