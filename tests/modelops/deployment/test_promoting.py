"""Who may make a model serve, what it takes, and what is written down."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import IntegrityError, transaction
from django.utils import timezone

from invoices.audit.entries import AuditEntry
from invoices.models import ServingModel
from invoices.serving import Source, serving, serving_model
from mlcore.artifacts import load_artifact
from mlcore.artifacts.manifest import write_manifest
from modelops.deployment.asking import AdminNeeded
from modelops.deployment.present import present
from modelops.deployment.promoting import promote, serve_templates_alone
from modelops.errors import ModelopsError, Refused, RequestInvalid
from modelops.models import Deployment, ModelVersion
from modelops.registry.registering import register
from modelops.registry.retiring import retire, take_back
from tests.conftest import Cast
from tests.modelops.deployment.conftest import Make, crown, judge, let_through, rename
from workers.models import Job

pytestmark = pytest.mark.django_db


def refusal(change: Callable[[], object]) -> ModelopsError:
    with pytest.raises(ModelopsError) as caught:
        change()
    return caught.value


def test_a_model_that_passed_serves_and_the_history_says_by_whom_and_why(cast: Cast, make_model: Make) -> None:
    model = make_model()
    row = promote(model, by=cast.admin, reason=" better on totals ", expected=0)
    assert (row.kind, row.slot, row.share, row.reason) == ("promotion", "champion", 100, "better on totals")
    assert row.result == model.gate_results.get()
    assert serving_model() == Path(model.folder)
    assert (serving().source, [one.model_id for one in serving().models]) == (Source.DEPLOYED, [model.model_id])
    model.refresh_from_db()
    assert model.state == ModelVersion.State.CHAMPION
    entry = AuditEntry.objects.get(action="deployment.promoted")
    after = entry.after or {}
    assert (entry.person_id, after["model"], after["passed"]) == (cast.admin.pk, model.model_id, True)
    assert Job.objects.get(kind="fill_in_anew").args == {"deployment_id": row.pk}


def test_the_champion_before_is_retired_and_the_next_begins_when_it_ends(cast: Cast, make_model: Make) -> None:
    first, second = make_model(), make_model()
    old = promote(first, by=cast.admin)
    new = crown(second, by=cast.admin)
    first.refresh_from_db()
    old.refresh_from_db()
    assert (first.state, first.retired_at is not None) == (ModelVersion.State.RETIRED, True)
    assert (new.replaces_id, old.ended_at is not None) == (old.pk, True)
    assert ServingModel.objects.get().model_id == second.model_id


def test_a_former_champion_is_promoted_again_in_one_step(cast: Cast, make_model: Make) -> None:
    first, second = make_model(), make_model()
    promote(first, by=cast.admin)
    crown(second, by=cast.admin)
    first.refresh_from_db()
    said = refusal(lambda: promote(first, by=cast.admin))
    assert said.extra["reasons"] == [
        f"The verdict of {timezone.now():%Y-%m-%d} was given against the templates alone, and model 2 is the champion now; evaluate again."
    ], "the gate is asked about it against the champion of today, and nothing else stands in the way"
    row = crown(first, by=cast.admin)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (row.model, first.state, first.retired_at) == (first, ModelVersion.State.CHAMPION, None)
    assert second.state == ModelVersion.State.RETIRED


def test_a_former_champion_that_did_not_pass_against_todays_stays_away(cast: Cast, make_model: Make) -> None:
    first, second = make_model(), make_model()
    promote(first, by=cast.admin)
    crown(second, by=cast.admin)
    judge(first, passed=False)
    first.refresh_from_db()
    assert refusal(lambda: promote(first, by=cast.admin)).status == 409
    let_through(first, cast.admin)
    assert promote(first, by=cast.admin).model == first


def test_a_former_champion_that_somebody_put_away_is_taken_back_first(cast: Cast, make_model: Make) -> None:
    first, second = make_model(), make_model()
    promote(first, by=cast.admin)
    crown(second, by=cast.admin)
    take_back(first.number, by=cast.admin)
    put_away = retire(first.number, by=cast.admin)
    judge(put_away, passed=True)
    assert "take it back" in refusal(lambda: promote(put_away, by=cast.admin)).detail
    assert promote(take_back(first.number, by=cast.admin), by=cast.admin).model == first


@pytest.mark.parametrize("passed", [None, False])
def test_without_a_pass_nothing_serves(cast: Cast, make_model: Make, passed: bool | None) -> None:
    model = make_model(passed)
    assert refusal(lambda: promote(model, by=cast.admin)).status == 409
    assert refusal(lambda: promote(model, by=cast.admin, share=5)).status == 409
    assert not Deployment.objects.exists()
    assert serving_model() is None


def test_an_override_lets_it_through_and_stands_in_the_history(cast: Cast, make_model: Make) -> None:
    model = make_model(passed=False)
    override = let_through(model, cast.admin)
    row = promote(model, by=cast.admin)
    assert (row.override, row.result) == (override, None)
    assert (AuditEntry.objects.get(action="deployment.promoted").after or {})["passed"] is False


def test_nobody_but_an_admin_changes_what_serves(cast: Cast, make_model: Make) -> None:
    model = make_model()
    for person in (cast.biller1, cast.senior):
        assert isinstance(refusal(lambda: promote(model, by=person)), AdminNeeded)  # noqa: B023 - called at once


def test_a_setting_goes_before_every_deployment_and_is_named(cast: Cast, make_model: Make, settings: LazySettings, tmp_path: Path) -> None:
    model = make_model()
    promote(model, by=cast.admin)
    settings.MODEL = str(tmp_path)
    assert serving_model() == tmp_path
    said = refusal(lambda: serve_templates_alone(by=cast.admin, reason="a test"))
    assert (said.code, said.extra["setting"]) == ("serving_is_fixed", "COUNTERSIGN_MODEL")
    settings.MODEL, settings.MODEL_SERVER, settings.MODEL_SERVER_MODEL = "", "http://gpu:8000", "ours"
    assert refusal(lambda: serve_templates_alone(by=cast.admin, reason="a test")).extra["setting"] == "COUNTERSIGN_MODEL_SERVER_MODEL"


def test_what_was_decided_on_other_grounds_is_refused_with_what_serves_now(cast: Cast, make_model: Make) -> None:
    first, second = make_model(), make_model()
    row = promote(first, by=cast.admin, expected=0)
    said = refusal(lambda: promote(second, by=cast.admin, expected=0))
    assert (said.status, said.code) == (409, "deployment_changed")
    assert said.extra["now"]["version"] == row.pk
    assert said.extra["now"]["champion"]["model"]["number"] == first.number
    assert "admin" in said.detail


def test_the_champion_is_not_promoted_again(cast: Cast, make_model: Make) -> None:
    model = make_model()
    promote(model, by=cast.admin)
    assert refusal(lambda: promote(model, by=cast.admin)).code == "already_serves"
    assert refusal(lambda: promote(model, by=cast.admin, share=10)).code == "already_serves"


@pytest.mark.parametrize("share", [0, 101, -3, True, 1.5, "10"])
def test_a_share_is_a_whole_percent(cast: Cast, make_model: Make, share: object) -> None:
    model = make_model()
    with pytest.raises(RequestInvalid, match="percent"):
        promote(model, by=cast.admin, share=share)  # type: ignore[arg-type]  # what comes in from outside


def flip(folder: Path) -> None:
    weights = folder / "adapter" / "adapter_model.safetensors"
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(bytes(content))


def cut(folder: Path) -> None:
    weights = folder / "adapter" / "adapter_model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-100])


def another_base(folder: Path) -> None:
    told = json.loads((folder / "artifact.json").read_text())
    told["base"]["sha256"] = "0" * 64
    (folder / "artifact.json").write_text(json.dumps(told))
    (folder / "MANIFEST.json").unlink()
    write_manifest(folder)


def pickled(folder: Path) -> None:
    (folder / "adapter" / "adapter_model.bin").write_bytes(b"\x80\x04.")


def gone(folder: Path) -> None:
    (folder / "MANIFEST.json").unlink()


def exchanged(folder: Path) -> None:
    rename(folder, 99)


DAMAGES: dict[Callable[[Path], None], str] = {
    flip: "SHA-256",
    cut: "damaged",
    another_base: "holds another artifact",
    pickled: "pickled",
    gone: "MANIFEST.json",
    exchanged: "holds another artifact",
}


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_a_damaged_adapter_is_refused_and_the_champion_serves_on(cast: Cast, make_model: Make, damage: Callable[[Path], None]) -> None:
    champion, candidate = make_model(), make_model()
    promote(champion, by=cast.admin)
    damage(Path(candidate.folder))
    said = refusal(lambda: promote(candidate, by=cast.admin))
    assert (said.status, said.code) == (409, "artifact_damaged")
    assert DAMAGES[damage] in said.detail
    assert serving_model() == Path(champion.folder)
    assert present().model == champion


def test_an_adapter_of_another_base_is_refused(cast: Cast, make_model: Make) -> None:
    model = make_model()
    another_base(Path(model.folder))
    ModelVersion.objects.filter(pk=model.pk).update(model_id=load_artifact(Path(model.folder)).model_id)
    model.refresh_from_db()
    said = refusal(lambda: promote(model, by=cast.admin))
    assert said.code == "artifact_refused"
    assert "was trained on" in said.detail


def test_a_canary_serves_beside_the_champion_and_its_share_can_grow(cast: Cast, make_model: Make) -> None:
    champion, candidate = make_model(), make_model()
    crown(champion, by=cast.admin)
    row = crown(candidate, by=cast.admin, share=10)
    assert (row.slot, row.kind) == ("canary", "canary")
    now = serving()
    assert [one.model_id for one in now.models] == [champion.model_id, candidate.model_id]
    assert now.share == 10
    candidate.refresh_from_db()
    assert candidate.state == ModelVersion.State.CANDIDATE
    documents = [f"{number:064x}" for number in range(1000)]
    tenth = {sha for sha in documents if now.of(sha) == now.canary}
    assert 60 < len(tenth) < 140
    assert refusal(lambda: promote(candidate, by=cast.admin, share=10)).code == "already_serves"
    crown(candidate, by=cast.admin, share=30)
    third = {sha for sha in documents if serving().of(sha) == serving().canary}
    assert tenth < third, "who read with the canary goes on doing so"
    crown(candidate, by=cast.admin)
    assert [one.model_id for one in serving().models] == [candidate.model_id]
    assert present().canary is None


def test_templates_alone_can_be_deployed_with_a_reason(cast: Cast, make_model: Make) -> None:
    model = make_model()
    promote(model, by=cast.admin)
    assert refusal(lambda: serve_templates_alone(by=cast.admin, reason="  ")).code == "reason_missing"
    serve_templates_alone(by=cast.admin, reason="The model misreads totals")
    assert (serving().source, serving().models) == (Source.DEPLOYED, ())
    assert not ModelVersion.objects.filter(state=ModelVersion.State.CHAMPION).exists()
    assert refusal(lambda: serve_templates_alone(by=cast.admin, reason="again")).code == "already_serves"


def test_the_database_refuses_what_no_verdict_allows(cast: Cast, make_model: Make) -> None:
    model, other, failed = make_model(), make_model(), make_model(passed=False)
    elsewhere, said_no = other.gate_results.get(), failed.gate_results.get()
    allowed = judge(model, passed=True)
    wrong = [
        {"kind": "promotion", "model": model, "result": elsewhere},
        {"kind": "canary", "slot": "canary", "model": model, "result": elsewhere, "share": 5},
        {"kind": "promotion", "model": failed, "result": said_no},
        {"kind": "promotion", "model": model, "override": let_through(failed, cast.admin)},
        {"kind": "rollback", "model": model},
        {"kind": "first", "model": model},
    ]
    for values in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            Deployment.objects.create(**values)  # as somebody would who goes around the services
    row = Deployment.objects.create(kind="promotion", model=model, result=allowed)
    with pytest.raises(IntegrityError), transaction.atomic():
        Deployment.objects.filter(pk=row.pk).update(model=failed)
    with pytest.raises(IntegrityError), transaction.atomic():
        ServingModel.objects.create(slot="champion", model_id=other.model_id, folder=other.folder, changed_at=timezone.now())


def test_a_champion_that_was_registered_again_is_read_from_its_new_folder(cast: Cast, make_model: Make, tmp_path: Path) -> None:
    model = make_model()
    row = promote(model, by=cast.admin)
    copy = Path(shutil.copytree(model.folder, tmp_path / "sound copy"))
    flip(Path(model.folder))
    again = register(copy, origin=ModelVersion.Origin.IMPORTED)
    assert again == model
    assert promote(again, by=cast.admin) == row
    assert serving_model() == copy
    assert refusal(lambda: promote(again, by=cast.admin)).code == "already_serves"


def test_the_refused_has_a_reason_for_programs(cast: Cast, make_model: Make) -> None:
    model = make_model(passed=False)
    said = refusal(lambda: promote(model, by=cast.admin))
    assert isinstance(said, Refused)
    assert said.extra["reasons"]
