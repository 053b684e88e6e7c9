"""A provider that none of us wrote: Django OAuth Toolkit, with as little of our own as it takes.

Settings, one person, two clients and two bare templates; the protocol, the tokens and the pages' logic
are the library's. It listens on loopback and keeps everything in a folder that goes when it ends.

Standard output carries one line of JSON when it is ready. Variables, all required: FOREIGN_PORT,
FOREIGN_APP_ORIGINS (with commas), FOREIGN_CLIENT_SECRET, FOREIGN_PASSWORD, and FOREIGN_ISS, which is
"promised" or "unmentioned": this version sends the iss it promises with a code and not with an error.
"""

import json
import os
import signal
import socketserver
import sys
import tempfile

import django
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings
from django.core.management import call_command

PORT = int(os.environ["FOREIGN_PORT"])
ORIGIN = f"http://localhost:{PORT}"
CLIENT_ID = "wrengate-foreign"
PUBLIC_CLIENT_ID = "wrengate-foreign-public"

# Its own templates load a style sheet that only Django's development server would serve.
TEMPLATES = {
    "oauth2_provider/base.html": """<!doctype html><html lang="en"><head><meta charset="utf-8">
<title>Foreign provider</title><link rel="icon" href="data:,"></head>
<body><main>{% block content %}{% endblock content %}</main></body></html>""",
    "registration/login.html": """{% extends "oauth2_provider/base.html" %}{% block content %}
<h1>Foreign provider</h1><form method="post">{% csrf_token %}{{ form.as_p }}
<input type="hidden" name="next" value="{{ next }}"><button>Log in</button></form>{% endblock %}""",
}


def signing_key() -> str:
    """A key for this run."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return pem.decode()


def configure(folder: str) -> None:
    settings.configure(
        ALLOWED_HOSTS=["localhost"],
        SECRET_KEY=os.urandom(32).hex(),
        ROOT_URLCONF=__name__,
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "oauth2_provider",
        ],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
        ],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "OPTIONS": {
                    "loaders": [
                        ("django.template.loaders.locmem.Loader", TEMPLATES),
                        "django.template.loaders.app_directories.Loader",
                    ],
                    "context_processors": ["django.template.context_processors.request"],
                },
            }
        ],
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": os.path.join(folder, "provider.db"),
            }
        },
        # The password lives as long as the process; an expensive hash would only be slow.
        PASSWORD_HASHERS=["django.contrib.auth.hashers.PBKDF2PasswordHasher"],
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        LOGIN_URL="/accounts/login/",
        USE_TZ=True,
        OAUTH2_PROVIDER={
            "OIDC_ENABLED": True,
            "OIDC_RSA_PRIVATE_KEY": signing_key(),
            "OAUTH2_VALIDATOR_CLASS": f"{__name__}.Validator",
            "SCOPES": {"openid": "Who you are", "profile": "Your name", "email": "Your e-mail"},
            "PKCE_REQUIRED": True,
            "COMPLIANT_BCP_RFC9700_AUTHZ_RESPONSE_ISS": os.environ["FOREIGN_ISS"] == "promised",
            "COMPLIANT_BCP_RFC9700_PKCE_METHOD": True,
        },
    )
    django.setup()


def populate() -> None:
    """One person and two clients."""
    from django.contrib.auth.models import User
    from oauth2_provider.models import Application

    User.objects.create_user(
        "ada",
        email="ada@example.org",
        password=os.environ["FOREIGN_PASSWORD"],
        first_name="Ada",
        last_name="Lovelace",
    )
    callbacks = [f"{origin}/callback" for origin in os.environ["FOREIGN_APP_ORIGINS"].split(",")]
    shared = {
        "name": "Wrengate",
        "redirect_uris": " ".join(callbacks),
        "authorization_grant_type": Application.GRANT_AUTHORIZATION_CODE,
        "algorithm": Application.RS256_ALGORITHM,
    }
    Application.objects.create(
        client_id=CLIENT_ID,
        client_secret=os.environ["FOREIGN_CLIENT_SECRET"],
        client_type=Application.CLIENT_CONFIDENTIAL,
        **shared,
    )
    Application.objects.create(
        client_id=PUBLIC_CLIENT_ID, client_type=Application.CLIENT_PUBLIC, **shared
    )


def serve() -> None:
    from django.core.servers.basehttp import WSGIRequestHandler, WSGIServer
    from django.core.wsgi import get_wsgi_application

    class Server(socketserver.ThreadingMixIn, WSGIServer):
        daemon_threads = True

    server = Server(("127.0.0.1", PORT), WSGIRequestHandler)
    server.set_app(get_wsgi_application())
    ready = {
        "ready": True,
        "issuer": f"{ORIGIN}/o",
        "client_id": CLIENT_ID,
        "public_client_id": PUBLIC_CLIENT_ID,
    }
    print(json.dumps(ready), flush=True)
    server.serve_forever()


with tempfile.TemporaryDirectory(prefix="foreign-provider-") as data:
    configure(data)

    # These can be imported only now; the library finds them by the name of this module.
    from django.contrib.auth.views import LoginView
    from django.urls import include, path
    from oauth2_provider.oauth2_validators import OAuth2Validator

    class Validator(OAuth2Validator):
        """What userinfo says about a person."""

        oidc_claim_scope = None

        def get_additional_claims(self, request):
            user = request.user
            return {
                "name": user.get_full_name(),
                "given_name": user.first_name,
                "family_name": user.last_name,
                "preferred_username": user.username,
                "email": user.email,
                "email_verified": True,
            }

    urlpatterns = [
        path("accounts/login/", LoginView.as_view()),
        path("o/", include("oauth2_provider.urls", namespace="oauth2_provider")),
    ]

    # Leaves by an exception, so that the folder goes too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    call_command("migrate", verbosity=0)
    populate()
    serve()
