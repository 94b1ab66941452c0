const express = require("express");

const app = express();
const PAGES = { home: "/", help: "/help" };

app.get("/login", (req, res) => {
  const next = req.query.next || "/";
  if (req.session.user) {
    // ruleid: andon.javascript.open-redirect
    return res.redirect(next);
  }
  // ok: andon.javascript.open-redirect
  res.redirect(`/login?next=${encodeURIComponent(next)}`);
});

app.get("/leave", (req, res) => {
  // ruleid: andon.javascript.open-redirect
  res.redirect(302, "https://" + req.params.host);
  // ok: andon.javascript.open-redirect
  res.redirect(301, "https://docs.example.com/" + req.params.page);
  // ok: andon.javascript.open-redirect
  res.redirect(PAGES[req.query.page]);
  // ruleid: andon.javascript.open-redirect
  res.status(303).location(req.body.url);
});

app.get("/back", (req, res) => {
  // ok: andon.javascript.open-redirect
  res.redirect("back");
  // ok: andon.javascript.open-redirect
  res.redirect(new URL(req.query.next, "https://example.com").pathname);
});

app.get("/partner", (req, res) => {
  const target = req.query.to;
  if (!PARTNERS.has(target)) {
    return res.sendStatus(404);
  }
  // ok: andon.javascript.open-redirect
  res.redirect(target);
});

function go(router, req) {
  // ok: andon.javascript.open-redirect
  router.redirect(req.query.view);
}
