"""A headless Chromium for tests, spoken to in the DevTools protocol."""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import time
import urllib.request

import pytest
import websocket

CHROMIUM = os.environ.get("COURSE_BROWSER") or next(
    filter(None, map(shutil.which, ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"))), None
)
needs_browser = pytest.mark.skipif(
    CHROMIUM is None, reason="no Chromium: install it, or set COURSE_BROWSER to the path of one"
)


class Browser:
    """One page of a headless Chromium.

    Attributes:
        problems: what the pages threw or wrote to the console as an error, and all that the browser itself noted.
    """

    def __init__(self, place):
        """
        Args:
            place: an empty folder for the browser's profile.
        """
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        options = ["--headless", "--no-sandbox", "--disable-gpu", f"--remote-debugging-port={port}"]
        options += ["--remote-allow-origins=*", f"--user-data-dir={place}", "about:blank"]
        self.process = subprocess.Popen([CHROMIUM, *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(300):
            with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/json") as reply:
                if pages := [each for each in json.loads(reply.read()) if each["type"] == "page"]:
                    break
            time.sleep(0.1)
        self.socket, self.number = websocket.create_connection(pages[0]["webSocketDebuggerUrl"]), 0
        self.problems = []
        for domain in ("Page", "Runtime", "Log"):
            self.call(f"{domain}.enable")

    def call(self, method, **arguments):
        """Call a method; note what the page complains about while waiting for the result."""
        self.number += 1
        self.socket.send(json.dumps({"id": self.number, "method": method, "params": arguments}))
        while True:
            message = json.loads(self.socket.recv())
            self._listen(message.get("method"), message.get("params"))
            if message.get("id") == self.number:
                assert "error" not in message, message
                return message["result"]

    def _listen(self, method, told):
        thrown = method == "Runtime.exceptionThrown"
        written = method == "Runtime.consoleAPICalled" and told["type"] in ("error", "assert")
        if thrown or written or method == "Log.entryAdded":
            self.problems.append(told)

    def open(self, address, width=1100, height=900, ready="true"):
        """Open a page in a window of that size and wait until it is loaded and `ready` is true."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.call("Emulation.setDeviceMetricsOverride", **size)
        self.call("Page.navigate", url=address)
        self.wait(f"location.href !== 'about:blank' && document.readyState === 'complete' && {ready}")

    def value(self, expression):
        """Return the value of an expression in the page."""
        told = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in told, told
        return told["result"].get("value")

    def wait(self, expression):
        """Wait until an expression is true."""
        for _ in range(200):
            if self.value(expression):
                return
            time.sleep(0.05)
        raise AssertionError(f"never came true: {expression}; {self.value('document.body.innerText')}; {self.problems}")

    def close(self):
        """End the browser."""
        self.socket.close()
        self.process.terminate()
        self.process.wait()
