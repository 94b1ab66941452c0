import jwt
from jose import jwt as jose_jwt


def user(token, key):
    # ruleid: andon.python.jwt-unverified
    jwt.decode(token, options={"verify_signature": False})
    # ruleid: andon.python.jwt-unverified
    jwt.decode(token, key, options={"verify_exp": True, "verify_signature": False}, algorithms=["HS256"])
    # ruleid: andon.python.jwt-unverified
    return jwt.decode(token, verify=False)


def unsigned(token, key):
    # ruleid: andon.python.jwt-unverified
    return jwt.decode(token, key, algorithms=["HS256", "none"])


def claims(token):
    # ruleid: andon.python.jwt-unverified
    return jose_jwt.get_unverified_claims(token)


def verified(token, key):
    # ok: andon.python.jwt-unverified
    return jwt.decode(token, key, algorithms=["RS256"], options={"verify_aud": False})


def by_issuer(token, keys):
    # ok: andon.python.jwt-unverified
    issuer = jwt.decode(token, options={"verify_signature": False})["iss"]
    # ok: andon.python.jwt-unverified
    return jwt.decode(token, keys[issuer], algorithms=["RS256"])


def by_header(token, keys):
    # ok: andon.python.jwt-unverified
    header = jwt.get_unverified_header(token)
    # ok: andon.python.jwt-unverified
    return jwt.decode(token, keys[header["kid"]], algorithms=["ES256"])


def base64(codec, text):
    # ok: andon.python.jwt-unverified
    return codec.decode(text, verify=False)
