# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The part of the suite in which operations make secrets."""
import json
import pathlib

SERVICE = "mint"
NODE = f"{SERVICE}/minter"
DESIGN = pathlib.Path(__file__).resolve().parent / "made.yaml"


def reference(name, version):
    return {"$custom": {"kind": "floria:secret", "value": {"name": f"{SERVICE}/minter.mint.make.{name}", "version": version}}}


def check(suite, content, digest):
    """Lets a script make secrets of `content`, and another one use them."""
    source = suite.folder / "made"
    source.write_text(content)
    source.chmod(0o644)
    result = suite.command("service", "deploy", SERVICE, str(DESIGN), "--yes")
    if not suite.check("a service that makes secrets is deployed", result.returncode == 0, result.stderr):
        return

    def make(path):
        return suite.command("call", NODE, "mint.make", "--input", f"file={path}", "--format", "json")

    for promise in ("what an operation makes is kept as secrets", "the same again makes no new versions"):
        result = make(source)
        outputs = json.loads(result.stdout)["outputs"] if result.returncode == 0 else result.stderr
        wanted = {"token": reference("token", 1), "spare": reference("spare", 1), "size": len(content)}
        suite.check(promise, outputs == wanted, outputs)
    token = suite.agent.json("node", "show", NODE)["properties"]["token"]["value"]
    suite.check("the attribute refers to the secret", token == reference("token", 1), token)
    used = suite.agent.json("call", NODE, "mint.check")
    suite.check("another operation gets it", used["outputs"]["digests"] == [digest] * 2, used)
    (suite.folder / "short").write_text("short")
    (suite.folder / "short").chmod(0o644)
    refused = make(suite.folder / "short")
    suite.check("what the attribute does not accept is not kept", refused.returncode == 1 and "secret.rejected" in refused.stderr, refused.stderr)
    names = [secret["name"] for secret in suite.agent.json("secret", "list", SERVICE)]
    suite.check("the secrets lie in the service's directory", names == [f"{SERVICE}/minter.mint.make.{name}" for name in ("spare", "token")], names)
    result = suite.command("service", "delete", SERVICE, "--yes")
    left = suite.agent.json("secret", "list", SERVICE)
    suite.check("they go with the service", result.returncode == 0 and left == [], f"{result.stderr} {left}")
