const fs = require("fs");
const https = require("https");
const { Pool } = require("pg");

// ruleid: andon.javascript.tls-verification-off
const agent = new https.Agent({ keepAlive: true, rejectUnauthorized: false });
// ruleid: andon.javascript.tls-verification-off
const pool = new Pool({ ssl: { rejectUnauthorized: false } });
// ruleid: andon.javascript.tls-verification-off
process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0";
// ruleid: andon.javascript.tls-verification-off
process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = 0;
// ok: andon.javascript.tls-verification-off
process.env.NODE_TLS_REJECT_UNAUTHORIZED = "1";
// ok: andon.javascript.tls-verification-off
const safe = new https.Agent({ rejectUnauthorized: true });
// ok: andon.javascript.tls-verification-off
const own = new https.Agent({ ca: fs.readFileSync("company.pem") });
// ok: andon.javascript.tls-verification-off
const chosen = new https.Agent({ rejectUnauthorized: settings.verify });

function configure(options) {
  // ruleid: andon.javascript.tls-verification-off
  options.rejectUnauthorized = false;
  // ok: andon.javascript.tls-verification-off
  options.requestCert = false;
  // ok: andon.javascript.tls-verification-off
  if (options.rejectUnauthorized === false) {
    throw new Error("refusing to connect without verification");
  }
}
