const { exec, execFile, spawn } = require("child_process");
const cp = require("node:child_process");
const express = require("express");

const app = express();

app.post("/ping", (req, res) => {
  const host = req.body.host;
  // ruleid: andon.javascript.command-injection
  exec("ping -c 1 " + host, (error, out) => res.end(out));
  // ruleid: andon.javascript.command-injection
  cp.execSync(`ping -c 1 ${host}`);
  // ruleid: andon.javascript.command-injection
  spawn(`ping ${host}`, { shell: true });
  // ruleid: andon.javascript.command-injection
  spawn("sh", ["-c", "ping " + host]);
  // ok: andon.javascript.command-injection
  execFile("ping", ["-c", "1", host], (error, out) => res.end(out));
  // ok: andon.javascript.command-injection
  spawn("ping", ["-c", "1", host]);
  // ok: andon.javascript.command-injection
  exec("ping -c 1 localhost", { env: { HOST: host } });
});

app.get("/log", (req, res) => {
  const lines = parseInt(req.query.lines, 10);
  // ok: andon.javascript.command-injection
  exec(`tail -n ${lines} app.log`, (error, out) => res.end(out));
  const service = req.query.service;
  if (new Set(["web", "mail"]).has(service)) {
    // ok: andon.javascript.command-injection
    exec("systemctl status " + service);
  }
  // ok: andon.javascript.command-injection
  const found = /^v(\d+)/.exec(req.query.version);
  res.json(found);
});

function build(target) {
  // ok: andon.javascript.command-injection
  exec("make " + target);
}
