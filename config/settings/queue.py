"""Settings of Celery. The job ledger is the queue of record; Celery only rings, so a message may be lost or come twice."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit


def celery_settings(broker_url: str, data_dir: Path) -> dict[str, Any]:
    """The whole configuration of the Celery application."""
    url = broker_url or "filesystem://"
    return {
        "broker_url": url,
        "broker_transport_options": _transport_options(url, data_dir / "broker"),
        "broker_connection_retry_on_startup": True,
        "broker_connection_timeout": 2,
        "task_serializer": "json",
        "accept_content": ["json"],
        "task_ignore_result": True,
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        "task_create_missing_queues": True,
        "task_default_queue": "documents",
        "task_publish_retry": False,
        "worker_prefetch_multiplier": 1,
        "worker_soft_shutdown_timeout": 3.0,
        "worker_enable_remote_control": False,
        "worker_send_task_events": False,
        "worker_hijack_root_logger": False,
        "beat_schedule_filename": str(data_dir / "beat-schedule"),
        "beat_scheduler": "workers.schedules:LocalScheduler",
        "beat_max_loop_interval": 5,
        "timezone": "UTC",
    }


def _transport_options(url: str, folder: Path) -> dict[str, Any]:
    """What each transport needs. Times are in seconds."""
    match urlsplit(url).scheme:
        case "filesystem":
            return {
                "data_folder_in": str(folder / "messages"),
                "data_folder_out": str(folder / "messages"),
                "control_folder": str(folder / "control"),
                "polling_interval": 0.2,
            }
        case "redis" | "rediss":
            # With kombu's own values a message of a dead worker comes back after 101 s; with these after about 5 s.
            return {
                "unacked_restore_interval": 5,
                "unacked_restore_throttle": 1,
                "visibility_timeout": 3600,
                "socket_connect_timeout": 2,
                "socket_timeout": 10,
                "socket_keepalive": True,
            }
        case _:
            return {}
