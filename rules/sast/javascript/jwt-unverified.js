const jwt = require("jsonwebtoken");
const { expressjwt } = require("express-jwt");

function authenticate(req, res, next) {
  const token = req.headers.authorization.slice(7);
  // ruleid: andon.javascript.jwt-unverified
  req.user = jwt.decode(token);
  // ruleid: andon.javascript.jwt-unverified
  req.user = jwt.verify(token, key, { issuer: "me", algorithms: ["HS256", "none"] });
  // ruleid: andon.javascript.jwt-unverified
  req.user = jwt.verify(token, "", { algorithms: ["HS256"] });
  // ruleid: andon.javascript.jwt-unverified
  jwt.verify(token, null);
  // ok: andon.javascript.jwt-unverified
  req.user = jwt.verify(token, key, { algorithms: ["RS256"] });
  next();
}

// ruleid: andon.javascript.jwt-unverified
app.use(expressjwt({ secret: key, algorithms: ["none"] }));
// ok: andon.javascript.jwt-unverified
app.use(expressjwt({ secret: key, algorithms: ["HS256"] }));

function byIssuer(token, keys) {
  // ok: andon.javascript.jwt-unverified
  const { header } = jwt.decode(token, { complete: true });
  // ok: andon.javascript.jwt-unverified
  return jwt.verify(token, keys[header.kid], { algorithms: ["ES256"] });
}

function show(session) {
  // ok: andon.javascript.jwt-unverified
  session.name = jwt.decode(session.token).name;
  // ok: andon.javascript.jwt-unverified
  return crypto.verify("none", session.data, session.key);
}
