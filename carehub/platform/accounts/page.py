"""The one page the platform shows in a browser: sign in, Chinese first and English second."""

import base64
import hashlib
from html import escape
from urllib.parse import urlsplit

from fastapi.responses import HTMLResponse

from carehub.i18n import N_, said_in
from carehub.platform.refusals import Refused
from carehub.wire.authorization import Authorize

STYLE = """
body { font: 20px/1.5 "Noto Sans CJK SC", "Microsoft YaHei UI", "PingFang SC", sans-serif;
       max-width: 24em; margin: 2em auto; padding: 0 1em; color: #1c2733; background: #f6f4ef; }
h1 { font-size: 1.5em; margin-bottom: .2em; }
small { display: block; font-size: .8em; color: #4a5866; }
label { display: block; margin-top: 1em; }
input { font: inherit; width: 100%; box-sizing: border-box; padding: .6em; border: 2px solid #4a5866;
        border-radius: .5em; background: #fff; }
button { font: inherit; width: 100%; padding: .7em; margin-top: 1em; border: 2px solid #0b5d51;
         border-radius: .5em; background: #0b5d51; color: #fff; }
button.no { background: #fff; color: #0b5d51; }
button small { color: inherit; }
:focus-visible { outline: 4px solid #e0a100; outline-offset: 2px; }
.wrong { padding: .6em 1em; border: 3px solid #a3261b; border-radius: .5em; background: #fff; }
"""
_STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode("ascii")
SIGN_IN = N_("Sign in to CareHub")
ASKS = N_("CareHub on your computer asks you to sign in.")
CAREFUL = N_("Go on only if you have just asked for it in CareHub yourself.")
NAME = N_("Name or telephone number")
PASSWORD = N_("Password")
YES = N_("Sign in")
NO = N_("Do not sign in")


def page(asked: Authorize, query: str, refused: Refused | None = None) -> HTMLResponse:
    """Return the page for a request, its form sent back with the request's own query; no script in it.

    The browser may leave for one place only: the address on this machine that waits for the answer.
    """
    wrong = "" if refused is None else _wrong(refused.reason.sentence)
    body = f"""<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>{_zh(SIGN_IN)}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>{STYLE}</style></head>
<body><main><h1>{_both(SIGN_IN)}</h1>{wrong}<p>{_both(ASKS)}</p>
<form method="post" action="?{escape(query)}">
<label>{_both(NAME)}<input name="login" maxlength="64" autocomplete="username" autofocus></label>
<label>{_both(PASSWORD)}<input name="password" type="password" maxlength="200"
 autocomplete="current-password"></label>
<p>{_both(CAREFUL)}</p>
<button name="answer" value="yes">{_both(YES)}</button>
<button name="answer" value="no" class="no" formnovalidate>{_both(NO)}</button>
</form></main></body></html>
"""
    status = 200 if refused is None else refused.reason.status
    headers = {"Content-Security-Policy": _policy(asked)}
    if refused is not None and refused.wait is not None:
        headers["Retry-After"] = str(refused.wait)
    return HTMLResponse(body, status_code=status, headers=headers)


def _policy(asked: Authorize) -> str:
    back = urlsplit(asked.redirect_uri)
    return (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; frame-ancestors 'none'; "
        f"base-uri 'none'; form-action 'self' {back.scheme}://{back.netloc}"
    )


def _wrong(sentence: str) -> str:
    return f'<p class="wrong" role="alert">{_both(sentence)}</p>'


def _zh(sentence: str) -> str:
    return escape(said_in("zh_CN", sentence))


def _both(sentence: str) -> str:
    return f'{_zh(sentence)}<small lang="en">{escape(sentence)}</small>'
