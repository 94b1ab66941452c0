import express, { Request, Response } from "express";
import { Pool } from "pg";
import { knex, prisma, sequelize } from "./db";

const app = express();
const pool = new Pool();

app.get("/users", async (req: Request, res: Response) => {
  const name = req.query.name as string;
  // ruleid: andon.javascript.sql-injection
  await pool.query("SELECT * FROM users WHERE name = '" + name + "'");
  // ruleid: andon.javascript.sql-injection
  await pool.query({ text: `SELECT * FROM users WHERE name = '${name}'` });
  // ok: andon.javascript.sql-injection
  await pool.query({ text: "SELECT * FROM users WHERE name = $1", values: [name] });
  // ok: andon.javascript.sql-injection
  await pool.query("SELECT * FROM users WHERE name = $1", [name]);
  const { id } = req.params;
  // ruleid: andon.javascript.sql-injection
  await sequelize.query(`DELETE FROM users WHERE id = ${id}`);
  // ok: andon.javascript.sql-injection
  await sequelize.query("DELETE FROM users WHERE id = :id", { replacements: { id } });
  // ok: andon.javascript.sql-injection
  await sequelize.query(`DELETE FROM users WHERE id = ${Number(id)}`);
  // ruleid: andon.javascript.sql-injection
  await prisma.$queryRawUnsafe(`SELECT * FROM users WHERE id = ${id}`);
  // ok: andon.javascript.sql-injection
  await prisma.$queryRaw`SELECT * FROM users WHERE id = ${id}`;
  // ruleid: andon.javascript.sql-injection
  await knex("users").whereRaw("id = " + req.body.id);
  // ok: andon.javascript.sql-injection
  await knex("users").whereRaw("id = ?", [req.body.id]);
  // ok: andon.javascript.sql-injection
  res.json(await knex("users").where({ id: req.body.id }));
});

app.get("/sorted", async (req, res) => {
  const by = String(req.query.by);
  if (!["name", "created"].includes(by)) {
    return res.sendStatus(400);
  }
  // ok: andon.javascript.sql-injection
  res.json(await pool.query(`SELECT * FROM users ORDER BY ${by}`));
});

const COLUMNS: Record<string, string> = { name: "name", age: "born DESC" };

export function list(req: Request, cache: Map<string, string>) {
  // ok: andon.javascript.sql-injection
  cache.get(req.query.key as string);
  // ok: andon.javascript.sql-injection
  return pool.query("SELECT * FROM users ORDER BY " + COLUMNS[req.params.order]);
}

export function internal(table: string) {
  // ok: andon.javascript.sql-injection
  return pool.query("SELECT count(*) FROM " + table);
}
