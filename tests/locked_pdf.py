"""PDF files encrypted in each of the standard ways (ISO 32000-2, 7.6)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from typing import Literal

from broken_pdf import write
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC, ECB

Way = Literal["rc4-40", "rc4-128", "aes-128", "aes-256"]
_PAD = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")
_ID = bytes(range(16))
_RIGHTS = (-44).to_bytes(4, "little", signed=True)
_STREAM = re.compile(rb"(.*?/Length )\d+(.*?>>\nstream\n)(.*)(\nendstream)", re.DOTALL)


def locked(objects: Mapping[int, bytes], way: Way, user: bytes = b"", owner: bytes = b"owner") -> bytes:
    """The file of these objects, its streams encrypted."""
    entries, encrypt = _modern(user, owner) if way == "aes-256" else _classic(way, user, owner)
    sealed = {number: _sealed(body, number, encrypt) for number, body in objects.items()}
    number = max(sealed) + 1
    sealed[number] = b"<</Filter /Standard /P -44 %b>>" % entries
    return write(sealed, b"/Encrypt %d 0 R /ID [<%b> <%b>]" % (number, _hex(_ID), _hex(_ID)))


def _sealed(body: bytes, number: int, encrypt: Callable[[bytes, int], bytes]) -> bytes:
    found = _STREAM.fullmatch(body)
    if not found:
        return body
    content = encrypt(found[3], number)
    return found[1] + b"%d" % len(content) + found[2] + content + found[4]


def _classic(way: Way, user: bytes, owner: bytes) -> tuple[bytes, Callable[[bytes, int], bytes]]:
    length, revision = (5, 2) if way == "rc4-40" else (16, 4 if way == "aes-128" else 3)
    rounds = range(1, 1 if revision == 2 else 20)

    def stretched(digest: bytes) -> bytes:
        for _ in range(0 if revision == 2 else 50):
            digest = hashlib.md5(digest[:length]).digest()
        return digest[:length]

    def padded(password: bytes) -> bytes:
        return (password + _PAD)[:32]

    owner_key = stretched(hashlib.md5(padded(owner)).digest())
    owners = _rounds(owner_key, rounds, _rc4(owner_key, padded(user)))
    key = stretched(hashlib.md5(padded(user) + owners + _RIGHTS + _ID).digest())
    users = _rc4(key, _PAD)
    if revision > 2:
        users = _rounds(key, rounds, _rc4(key, hashlib.md5(_PAD + _ID).digest())) + bytes(16)

    def encrypt(content: bytes, number: int) -> bytes:
        salt = b"sAlT" if way == "aes-128" else b""
        own = hashlib.md5(key + number.to_bytes(3, "little") + bytes(2) + salt).digest()[: min(length + 5, 16)]
        return _aes_of(own, content) if salt else _rc4(own, content)

    filters = b"/CF <</StdCF <</CFM /AESV2 /Length 16>>>> /StmF /StdCF /StrF /StdCF" if revision == 4 else b""
    version = {2: 1, 3: 2, 4: 4}[revision]
    entries = b"/V %d /R %d /Length %d /O <%b> /U <%b> %b"
    return entries % (version, revision, 8 * length, _hex(owners), _hex(users), filters), encrypt


def _rounds(key: bytes, rounds: range, data: bytes) -> bytes:
    for number in rounds:
        data = _rc4(bytes(byte ^ number for byte in key), data)
    return data


def _modern(user: bytes, owner: bytes) -> tuple[bytes, Callable[[bytes, int], bytes]]:
    key = bytes(range(32))
    users = _hash(user, b"12345678") + b"12345678" + b"abcdefgh"
    users_key = _aes(_hash(user, b"abcdefgh"), key, CBC(bytes(16)))
    owners = _hash(owner, b"87654321", users) + b"87654321" + b"hgfedcba"
    owners_key = _aes(_hash(owner, b"hgfedcba", users), key, CBC(bytes(16)))
    rights = _aes(key, _RIGHTS + b"\xff\xff\xff\xffTadbrand", ECB())
    entries = b"/V 5 /R 6 /Length 256 /O <%b> /U <%b> /OE <%b> /UE <%b> /Perms <%b>" % tuple(
        map(_hex, (owners, users, owners_key, users_key, rights))
    )
    filters = b" /CF <</StdCF <</CFM /AESV3 /Length 32>>>> /StmF /StdCF /StrF /StdCF"
    return entries + filters, lambda content, _number: _aes_of(key, content)


def _hash(password: bytes, salt: bytes, users: bytes = b"") -> bytes:
    digest = hashlib.sha256(password + salt + users).digest()
    number, last = 0, 0
    while number < 64 or last > number - 32:
        data = _aes(digest[:16], (password + digest + users) * 64, CBC(digest[16:32]))
        digest = hashlib.new(("sha256", "sha384", "sha512")[sum(data[:16]) % 3], data).digest()
        last, number = data[-1], number + 1
    return digest[:32]


def _aes_of(key: bytes, content: bytes) -> bytes:
    """The content, padded, behind the vector that it is encrypted with."""
    start = bytes(16)
    missing = 16 - len(content) % 16
    return start + _aes(key, content + bytes([missing]) * missing, CBC(start))


def _aes(key: bytes, data: bytes, mode: CBC | ECB) -> bytes:
    encryptor = Cipher(AES(key), mode).encryptor()
    return encryptor.update(data) + encryptor.finalize()


def _rc4(key: bytes, data: bytes) -> bytes:
    state = list(range(256))
    other = 0
    for at in range(256):
        other = (other + state[at] + key[at % len(key)]) % 256
        state[at], state[other] = state[other], state[at]
    out = bytearray()
    at = other = 0
    for byte in data:
        at = (at + 1) % 256
        other = (other + state[at]) % 256
        state[at], state[other] = state[other], state[at]
        out.append(byte ^ state[(state[at] + state[other]) % 256])
    return bytes(out)


def _hex(data: bytes) -> bytes:
    return data.hex().encode()
