"""What The Littlest JupyterHub has to know of the course: copy to /opt/tljh/config/jupyterhub_config.d/course.py.

The learner's server runs in the course's own environment, so TLJH's user environment stays as it is.
"""

c = get_config()  # noqa: F821

COURSE = "/opt/course"

c.Spawner.cmd = [f"{COURSE}/.venv/bin/python", f"{COURSE}/hub/learner.py"]
c.Spawner.default_url = "/lab"
c.Spawner.start_timeout = c.Spawner.http_timeout = 120  # seconds; many learners may start at the same moment
