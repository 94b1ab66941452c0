import sqlite3
from uuid import UUID

from django.db import connection
from django.db.models.expressions import RawSQL
from fastapi import FastAPI
from flask import Flask, request
from pydantic import BaseModel
from sqlalchemy import select, text

from .models import User

app = Flask(__name__)
api = FastAPI()


@app.route("/users")
def users():
    name = request.args.get("name", "")
    db = sqlite3.connect("app.db")
    # ruleid: andon.python.sql-injection
    db.execute("SELECT * FROM users WHERE name = '%s'" % name)
    query = f"SELECT * FROM users WHERE name = '{name}'"
    cursor = db.cursor()
    # ruleid: andon.python.sql-injection
    cursor.execute(query)
    # ok: andon.python.sql-injection
    cursor.execute("SELECT * FROM users WHERE name = ?", (name,))
    limit = int(request.args["limit"])
    # ok: andon.python.sql-injection
    cursor.execute(f"SELECT * FROM users LIMIT {limit}")


@app.route("/sorted")
def sorted_users():
    column = request.args["by"]
    if column not in ("name", "created"):
        column = "name"
    # ok: andon.python.sql-injection
    sqlite3.connect("app.db").execute("SELECT * FROM users ORDER BY " + column)


@app.route("/users/<name>")
def user(name):
    # ruleid: andon.python.sql-injection
    sqlite3.connect("app.db").executescript(f"DELETE FROM users WHERE name = '{name}'")


@app.route("/users/<int:number>")
def numbered(number):
    # ok: andon.python.sql-injection
    sqlite3.connect("app.db").execute(f"SELECT * FROM users WHERE id = {number}")


def search(request):
    term = request.GET["q"]
    with connection.cursor() as cursor:
        # ruleid: andon.python.sql-injection
        cursor.execute("SELECT id FROM user WHERE name LIKE '%{}%'".format(term))
    # ruleid: andon.python.sql-injection
    found = User.objects.raw("SELECT * FROM user WHERE name = '" + term + "'")
    # ruleid: andon.python.sql-injection
    User.objects.annotate(score=RawSQL("similarity(name, '%s')" % term, []))
    # ok: andon.python.sql-injection
    User.objects.annotate(score=RawSQL("similarity(name, %s)", [term]))
    # ok: andon.python.sql-injection
    User.objects.filter(name__icontains=term)
    return found


class Search(BaseModel):
    term: str


@api.post("/search")
async def api_search(body: Search, session: Session):
    # ruleid: andon.python.sql-injection
    await session.execute(text(f"SELECT * FROM users WHERE name = '{body.term}'"))
    # ok: andon.python.sql-injection
    await session.execute(text("SELECT * FROM users WHERE name = :name"), {"name": body.term})
    # ok: andon.python.sql-injection
    await session.execute(select(User).where(User.name == body.term))


@api.get("/orders/{order}")
def api_order(order: UUID, status: str, session: Session):
    # ok: andon.python.sql-injection
    session.execute(text(f"SELECT * FROM orders WHERE id = '{order}'"))
    # ruleid: andon.python.sql-injection
    session.execute(text("SELECT * FROM orders WHERE status = '" + status + "'"))


def constant(cursor, table):
    # ok: andon.python.sql-injection
    cursor.execute("SELECT count(*) FROM " + table)
