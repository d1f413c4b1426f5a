# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The part of the suite that gives a secret to a command that is run as a service."""
from agent import Timeout, until

SERVICE = "command"
PROGRAM = "import hashlib, os, time; open('receipt', 'w').write(hashlib.sha256(os.environ['PASSWORD'].encode()).hexdigest()); time.sleep(86400)"


def check(suite, secret, wanted):
    """Runs a command with a secret that is there, whose content has the digest `wanted`, and with what cannot be used."""
    def run(name, *options):
        return suite.command("run", "--name", name, *options, "--", "python3", "-c", PROGRAM)

    result = run(SERVICE, "--secret", f"PASSWORD={secret}", "--env", "LEVEL=3")
    if not suite.check("a command is run with a secret", result.returncode == 0, result.stderr):
        return
    receipt = suite.agent.data / "nodes" / SERVICE / "main" / "home" / "receipt"
    try:
        until("the command has noted what it got", lambda: receipt.exists() and receipt.read_text() == wanted, 10)
        suite.check("the command got the secret", True)
    except Timeout:
        suite.check("the command got the secret", False, receipt.read_text() if receipt.exists() else suite.agent.said())
    environment = suite.agent.json("node", "show", f"{SERVICE}/main")["properties"]["environment"]["value"]
    reference = {"$custom": {"kind": "floria:secret", "value": secret}}
    suite.check("the graph holds a reference to it", environment == {"PASSWORD": reference, "LEVEL": "3"}, environment)
    users = suite.agent.json("secret", "show", secret)["used-by"]
    suite.check("the secret is known to be used", any(user["entity"] == f"vertex:{SERVICE}/main" for user in users), users)
    told = suite.command("node", "exec", f"{SERVICE}/main", "--", "sh", "-c", "echo \"$PASSWORD\"")
    suite.check("what is told beside the command is masked", told.stdout.strip() == "•••", told.stdout + told.stderr)
    for name, code in (("nothing", "secret.unknown"), ("vault/own", "secret.out-of-scope")):
        result = run("refused", "--secret", f"PASSWORD={name}")
        suite.check(f"a command with ‘{name}’ is refused", result.returncode == 1 and code in result.stderr, result.stderr)
    services = [service["name"] for service in suite.agent.json("service", "list")]
    suite.check("of what was refused nothing is there", "refused" not in services, services)
    ended = suite.command("service", "delete", SERVICE, "--yes")
    suite.check("the command is removed", ended.returncode == 0, ended.stderr)
