const express = require("express");
const { z } = require("zod");
const User = require("./models/user");

const app = express();
const Login = z.object({ name: z.string() });

app.post("/login", async (req, res) => {
  // ruleid: andon.javascript.nosql-injection
  await User.findOne({ name: req.body.name });
  const { token } = req.body;
  // ruleid: andon.javascript.nosql-injection
  await req.app.locals.db.collection("users").updateOne({ token }, { $set: { seen: true } });
  // ruleid: andon.javascript.nosql-injection
  await User.find(req.query);
  // ok: andon.javascript.nosql-injection
  await User.findOne({ name: String(req.body.name) });
  // ok: andon.javascript.nosql-injection
  await User.findOne({ name: { $eq: req.body.name } });
  // ok: andon.javascript.nosql-injection
  await User.findOne({ name: `${req.body.name}` });
  const login = Login.parse(req.body);
  // ok: andon.javascript.nosql-injection
  await User.findOne({ name: login.name });
  // ok: andon.javascript.nosql-injection
  await User.updateOne({ name: "me" }, { $set: { bio: req.body.bio } });
  res.end();
});

app.get("/users/:id", async (req, res) => {
  // ok: andon.javascript.nosql-injection
  await User.findOne({ _id: req.params.id });
  // ok: andon.javascript.nosql-injection
  await Account.findOne({ where: { name: req.query.name } });
  const { tag } = req.query;
  if (typeof tag !== "string") {
    return res.sendStatus(400);
  }
  // ok: andon.javascript.nosql-injection
  await User.find({ tag });
  // ok: andon.javascript.nosql-injection
  res.json(["a", "b"].find((letter) => letter === req.query.letter));
});
