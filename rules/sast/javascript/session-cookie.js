const express = require("express");
const session = require("express-session");
const cookieSession = require("cookie-session");

const app = express();
// ruleid: andon.javascript.session-cookie
app.use(session({ secret: key, resave: false, cookie: { maxAge: 60000, secure: false } }));
// ruleid: andon.javascript.session-cookie
app.use(cookieSession({ keys, httpOnly: false }));
// ok: andon.javascript.session-cookie
app.use(cookieSession({ keys, signed: false }));
// ok: andon.javascript.session-cookie
app.use(session({ secret: key, saveUninitialized: false, cookie: { secure: true } }));
// ok: andon.javascript.session-cookie
app.use(session({ secret: key, cookie: { secure: process.env.NODE_ENV === "production" } }));

app.post("/login", (req, res) => {
  // ruleid: andon.javascript.session-cookie
  res.cookie("token", issue(req), { httpOnly: false });
  // ok: andon.javascript.session-cookie
  res.cookie("token", issue(req), { httpOnly: true, secure: true });
  // ok: andon.javascript.session-cookie
  res.cookie("seen", "1", { partitioned: false });
  // ok: andon.javascript.session-cookie
  connect({ host: "db", secure: false });
});
