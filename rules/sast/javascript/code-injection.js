const vm = require("vm");
const express = require("express");

const app = express();

app.post("/rules", (req, res) => {
  const rule = req.body.rule;
  // ruleid: andon.javascript.code-injection
  eval("(" + rule + ")");
  // ruleid: andon.javascript.code-injection
  const filter = new Function("row", `return ${rule}`);
  // ruleid: andon.javascript.code-injection
  vm.runInNewContext(rule, {});
  // ok: andon.javascript.code-injection
  JSON.parse(rule);
  // ok: andon.javascript.code-injection
  vm.runInNewContext("rule.length", { rule });
  // ok: andon.javascript.code-injection
  eval(`price * ${Number(req.body.count)}`);
  // ok: andon.javascript.code-injection
  setTimeout(() => log(rule), 10);
  res.json(filter);
});

app.get("/operation", (req, res) => {
  const name = req.query.name;
  if (!["min", "max"].includes(name)) {
    return res.sendStatus(400);
  }
  // ok: andon.javascript.code-injection
  res.json(eval(`Math.${name}(1, 2)`));
});

function plugin(source) {
  // ok: andon.javascript.code-injection
  return new Function(source);
}
