import axios from "axios";
import express, { Request, Response } from "express";
import got from "got";
import https from "https";

const app = express();
const BACKENDS = new Map([["eu", "https://eu.example.com"]]);

app.get("/fetch", async (req: Request, res: Response) => {
  const { url } = req.query;
  // ruleid: andon.javascript.ssrf
  await fetch(url as string);
  // ruleid: andon.javascript.ssrf
  await axios.get("http://" + req.query.host + "/status");
  // ruleid: andon.javascript.ssrf
  await axios({ method: "post", url: req.body.callback, data: {} });
  // ruleid: andon.javascript.ssrf
  https.get(`https://${req.params.tenant}.example.com/`);
  // ok: andon.javascript.ssrf
  await axios.get("https://api.example.com/users/" + req.params.user);
  // ok: andon.javascript.ssrf
  await got(`https://api.example.com/users/${req.params.user}?full=1`);
  // ok: andon.javascript.ssrf
  await axios.post("https://api.example.com/search", { query: url });
  // ok: andon.javascript.ssrf
  await fetch(`http://localhost:${Number(req.query.port)}/`);
  res.end();
});

app.get("/choose", async (req, res) => {
  const host = req.query.host;
  if (!ALLOWED_HOSTS.includes(host)) {
    return res.sendStatus(400);
  }
  // ok: andon.javascript.ssrf
  res.json(await got(`https://${host}/`));
});

export async function status(name: string) {
  // ok: andon.javascript.ssrf
  return fetch(BACKENDS.get(name) + "/status");
}

export const page = {
  async load(api: Client, req: Request) {
    // ok: andon.javascript.ssrf
    return api.get(req.query.id);
  },
};
