// SPDX-License-Identifier: Apache-2.0 OR MIT
import Testing

/// What the commands write, with an agent that answers as documented.
struct OutputTests {
    private static let answers: [String: FakeAgent.Answer] = [
        "GET /v1/services": .json(#"[{"name":"shop","state":"running","nodes":3,"updated":1700000000000,"unfinished":0}]"#),
        "GET /v1/services/shop": .json(
            #"""
            {"name":"shop","state":"deploying","inputs":{"instances":2},"outputs":{"url":"http://localhost:8080/"},
            "nodes":[{"node":"shop/web-0","type":"Web","state":"running","host":"a","pid":7}],
            "unfinished":[{"what":"start of shop/web-1","reason":"waits for shop/db","age":65000,"deadline":1700000000000,"cure":"khutulun service cancel shop"}]}
            """#),
        "GET /v1/nodes": .json(
            #"[{"node":"shop/web-0","type":"Web","state":"running","host":"a","pid":7,"ports":[{"capability":"http","port":8080,"protocol":"tcp","address":"127.0.0.1"},{"capability":"admin","port":8081}]},{"node":"shop/db","type":"DB","state":"failed","host":"a"}]"#
        ),
        "GET /v1/ports": .json(
            #"[{"host":"a","protocol":"tcp","address":"127.0.0.1","port":8080,"node":"shop/web-0","capability":"http","since":1700000000000}]"#
        ),
        "GET /v1/operations": .json(
            #"[{"id":"o1","service":"shop","node":"shop/db","operation":"standard.start","state":"failed","host":"a","attempt":2,"started":1700000000000,"ended":1700000003500,"problem":{"code":"x.y","message":"it ended"}}]"#
        ),
        "GET /v1/events?after=0&directory=shop&limit=1000": .json(
            #"[{"sequence":4,"id":"e","type":"exited","entity":"vertex:shop/web-0","payload":{"code":1},"host":"a","time":1700000000000}]"#
        ),
        "GET /v1/events/dead": .json(
            #"[{"id":"a:17.0","host":"a","handler":"vertex:shop/web-0#note","failures":6,"time":1700000000000,"event":{"id":"e","type":"exited","entity":"vertex:shop/web-0","payload":{"code":1},"time":1700000000000},"problem":{"code":"event.handler-failed","message":"the handler failed","causes":[{"code":"x.y","message":"it ended"}]}}]"#
        ),
        "GET /v1/timers?entity=vertex%3Ashop%2Fweb-0": .json(
            #"[{"name":"nightly","target":"vertex:shop/web-0","type":"due","cron":"30 3 * * *","zone":"UTC","misfire":"once","next":1700000000000},{"name":"once","target":"directory:shop","type":"due","every":90000,"from":0,"misfire":"skip","next":1700000000000,"payload":[1]}]"#
        ),
        "GET /v1/nodes/shop/web-0/logs?lines=2": .lines(
            "{\"position\":3,\"line\":\"one\"}\n{\"position\":7,\"line\":\"two\"}\n"),
        "GET /v1/nodes/shop/web-0/explain": .json(#"{"commands":[{"comment":"start it","command":"systemd-run web"}]}"#),
        "POST /v1/nodes/shop/web-0/exec": .lines("{\"output\":\"hi\\n\"}\n{\"error\":\"oh\\n\"}\n{\"status\":4}\n"),
        "GET /v1/graph": .json(
            #"""
            {"vertexes":[{"id":"vertex:shop","metadata":{"kind":"service"}},
            {"id":"vertex:shop/web","metadata":{"kind":"node"},"container":"vertex:shop","properties":{"state":{"value":"running"}}},
            {"id":"vertex:shop/db","metadata":{"kind":"node"},"container":"vertex:shop"}],
            "edges":[{"id":"edge:shop/web.db-0","source":"vertex:shop/web","target":"vertex:shop/db","name":"db"}]}
            """#),
        "GET /v1/version": .json(#"{"version":"0.1.0","host":"a","data":"/d","pid":5}"#),
    ]

    private func output(_ arguments: String..., error: String = "", status: Int32 = 0) throws -> String {
        try withAgent(Self.answers) { agent in
            let run = try ProgramRun(arguments + ["--socket", agent.socket])
            #expect(run.error == error)
            #expect(run.status == status)
            return run.output
        }
    }

    @Test func `lists are tables for people`() throws {
        #expect(
            try output("service", "list") == """
                SERVICE  STATE    NODES  UNFINISHED  UPDATED
                shop     running  3      0           2023-11-14 22:13:20Z

                """)
        #expect(
            try output("node", "list") == """
                NODE        TYPE  STATE    HOST  PID  PORTS
                shop/web-0  Web   running  a     7    http:8080/tcp, admin:8081
                shop/db     DB    failed   a

                """)
        #expect(
            try output("port", "list") == """
                HOST  PROTOCOL  ADDRESS    PORT  NODE        CAPABILITY  SINCE
                a     tcp       127.0.0.1  8080  shop/web-0  http        2023-11-14 22:13:20Z

                """)
        #expect(
            try output("operation", "list") == """
                ID  NODE     OPERATION       STATE   HOST  ATTEMPT  STARTED               TOOK  PROBLEM
                o1  shop/db  standard.start  failed  a     2        2023-11-14 22:13:20Z  3 s   it ended

                """)
        #expect(
            try output("event", "list", "--service", "shop") == """
                SEQUENCE  TIME                  ENTITY      TYPE    HOST  PAYLOAD
                4         2023-11-14 22:13:20Z  shop/web-0  exited  a     {"code":1}

                """)
        #expect(
            try output("event", "dead", "list") == """
                ID      TIME                  ENTITY      TYPE    HANDLER                 TRIES  WHY
                a:17.0  2023-11-14 22:13:20Z  shop/web-0  exited  vertex:shop/web-0#note  6      it ended

                """)
        #expect(
            try output("timer", "list", "shop/web-0") == """
                TARGET      NAME     EVENT  WHEN              NEXT                  PAYLOAD
                shop/web-0  nightly  due    30 3 * * * UTC    2023-11-14 22:13:20Z
                shop/       once     due    every 1 min 30 s  2023-11-14 22:13:20Z  [1]

                """)
    }

    @Test func `documents are for programs`() throws {
        #expect(
            try output("service", "list", "--format", "yaml") == """
                - name: shop
                  nodes: 3
                  state: running
                  unfinished: 0
                  updated: 1700000000000

                """)
        #expect(try output("service", "outputs", "shop", "--format", "json") == "{\n  \"url\": \"http://localhost:8080/\"\n}\n")
        #expect(try output("service", "outputs", "shop", "url") == "http://localhost:8080/\n")
        #expect(
            try output(
                "service", "outputs", "shop", "uri",
                error: """
                    the service ‘shop’ has no output ‘uri’, or it has no value yet [service.no-such-output]
                      hint: it has: url

                    """, status: 1) == "")
    }

    @Test func `a service says what is unfinished, why, and what cures it`() throws {
        #expect(
            try output("service", "show", "shop")
                == """
                service  shop
                state    deploying

                INPUTS
                  instances  2

                OUTPUTS
                  url  http://localhost:8080/

                NODE        TYPE  STATE    HOST  PID  PORTS
                shop/web-0  Web   running  a     7

                UNFINISHED           REASON             AGE      DEADLINE              CURE
                start of shop/web-1  waits for shop/db  1 min 5 s  2023-11-14 22:13:20Z  khutulun service cancel shop

                """.replacing("AGE      DEADLINE", with: "AGE        DEADLINE"))
    }

    @Test func `logs, explanations and commands' outputs are written as they are`() throws {
        #expect(try output("node", "logs", "shop/web-0", "--lines", "2") == "one\ntwo\n")
        #expect(try output("node", "explain", "shop/web-0") == "# start it\nsystemd-run web\n")
        let run = try withAgent(Self.answers) {
            try ProgramRun(["node", "exec", "shop/web-0", "--socket", $0.socket, "--", "ls"])
        }
        #expect(run.output == "hi\n")
        #expect(run.error == "oh\nshop/web-0: ‘ls’ ended with status 4 [command.exec-failed]\n")
        #expect(run.status == 1)
    }

    @Test(arguments: [
        (["7"], #"{"value":7,"status":"valid"}"#, "is 7"),
        (["--expression", "f:g()"], #"{"value":"a","status":"valid"}"#, "is a"),
        (
            ["--expression", "f:g()"],
            #"{"status":"pending","problem":{"code":"floria.pending","message":"‘shop/db.port’ has no value yet"}}"#,
            "is computed later: ‘shop/db.port’ has no value yet"
        ),
    ])
    func `what is set by hand is told, or what it waits for`(arguments: [String], answer: String, told: String) throws {
        let run = try withAgent(["POST /v1/nodes/shop/web-0/set": .json(answer)]) {
            try ProgramRun(["node", "set", "shop/web-0", "limit"] + arguments + ["--socket", $0.socket])
        }
        #expect(run.output == "shop/web-0.limit \(told)\n")
    }

    @Test func `an expression that was set by hand is shown beside the design's`() throws {
        let node = #"""
            {"id":"vertex:shop/web-0","properties":{"url":{"value":1,"status":"valid","updater":2,
            "own-updater":{"$call":{"function":"floria:value","arguments":["x"]}}}}}
            """#
        let run = try withAgent(["GET /v1/nodes/shop/web-0": .json(node)]) {
            try ProgramRun(["node", "show", "shop/web-0", "--socket", $0.socket])
        }
        let expected = "url updater, set by hand:\n  floria:value(\"x\")\nurl updater of the design, not in force:\n  2\n"
        #expect(run.output.contains(expected), "\(run.output)")
    }

    @Test func `the graph has four pictures`() throws {
        #expect(
            try output("graph") == """
                shop  service
                ├─ shop/web  node  running
                │  └─ db → shop/db
                └─ shop/db  node

                """)
        #expect(
            try output("graph", "--format", "dot") == """
                digraph {
                  rankdir=LR;
                  "vertex:shop" [label="shop", shape=folder];
                  "vertex:shop/web" [label="shop/web", shape=component];
                  "vertex:shop/db" [label="shop/db", shape=component];
                  "vertex:shop" -> "vertex:shop/web" [style=dotted, arrowhead=none];
                  "vertex:shop" -> "vertex:shop/db" [style=dotted, arrowhead=none];
                  "vertex:shop/web" -> "vertex:shop/db" [label="db"];
                }

                """)
        #expect(
            try output("graph", "--format", "mermaid") == """
                flowchart LR
                  v0["shop"]
                  v1["shop/web"]
                  v2["shop/db"]
                  v0 -.- v1
                  v0 -.- v2
                  v1 -->|"db"| v2

                """)
        #expect(try output("graph", "--format", "json").contains("\"vertexes\": ["))
    }

    @Test func `the version is that of both ends`() throws {
        #expect(try output("version") == "khutulun  0.1.0\ndata      /d\nhost      a\npid       5\nagent     0.1.0\n")
    }

    @Test func `colours need a terminal`() throws {
        #expect(try !output("service", "list").contains("\u{1b}"))
    }
}
