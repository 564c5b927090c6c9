"""A headless Chromium, spoken to over its pipe: open a page, look at it, press keys, print it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from importlib import resources
from pathlib import Path
from types import TracebackType
from typing import Any

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


class Browser:
    """One tab, `width` wide; what the console says is kept in `console`."""

    def __init__(self, width: int) -> None:
        self.console: list[str] = []
        self.requests: list[str] = []
        self._number = 0
        self._rest = b""
        self._folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        (read, out), (into, write) = os.pipe(), os.pipe()

        def ends() -> None:
            """Chromium reads from 3 and writes to 4."""
            for have, want in ((read, 13), (write, 14)):
                os.dup2(have, want)
            os.dup2(13, 3)
            os.dup2(14, 4)

        options = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={self._folder.name}"]
        self._process = subprocess.Popen(
            [str(CHROMIUM), *options, "--remote-debugging-pipe", "--hide-scrollbars", "about:blank"],
            preexec_fn=ends,  # noqa: PLW1509 - the pipe's ends have to be these two
            close_fds=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(read)
        os.close(write)
        self._out, self._in = os.fdopen(out, "wb"), os.fdopen(into, "rb")
        target = self._ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.ask(f"{domain}.enable")
        metrics = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 600}
        self.ask("Emulation.setDeviceMetricsOverride", **metrics)

    def __enter__(self) -> Browser:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._process.kill()
        self._process.wait()
        self._out.close()
        self._in.close()
        self._folder.cleanup()

    def open(self, page: Path) -> None:
        """Load a file and wait until it is there."""
        self.ask("Page.navigate", url=page.as_uri())
        while not self.run("location.protocol === 'file:' && document.readyState === 'complete'"):
            pass

    def run(self, expression: str) -> Any:
        """The value of an expression in the page."""
        return self.ask("Runtime.evaluate", expression=expression, returnByValue=True)["result"].get("value")

    def violations(self) -> list[str]:
        """What axe-core finds on the page against the rules of accessibility, each with the element it is at."""
        self.run((resources.files("axe_core_python") / "axe.min.js").read_text("utf-8"))
        found = "axe.run().then(all => all.violations.map(each => `${each.id}: ${each.nodes[0].html}`))"
        asked = self.ask("Runtime.evaluate", expression=found, returnByValue=True, awaitPromise=True)
        told: list[str] = asked["result"]["value"]
        return told

    def press(self, key: str, code: int) -> None:
        """Press a key and let it go."""
        text = {"text": "\r"} if key == "Enter" else {}
        self.ask("Input.dispatchKeyEvent", type="keyDown", key=key, code=key, windowsVirtualKeyCode=code, **text)
        self.ask("Input.dispatchKeyEvent", type="keyUp", key=key, code=key, windowsVirtualKeyCode=code)

    def ask(self, method: str, **params: Any) -> Any:
        """Send a command to the tab; its answer."""
        return self._ask(method, self._session, **params)

    def _ask(self, method: str, session: str | None = None, **params: Any) -> Any:
        self._number += 1
        message = {
            "id": self._number,
            "method": method,
            "params": params,
            **({"sessionId": session} if session else {}),
        }
        self._out.write(json.dumps(message).encode() + b"\0")
        self._out.flush()
        while True:
            said = json.loads(self._message())
            if said.get("id") == self._number:
                assert "error" not in said, said
                return said["result"]
            self._hear(said)

    def _hear(self, said: dict[str, Any]) -> None:
        match said.get("method"):
            case "Runtime.consoleAPICalled" | "Runtime.exceptionThrown" | "Log.entryAdded":
                self.console.append(json.dumps(said["params"]))
            case "Network.requestWillBeSent":
                self.requests.append(said["params"]["request"]["url"])

    def _message(self) -> bytes:
        parts = [self._rest]
        while b"\0" not in parts[-1]:
            parts.append(os.read(self._in.fileno(), 1 << 16))
            assert parts[-1], "the browser is gone"
        message, _, self._rest = b"".join(parts).partition(b"\0")
        return message
