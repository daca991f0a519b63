"""How gunicorn serves the web process of the embedded station: one process with threads, on loopback, unless told otherwise."""

import os

bind = os.environ.get("COUNTERSIGN_BIND", "127.0.0.1:8000")
workers = int(os.environ.get("COUNTERSIGN_WEB_WORKERS", "1"))  # one uses about one core, whatever the number of its threads
worker_class = "gthread"
threads = 8
timeout = 60
graceful_timeout = 5
keepalive = 30
worker_tmp_dir = os.environ.get("TMPDIR")
control_socket_disable = True
accesslog = None  # config.request_log writes one line for each request
loglevel = "warning"
proc_name = "countersign-web"
