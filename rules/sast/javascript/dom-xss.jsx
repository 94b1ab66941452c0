import DOMPurify from "dompurify";
import { useSearchParams } from "react-router-dom";

const hash = decodeURIComponent(window.location.hash.slice(1));
// ruleid: andon.javascript.dom-xss
document.getElementById("title").innerHTML = `<b>${hash}</b>`;
// ok: andon.javascript.dom-xss
document.getElementById("title").textContent = hash;
// ok: andon.javascript.dom-xss
document.getElementById("title").innerHTML = DOMPurify.sanitize(hash);
// ruleid: andon.javascript.dom-xss
document.write("<a href='" + document.referrer + "'>back</a>");
// ok: andon.javascript.dom-xss
document.getElementById("title").innerHTML = "<b>" + document.title.length + "</b>";

const params = new URLSearchParams(location.search);
// ruleid: andon.javascript.dom-xss
list.insertAdjacentHTML("beforeend", params.get("item"));
// ok: andon.javascript.dom-xss
list.insertAdjacentHTML("beforeend", `<li>${Number(params.get("item"))}</li>`);
// ruleid: andon.javascript.dom-xss
$("#name").html(params.get("name"));
// ok: andon.javascript.dom-xss
$("#name").text(params.get("name"));

window.addEventListener("message", (event) => {
  // ruleid: andon.javascript.dom-xss
  document.body.innerHTML = event.data;
});

export function Banner({ trusted }) {
  const [search] = useSearchParams();
  const text = search.get("text");
  if (trusted) {
    // ok: andon.javascript.dom-xss
    return <div dangerouslySetInnerHTML={{ __html: trusted }} />;
  }
  // ok: andon.javascript.dom-xss
  const plain = <p title={text}>{text}</p>;
  // ruleid: andon.javascript.dom-xss
  const html = <p dangerouslySetInnerHTML={{ __html: text }}></p>;
  // ok: andon.javascript.dom-xss
  const clean = <p dangerouslySetInnerHTML={{ __html: DOMPurify.sanitize(text) }} />;
  return [plain, html, clean];
}
