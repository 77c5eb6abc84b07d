"""JupyterHub's configuration for the load test: loopback only, no passwords. Never put this on a network.

hub/load_test.py sets HUB_FOLDER (everything is written there), HUB_PORT (three ports from there on are used) and
HUB_PROXY (the command of configurable-http-proxy).
"""

import os
import pathlib
import sys

c = get_config()  # noqa: F821

folder, port = pathlib.Path(os.environ["HUB_FOLDER"]), int(os.environ["HUB_PORT"])

c.JupyterHub.bind_url = f"http://127.0.0.1:{port}"
c.JupyterHub.hub_bind_url = f"http://127.0.0.1:{port + 1}"
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{port + 2}"
c.ConfigurableHTTPProxy.command = [os.environ["HUB_PROXY"]]
c.ConfigurableHTTPProxy.pid_file = str(folder / "proxy.pid")
c.JupyterHub.db_url = f"sqlite:///{folder / 'hub.sqlite'}"
c.JupyterHub.cookie_secret_file = str(folder / "cookie_secret")

c.JupyterHub.authenticator_class = "dummy"
c.Authenticator.allow_all = True

c.JupyterHub.spawner_class = "simple"  # a process of the user who runs the hub
c.SimpleLocalProcessSpawner.home_dir_template = str(folder / "homes" / "{username}")
c.Spawner.cmd = [sys.executable, str(pathlib.Path(os.environ["HUB_COURSE"]) / "hub" / "learner.py")]
c.Spawner.args = ["--allow-root"] if os.geteuid() == 0 else []
c.Spawner.environment = {"COURSE_STRICT": "1"}  # a result outside its band is an error
c.Spawner.start_timeout = c.Spawner.http_timeout = 300
