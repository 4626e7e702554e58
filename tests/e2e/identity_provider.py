"""A tiny OpenID Connect provider on this machine: whoever asks is, without a question, whom the test says."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "tastebench", "a secret between the two"


class IdentityProvider:
    """Discovery, authorization, token and keys: what the code flow needs.

    Parameters
    ----------
    email : str
        Whom the next sign-in is by; a test may set another one.
    """

    def __init__(self, email: str) -> None:
        self.email = email
        self.key = RSAKey.generate_key(2048, {"kid": "test", "alg": "RS256", "use": "sig"})
        self.nonces: dict[str, str] = {}
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                provider.answer(self)

            def do_POST(self) -> None:
                provider.answer(self)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, asked: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(asked.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path == "/authorize":
            code = str(len(self.nonces))
            self.nonces[code] = query.get("nonce", "")
            asked.send_response(302)
            asked.send_header(
                "Location", f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"
            )
            asked.end_headers()
            return
        length = int(asked.headers.get("Content-Length") or 0)
        form = {name: values[0] for name, values in parse_qs(asked.rfile.read(length).decode()).items()}
        document = {
            "/.well-known/openid-configuration": self.discovery,
            "/keys": lambda _form: {"keys": [self.key.as_dict(private=False)]},
            "/token": self.token,
        }[parts.path](form)
        asked.send_response(200)
        asked.send_header("Content-Type", "application/json")
        asked.end_headers()
        asked.wfile.write(json.dumps(document).encode())

    def discovery(self, _form: dict[str, str]) -> dict[str, object]:
        ways = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
        return {
            "issuer": self.url, **{name: f"{self.url}/{path}" for name, path in ways.items()},
            "response_types_supported": ["code"], "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
        }  # fmt: skip

    def token(self, form: dict[str, str]) -> dict[str, object]:
        now = int(time.time())
        claims = {
            "iss": self.url, "sub": self.email, "aud": CLIENT, "iat": now, "exp": now + 300,
            "nonce": self.nonces[form["code"]], "email": self.email, "email_verified": True,
        }  # fmt: skip
        token = jwt.encode({"alg": "RS256", "kid": "test"}, claims, self.key)
        return {"access_token": "nothing", "token_type": "Bearer", "expires_in": 300, "id_token": token}


def secrets(provider: IdentityProvider, port: int) -> str:
    """Return the file of secrets that has an app at this port ask the provider."""
    return f"""[auth]
redirect_uri = "http://127.0.0.1:{port}/oauth2callback"
cookie_secret = "of no use to anybody outside of this test"
client_id = "{CLIENT}"
client_secret = "{SECRET}"
server_metadata_url = "{provider.url}/.well-known/openid-configuration"
"""
