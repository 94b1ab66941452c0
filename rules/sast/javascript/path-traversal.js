import fs from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import express from "express";

const app = express();
const FILES = "/srv/files";

app.get("/file/:name", async (req, res) => {
  const target = path.join(FILES, req.params.name);
  // ruleid: andon.javascript.path-traversal
  fs.createReadStream(target).pipe(res);
  // ruleid: andon.javascript.path-traversal
  await readFile(`${FILES}/${req.query.name}`);
  // ruleid: andon.javascript.path-traversal
  res.sendFile(target);
  // ok: andon.javascript.path-traversal
  res.sendFile(req.params.name, { root: FILES });
  // ok: andon.javascript.path-traversal
  fs.readFileSync(path.join(FILES, path.basename(req.params.name)));
  // ok: andon.javascript.path-traversal
  fs.writeFileSync("/srv/last", req.params.name);
});

app.delete("/file", (req, res) => {
  const target = path.resolve(FILES, req.body.name);
  if (!target.startsWith(FILES + path.sep)) {
    return res.sendStatus(404);
  }
  // ok: andon.javascript.path-traversal
  fs.unlinkSync(target);
  // ruleid: andon.javascript.path-traversal
  fs.promises.rm("/srv/cache/" + req.body.key);
  res.end();
});

app.post("/avatar", (req, res) => {
  // ok: andon.javascript.path-traversal
  fs.createReadStream(req.file.path).pipe(resize());
  const kind = req.body.kind;
  if (["png", "jpg"].indexOf(kind) >= 0) {
    // ok: andon.javascript.path-traversal
    fs.readFileSync("/srv/frames/frame." + kind);
  }
  // ok: andon.javascript.path-traversal
  res.send(fs.readFileSync(`/srv/pages/${Number(req.body.page)}.html`));
});

export function load(name) {
  // ok: andon.javascript.path-traversal
  return fs.readFileSync(path.join("locales", name));
}
