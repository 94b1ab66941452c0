const express = require("express");
const _ = require("lodash");

const app = express();

app.get("/search", (req, res) => {
  const q = req.query.q;
  // ruleid: andon.javascript.regex-injection
  const first = new RegExp(q, "i");
  // ruleid: andon.javascript.regex-injection
  const second = RegExp("^" + req.body.prefix);
  // ruleid: andon.javascript.regex-injection
  const third = new RegExp(`\\b${req.params.word}\\b`);
  // ok: andon.javascript.regex-injection
  const fourth = new RegExp(_.escapeRegExp(q), "i");
  const plain = q.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  // ok: andon.javascript.regex-injection
  const fifth = new RegExp(plain);
  // ok: andon.javascript.regex-injection
  const sixth = new RegExp("^a{" + Number(req.query.count) + "}$");
  // ok: andon.javascript.regex-injection
  res.json([/^[a-z]+$/.test(q), first, second, third, fourth, fifth, sixth]);
});

function matcher(words) {
  // ok: andon.javascript.regex-injection
  return new RegExp(words.join("|"));
}
