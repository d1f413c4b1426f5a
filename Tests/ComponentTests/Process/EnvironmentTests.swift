// SPDX-License-Identifier: Apache-2.0 OR MIT
@testable import ProcessDecisions
import Testing

@Suite struct EnvironmentTests {
    private func lines(_ environment: Environment) -> [String] { environment.variables.map { "\($0.name)=\($0.value)" } }

    @Test func `a process gets its names, folders and ports`() {
        var environment = Environment(node: "web-0", service: "shop", folder: "/data/web-0")
        environment.ports = [("http", 20_001), ("web-ui.2", 20_002)]
        #expect(
            lines(environment) == [
                "HOME=/data/web-0", "KHUTULUN_NODE=web-0", "KHUTULUN_SERVICE=shop",
                "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "PORT_HTTP=20001", "PORT_WEB_UI_2=20002",
                "TMPDIR=/data/web-0",
            ])
    }

    @Test func `what was unpacked for the node is found before what the host has`() {
        var environment = Environment(node: "web", service: "shop", folder: "/data")
        environment.root = "/web/root"
        environment.libraryFolders = ["/web/root/usr/lib/x86_64-linux-gnu", "/web/root/usr/lib"]
        let variables = Dictionary(uniqueKeysWithValues: environment.variables.map { ($0.name, $0.value) })
        #expect(variables["PATH"]?.hasPrefix("/web/root/usr/local/sbin:/web/root/usr/local/bin:/web/root/usr/sbin:") == true)
        #expect(variables["PATH"]?.hasSuffix(Environment.systemPath) == true)
        #expect(variables["LD_LIBRARY_PATH"] == "/web/root/usr/lib/x86_64-linux-gnu:/web/root/usr/lib")
    }

    @Test func `the design's variables win`() {
        var environment = Environment(node: "web", service: "shop", folder: "/data")
        environment.own = [("PATH", "/opt/bin"), ("GREETING", "hello")]
        #expect(lines(environment).contains("PATH=/opt/bin"))
        #expect(lines(environment).contains("GREETING=hello"))
        #expect(environment.variables.filter { $0.name == "PATH" }.count == 1)
    }
}

@Suite struct StartCommandTests {
    private let command = StartCommand(
        unit: "khutulun-shop-web", folder: "/data/my web", user: nil, environment: [("A", "1"), ("B", "it's")],
        arguments: ["python3", "app.py", "--greeting", "hello world"], restart: RestartPolicy(), stopSignal: 15,
        stopGrace: 10_000)

    @Test func `a start can be typed into a shell`() {
        #expect(
            command.plain == #"cd '/data/my web' && env -i A=1 'B=it'\''s' python3 app.py --greeting 'hello world'"#)
    }

    @Test func `a start can be a unit of systemd with the same restarts`() {
        #expect(
            command.systemd
                == "systemd-run --unit=khutulun-shop-web '--working-directory=/data/my web' --property=KillSignal=15"
                + " --property=TimeoutStopSec=10000ms --property=Restart=on-failure --property=RestartSec=500ms"
                + " --property=StartLimitBurst=5 --property=StartLimitIntervalSec=300000ms --setenv=A=1"
                + #" '--setenv=B=it'\''s' -- python3 app.py --greeting 'hello world'"#)
    }

    @Test func `another account is part of both`() {
        var command = command
        command.user = "www-data"
        #expect(command.plain.contains("&& setpriv --reuid=www-data --init-groups -- env -i"))
        #expect(command.systemd.contains(" --uid=www-data "))
    }
}

@Suite struct TextTests {
    @Test func `the last lines are the last, with or without a final line break`() {
        #expect(lastLines("a\nb\nc\n", count: 2) == ["b", "c"])
        #expect(lastLines("a\nb\nc", count: 2) == ["b", "c"])
        #expect(lastLines("a\n\nc\n", count: 9) == ["a", "", "c"])
        #expect(lastLines("", count: 3).isEmpty)
    }

    @Test(arguments: [("500 ms", 0.5), ("1.5 s", 1.5), ("2min", 120), ("10", 10), ("0.25 h", 900)])
    func `a length of time is read with its unit`(text: String, seconds: Double) {
        #expect(scalar(text, units: timeUnits) == seconds)
    }

    @Test(arguments: ["", "s", "1 fortnight", "1.2.3 s", "-1 s"])
    func `what is no length of time is none`(text: String) {
        #expect(scalar(text, units: timeUnits) == nil)
    }

    @Test func `what a process uses is read whatever its name is`() {
        let stat =
            "4242 (a b) c) S 1 4242 4242 0 -1 4194560 900 0 0 0 12 34 0 0 20 0 3 0 77 1000000 250 18446744073709551615 1 1"
        var expected = Usage()
        expected.threads = 3
        expected.memory = 250 * 4_096
        expected.processorTime = 460
        #expect(Usage(stat: stat) == expected)
        #expect(Usage(stat: "4242 (cut off") == nil)
    }
}
