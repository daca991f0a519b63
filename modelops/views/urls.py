"""Addresses of the screens of the model's life."""

from django.urls import URLPattern, path

from modelops.views import alert_destinations, alert_policy, alerts, triggers

urlpatterns: list[URLPattern] = [
    path("alerts/", alerts.alerts, name="alerts"),
    path("alerts/<id:alert_id>/", alerts.alert, name="alert"),
    path("alerts/<id:alert_id>/decide/", alerts.alert_decide, name="alert-decide"),
    path("alerts/mutes/", alerts.alert_mute_all, name="alert-mute-all"),
    path("alerts/mutes/<id:mute_id>/end/", alerts.alert_unmute, name="alert-unmute"),
    path("alerts/destinations/", alert_destinations.alert_destinations, name="alert-destinations"),
    path("alerts/destinations/<id:destination_id>/", alert_destinations.alert_destination_change, name="alert-destination-change"),
    path("alert-policy/", alert_policy.alert_policy, name="alert-policy"),
    path("triggers/", triggers.triggers, name="triggers"),
    path("triggers/<id:proposal_id>/decide/", triggers.proposal_decide, name="proposal-decide"),
    path("trigger-policy/", alert_policy.trigger_policy, name="trigger-policy"),
]
