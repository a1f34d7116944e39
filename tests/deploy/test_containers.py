"""The files for container engines: least rights, least secrets, and nothing that the product does not have.

No engine is needed to check them.
"""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from api.settings import Settings
from deploy.local.config import ROOT, read_env_file

FOLDER = ROOT / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((FOLDER / "compose.yml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if service["image"] == "industrivagledaren"}
SECRET = "ett-eget-hemligt-ord-med-fler-än-trettiotvå-tecken"


def manifests() -> Iterator[dict[str, Any]]:
    for path in sorted((FOLDER / "kubernetes").glob("*.yaml")):
        if path.name != "kustomization.yaml":
            yield from yaml.safe_load_all(path.read_text("utf-8"))


OBJECTS = list(manifests())
PODS = {
    f"{each['kind']} {each['metadata']['name']}": each["spec"]["template"]["spec"]
    for each in OBJECTS
    if each["kind"] in {"Deployment", "StatefulSet", "Job"}
}
"""What runs in the cluster, by kind and name."""


def one(kind: str, name: str) -> dict[str, Any]:
    return next(each for each in OBJECTS if (each["kind"], each["metadata"]["name"]) == (kind, name))


class TestCompose:
    @pytest.mark.parametrize("name", OURS)
    def test_a_process_runs_as_nobody_in_particular_on_a_read_only_disk(self, name: str) -> None:
        service = OURS[name]
        assert service["user"].split(":")[0] not in {"0", "root", ""}
        assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
        assert "no-new-privileges:true" in service["security_opt"]

    def test_only_the_proxy_is_reached_from_outside(self) -> None:
        assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
        assert COMPOSE["networks"]["inside"]["internal"] is True

    @pytest.mark.parametrize("name", ["bot-1", "bot-2", "actions", "train", "proxy", "backup"])
    def test_who_needs_no_secret_of_the_api_gets_none(self, name: str) -> None:
        service = SERVICES[name]
        assert "env_file" not in service
        assert not {"IV_SECRET_KEY", "IV_SMTP_URL", "IV_METRICS_TOKEN"} & set(service["environment"])
        assert name == "backup" or "IV_DATABASE_URL" not in service["environment"]

    def test_there_are_two_of_everything_that_answers_people(self) -> None:
        assert {"api-1", "api-2", "bot-1", "bot-2"} <= OURS.keys()
        assert [OURS[name]["deploy"]["replicas"] for name in ("actions", "worker")] == [2, 2]
        assert OURS["api-1"]["environment"]["IV_BOT_URLS"] == "http://bot-1:5005,http://bot-2:5005"

    def test_the_settings_are_ones_that_the_api_takes(self) -> None:
        given = OURS["api-1"]["environment"] | {
            line.partition("=")[0]: line.partition("=")[2]
            for line in (FOLDER / "production.env.example").read_text("utf-8").splitlines()
            if line.startswith("IV_") and line.partition("=")[2]
        }
        given |= {
            "IV_SERVICE_TOKEN": SECRET,
            "IV_SECRET_KEY": SECRET,
            "IV_PUBLIC_URL": "https://vagledaren.example.org",
            "IV_SMTP_URL": "smtp://mail.example.org",
        }
        given["IV_DATABASE_URL"] = given["IV_DATABASE_URL"].replace("PASSWORD", SECRET)
        values = {name[3:].lower(): value for name, value in given.items()}
        settings = Settings.model_validate({name: values[name] for name in Settings.model_fields if name in values})
        assert (settings.env, settings.host, settings.internal_port) == ("prod", "0.0.0.0", 8001)

    def test_the_proxy_is_the_one_whose_word_is_believed(self) -> None:
        subnet = COMPOSE["networks"]["inside"]["ipam"]["config"][0]["subnet"]
        assert OURS["api-1"]["environment"]["IV_TRUSTED_PROXIES"] == subnet
        for name in ("api-1", "api-2"):  # a second network in common, and it might come from an address in that one
            assert set(SERVICES["proxy"]["networks"]) & set(SERVICES[name]["networks"]) == {"inside"}


class TestKubernetes:
    @pytest.mark.parametrize("name", PODS)
    def test_a_pod_has_the_least_rights(self, name: str) -> None:
        pod = PODS[name]
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["securityContext"]["runAsUser"] != 0
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert pod["automountServiceAccountToken"] is False
        for container in pod["containers"]:
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }
            assert container["resources"]["requests"].keys() == {"cpu", "memory"}
            assert "memory" in container["resources"]["limits"]

    @pytest.mark.parametrize("name", ["Deployment api", "StatefulSet bot", "Deployment actions"])
    def test_what_answers_has_three_probes_at_a_port_of_its_own(self, name: str) -> None:
        container = PODS[name]["containers"][0]
        ports = {port["name"] for port in container["ports"]}
        for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
            assert container[probe]["httpGet"]["port"] in ports
            assert container[probe]["httpGet"]["path"] in {"/health", "/webhooks/gateway/"}

    @pytest.mark.parametrize("name", ["StatefulSet bot", "Deployment actions", "Job train"])
    def test_who_needs_no_secret_of_the_api_gets_none(self, name: str) -> None:
        container = PODS[name]["containers"][0]
        assert container["envFrom"] == [{"configMapRef": {"name": "settings"}}]
        assert {each["name"] for each in container["env"]} <= {"IV_SERVICE_TOKEN", "IV_TRACKER_URL"}

    def test_the_api_knows_as_many_bots_as_the_autoscaler_may_start(self) -> None:
        most = one("HorizontalPodAutoscaler", "bot")["spec"]["maxReplicas"]
        service = one("StatefulSet", "bot")["spec"]["serviceName"]
        assert one("Service", service)["spec"]["clusterIP"] == "None"
        urls = one("ConfigMap", "settings")["data"]["IV_BOT_URLS"].split(",")
        assert urls == [f"http://bot-{number}.{service}:5005" for number in range(most)]

    @pytest.mark.parametrize("name", ["api", "bot", "actions", "worker"])
    def test_one_of_each_stays_while_machines_are_looked_after(self, name: str) -> None:
        assert one("PodDisruptionBudget", name)["spec"]["minAvailable"] == 1

    def test_what_is_scaled_by_itself_is_not_set_back_by_a_new_version(self) -> None:
        scaled = [each["spec"]["scaleTargetRef"] for each in OBJECTS if each["kind"] == "HorizontalPodAutoscaler"]
        assert {each["name"] for each in scaled} >= {"api", "bot"}
        assert not [each["name"] for each in scaled if "replicas" in one(each["kind"], each["name"])["spec"]]

    def test_every_file_is_named_in_the_kustomization(self) -> None:
        listed = set(yaml.safe_load((FOLDER / "kubernetes" / "kustomization.yaml").read_text("utf-8"))["resources"])
        there = {path.name for path in (FOLDER / "kubernetes").glob("*.yaml")}
        assert listed - there == {"secrets.yaml"}
        assert there - listed == {"kustomization.yaml", "secrets.example.yaml"}


COMMANDS = {f"compose {name}": service["command"] for name, service in OURS.items()} | {
    name: pod["containers"][0]["command"] for name, pod in PODS.items()
}


@pytest.mark.parametrize("where", COMMANDS)
def test_every_command_is_a_module_of_ours(where: str) -> None:
    python, flag, module, *_ = COMMANDS[where]
    assert (python, flag) == ("python", "-m")
    assert importlib.util.find_spec(module) is not None


@pytest.mark.parametrize("name", ["compose.yml", "Caddyfile", "production.env.example", "backup.sh", "restore.sh"])
def test_every_setting_is_one_that_there_is(name: str) -> None:
    named = set(re.findall(r"IV_[A-Z_]+", (FOLDER / name).read_text("utf-8")))
    assert named - read_env_file(ROOT / ".env.example").keys() == set()


def test_the_settings_of_the_cluster_are_ones_that_there_are() -> None:
    named = set(one("ConfigMap", "settings")["data"]) | set(one("Secret", "secrets")["stringData"])
    assert named - read_env_file(ROOT / ".env.example").keys() == set()


def test_the_image_is_made_by_the_same_set_up_as_on_a_machine_and_runs_as_nobody_in_particular() -> None:
    lines = (FOLDER / "Containerfile").read_text("utf-8")
    assert "python3 -m deploy.local setup" in lines
    assert re.search(r"^USER [1-9]\d+$", lines, re.MULTILINE)
    assert not re.search(r"^(ENV|ARG).*(TOKEN|SECRET|PASSWORD)", lines, re.MULTILINE)
