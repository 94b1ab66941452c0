import ssl

import aiohttp
import httpx
import requests
import urllib3

URL = "https://internal.example.com/"

# ruleid: andon.python.tls-verification-off
requests.get(URL, verify=False)
# ruleid: andon.python.tls-verification-off
requests.request("POST", URL, json={}, verify=False, timeout=3)
# ok: andon.python.tls-verification-off
requests.get(URL, verify=True)
# ok: andon.python.tls-verification-off
requests.get(URL, verify="/etc/ssl/company.pem")


def by_session(settings):
    session = requests.Session()
    # ruleid: andon.python.tls-verification-off
    session.verify = False
    # ok: andon.python.tls-verification-off
    session.verify = settings.verify
    # ruleid: andon.python.tls-verification-off
    session.post(URL, verify=False)
    # ok: andon.python.tls-verification-off
    settings.verify = False


def by_context():
    # ruleid: andon.python.tls-verification-off
    context = ssl._create_unverified_context()
    # ruleid: andon.python.tls-verification-off
    context.verify_mode = ssl.CERT_NONE
    # ok: andon.python.tls-verification-off
    context.verify_mode = ssl.CERT_REQUIRED
    # ok: andon.python.tls-verification-off
    return ssl.create_default_context(cafile="/etc/ssl/company.pem")


VERIFY = False
# ruleid: andon.python.tls-verification-off
client = httpx.Client(verify=VERIFY)
# ok: andon.python.tls-verification-off
client = httpx.Client(http2=False)
# ruleid: andon.python.tls-verification-off
pool = urllib3.PoolManager(cert_reqs="CERT_NONE")
# ruleid: andon.python.tls-verification-off
connector = aiohttp.TCPConnector(ssl=False)
# ok: andon.python.tls-verification-off
connector = aiohttp.TCPConnector(limit=10)


class Token:
    def decode(self, jwt, token):
        # ok: andon.python.tls-verification-off
        return jwt.decode(token, verify=False)
