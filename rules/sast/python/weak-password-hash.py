import hashlib
import os

from argon2 import PasswordHasher


def store(user, password, salt):
    # ruleid: andon.python.weak-password-hash
    user.hash = hashlib.md5(password.encode("utf-8")).hexdigest()
    # ruleid: andon.python.weak-password-hash
    user.hash = hashlib.sha512(salt + password.encode()).hexdigest()
    # ruleid: andon.python.weak-password-hash
    user.hash = hashlib.sha256(f"{salt}{password}".encode()).hexdigest()
    digest = hashlib.sha1()
    digest.update(salt)
    # ruleid: andon.python.weak-password-hash
    digest.update(password)
    # ok: andon.python.weak-password-hash
    user.hash = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, 600_000)
    # ok: andon.python.weak-password-hash
    user.hash = hashlib.scrypt(password.encode(), salt=salt, n=2**14, r=8, p=1)
    # ok: andon.python.weak-password-hash
    user.hash = PasswordHasher().hash(password)


def check(user, form):
    # ruleid: andon.python.weak-password-hash
    return user.hash == hashlib.sha1(form.new_password.encode()).hexdigest()


def leaked(password):
    # ok: andon.python.weak-password-hash
    return hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest()[:5]


def others(path, password_file, token):
    # ok: andon.python.weak-password-hash
    hashlib.sha256(password_file.read_bytes())
    # ok: andon.python.weak-password-hash
    hashlib.sha256(token.encode())
    # ok: andon.python.weak-password-hash
    hashlib.sha256(b"password")
    # ok: andon.python.weak-password-hash
    return hashlib.sha256(os.urandom(16))
