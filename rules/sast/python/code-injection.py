import ast
import json
import re

from fastapi import FastAPI, Query
from flask import Blueprint, request
from typing import Annotated, Optional

bp = Blueprint("calc", __name__)
api = FastAPI()


@bp.route("/calc")
def calc():
    formula = request.args.get("f")
    # ruleid: andon.python.code-injection
    result = eval(formula, {"__builtins__": {}})
    # ruleid: andon.python.code-injection
    exec("value = " + formula)
    # ok: andon.python.code-injection
    table = ast.literal_eval(formula)
    # ok: andon.python.code-injection
    json.loads(formula)
    # ok: andon.python.code-injection
    re.compile(formula)
    # ok: andon.python.code-injection
    return str(eval("a + b", {"a": int(request.args["a"]), "b": int(request.args["b"])})) + str(table)


@api.get("/filter")
def by_filter(where: Annotated[str, Query()], limit: int = 10, order: Optional[str] = None):
    # ruleid: andon.python.code-injection
    keep = compile(where, "filter", "eval")
    # ok: andon.python.code-injection
    top = eval(f"rows[:{limit}]")
    # ruleid: andon.python.code-injection
    return eval(f"sorted(rows, key=lambda row: row.{order})"), keep, top


def view(request):
    choice = request.POST["operation"]
    if choice not in ("min", "max"):
        raise ValueError(choice)
    # ok: andon.python.code-injection
    return eval(choice + "(rows)")


class Model:
    def run(self, request):
        # ok: andon.python.code-injection
        self.model.eval()
        # ok: andon.python.code-injection
        return self.session.eval(request.data)
