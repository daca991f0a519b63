"""How gunicorn serves the web process of the embedded station: one process, threads, loopback unless told otherwise."""

import os

bind = os.environ.get("COUNTERSIGN_BIND", "127.0.0.1:8000")
workers = 1  # SQLite has one writer; threads share its page cache
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
