const express = require("express");
const escapeHtml = require("escape-html");

const app = express();

app.get("/search", (req, res) => {
  const { q } = req.query;
  // ruleid: andon.javascript.xss
  res.send("<h1>Results for " + q + "</h1>");
  // ruleid: andon.javascript.xss
  res.status(404).send(`<p>No page ${req.params.page}</p>`);
  // ruleid: andon.javascript.xss
  res.write(`<li>${q}</li>`);
  const page = `<html><body>${q}</body></html>`;
  // ruleid: andon.javascript.xss
  res.end(page);
  // ok: andon.javascript.xss
  res.send(`<h1>${escapeHtml(q)}</h1>`);
  // ok: andon.javascript.xss
  res.send({ html: "<b>", q });
  // ok: andon.javascript.xss
  res.json(`<b>${q}</b>`);
  // ok: andon.javascript.xss
  res.render("search", { q });
  // ok: andon.javascript.xss
  res.send(`<p>page ${Number(req.query.page)}</p>`);
  // ok: andon.javascript.xss
  res.type("text/plain").send("echo: " + q);
});

app.get("/theme", (req, res) => {
  const theme = req.cookies.theme;
  if (!["dark", "light"].includes(theme)) {
    return res.sendStatus(400);
  }
  // ok: andon.javascript.xss
  res.send(`<body class="${theme}">`);
});

function send(res, name) {
  // ok: andon.javascript.xss
  res.send(`<h1>${name}</h1>`);
}
