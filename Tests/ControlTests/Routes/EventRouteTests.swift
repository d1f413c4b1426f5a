// SPDX-License-Identifier: Apache-2.0 OR MIT
import Control
import EventBus
import Floria
import Support
import Synchronization
import Testing

@Suite struct EventRouteTests {
    private static let web = EventTarget.entity(Shop.web)
    private static let shop = EventTarget.directory(Directory(["shop"]))

    @Test(arguments: Carrier.allCases)
    func `events are made, listed and watched`(carrier: Carrier) async throws {
        let shop = try await Shop()
        try await carrier.run(shop.backend) { client async throws in
            let first = try await client.emit(
                EmitRequest(entity: Shop.web, type: "ping", payload: ["n": 1], delay: 50, id: "e1"))
            #expect(first["due"] == 5050)
            _ = try await client.emit(EmitRequest(entity: Shop.web, type: "ping", id: "e1"))
            var watched = try await client.watchEvents().makeAsyncIterator()
            try await client.record([Event(id: "e2", type: "pong", entity: Shop.database, host: "here", time: 5000)])
            let seen = try #require(try await watched.next())
            #expect(seen["type"] == "pong")
            #expect(seen["sequence"] == 2)
            #expect(try await client.events().map { $0["type"] } == ["ping", "pong"])
            #expect(try await client.events(EventsRequest(after: 1)).map { $0["host"] } == ["here"])
            #expect(try await client.events(EventsRequest(limit: 1)).count == 1)
            #expect(
                try await client.events(EventsRequest(filter: EventFilter(entity: Shop.database))).map { $0["type"] } == [
                    "pong"
                ])
            var replayed = try await client.watchEvents(after: 0).makeAsyncIterator()
            #expect(try await replayed.next()?["id"] == "e1")
        }
    }

    @Test(arguments: Carrier.allCases)
    func `an event of nothing is refused`(carrier: Carrier) async throws {
        let shop = try await Shop()
        let request = EmitRequest(entity: .vertex(.root, "gone"), type: "ping")
        let found = try await problems { _ = try await carrier.run(shop.backend) { try await $0.emit(request) } }
        #expect(found.map(\.code) == ["entity.not-found"])
        #expect(found[0].status == 404)
    }

    @Test(arguments: Carrier.allCases)
    func `handlers are attached, listed with those of the classes, and detached`(carrier: Carrier) async throws {
        let shop = try await Shop()
        try await carrier.run(shop.backend) { client async throws in
            let script = try #require(try await client.sendArtifact("#!/bin/sh\n"))
            let first = try await client.addHandler(
                HandlerRequest(target: Self.web, event: "exited", action: .script(digest: script, file: "note.sh")))
            #expect(first["name"] == "exited-1")
            #expect(first["call"] == .call(Call(FunctionName(plugin: "khutulun", name: "script"), [.text(script), "note.sh"])))
            _ = try await client.addHandler(
                HandlerRequest(target: Self.web, event: "due", action: .operation("maintenance.backup"), name: "b"))
            _ = try await client.addHandler(
                HandlerRequest(
                    target: Self.web, event: "due", action: .function(FunctionName(plugin: "process", name: "exited")))
            )
            let names = try await client.handlers(of: Self.web).map { $0["name"] }
            #expect(names == ["exited-1", "b", "due-1", "process"])
            #expect(try await client.handlers().count == 4)
            try await client.removeHandler("b", of: Self.web)
            let found = try await problems { try await client.removeHandler("b", of: Self.web) }
            #expect(found.map(\.code) == ["handler.unknown"])
        }
    }

    @Test(
        arguments: Carrier.allCases,
        [
            (HandlerRequest.Action.operation("maintenance.restore"), "node.unknown-operation"),
            (.function(FunctionName(plugin: "nobody", name: "x")), "plugin.unknown"),
            (.function(FunctionName(plugin: "process", name: "x")), "plugin.unknown-function"),
            (.script(digest: String(repeating: "0", count: 64), file: "x"), "artifact.not-found"),
        ])
    func `a handler that could never work is refused`(
        carrier: Carrier, wrong: (action: HandlerRequest.Action, code: String)
    ) async throws {
        let shop = try await Shop()
        let request = HandlerRequest(target: Self.web, event: "x", action: wrong.action)
        let found = try await problems { _ = try await carrier.run(shop.backend) { try await $0.addHandler(request) } }
        #expect(found.map(\.code) == [wrong.code])
        #expect(found[0].status == 404)
    }

    @Test(arguments: Carrier.allCases)
    func `events are selected by what they are of`(carrier: Carrier) async throws {
        let shop = try await Shop()
        try await carrier.run(shop.backend) { client async throws in
            _ = try await client.emit(EmitRequest(entity: Shop.web, type: "a"))
            try await client.record([Event(id: "e9", type: "b", entity: Shop.database, host: "there", time: 5000)])
            _ = try await client.emit(EmitRequest(entity: .vertex(.root, "shop"), type: "c"))
            let filters: [(EventFilter, [Value])] = [
                (EventFilter(types: ["a", "c"]), ["a", "c"]), (EventFilter(directory: Directory(["shop"])), ["a", "b", "c"]),
                (EventFilter(directory: Directory(["other"])), []), (EventFilter(host: "there"), ["b"]),
                (EventFilter(class: ID(.class, Directory(["types", "local"]), "Web")), ["a"]),
            ]
            for (filter, types) in filters {
                #expect(try await client.events(EventsRequest(filter: filter)).map { $0["type"] } == types)
                guard let first = types.first else { continue }
                var watched = try await client.watchEvents(after: 0, filter: filter).makeAsyncIterator()
                #expect(try await watched.next()?["type"] == first)
            }
        }
    }

    @Test(arguments: Carrier.allCases)
    func `what can't be gone on from is said, and not passed over`(carrier: Carrier) async throws {
        let shop = try await Shop()
        _ = try await shop.backend.graph.emit(EmitRequest(entity: Shop.web, type: "a"), for: .agent)
        try await carrier.run(shop.backend) { client async throws in
            let found = try await problems {
                var watched = try await client.watchEvents(after: 7).makeAsyncIterator()
                _ = try await watched.next()
            }
            #expect(found.map(\.code) == ["event.unknown-position"])
        }
    }

    @Test(arguments: Carrier.allCases)
    func `an event says how it spreads`(carrier: Carrier) async throws {
        let shop = try await Shop()
        try await carrier.run(shop.backend) { client async throws in
            let event = try await client.emit(EmitRequest(entity: Shop.web, type: "a", propagation: .downstream))
            #expect(event["propagation"] == ["contained", "outgoing", "target"])
            #expect(try await client.events().map { $0["propagation"] } == [["contained", "outgoing", "target"]])
        }
    }

    @Test(
        arguments: Carrier.allCases,
        [
            (EmitRequest(entity: Shop.web, type: ""), "event.malformed"),
            (EmitRequest(entity: Shop.web, type: "a\nb"), "event.malformed"),
            (EmitRequest(entity: Shop.web, type: "a", id: ""), "event.malformed"),
            (EmitRequest(entity: Shop.web, type: "a", delay: -1), "event.malformed"),
            (EmitRequest(entity: Shop.web, type: "a", delay: .max), "event.malformed"),
        ])
    func `an event that is none is refused`(carrier: Carrier, wrong: (event: EmitRequest, code: String)) async throws {
        let shop = try await Shop()
        let found = try await problems { _ = try await carrier.run(shop.backend) { try await $0.emit(wrong.event) } }
        #expect(found.map(\.code) == [wrong.code])
        #expect(found[0].status == 400)
    }

    @Test(arguments: Carrier.allCases)
    func `handlers are attached to directories, classes and edges too`(carrier: Carrier) async throws {
        let shop = try await Shop()
        try await carrier.run(shop.backend) { client async throws in
            let action = HandlerRequest.Action.function(FunctionName(plugin: "process", name: "exited"))
            let edge = ID(.edge, Directory(["shop"]), "web-0.database-0")
            let memberOf = ID(.class, Directory(["types", "local"]), "Root")
            let targets = [Self.shop, .directory(.root), .entity(memberOf), .entity(edge)]
            for target in targets {
                let handler = try await client.addHandler(HandlerRequest(target: target, event: "x", action: action))
                #expect(handler["name"] == "x-1")
            }
            let reaching = try await client.handlers(of: Shop.web, for: "x").map(\.target)
            #expect(reaching == [.entity(memberOf), Self.shop, .directory(.root)])
            #expect(
                try await client.handlers(of: edge, for: "x").map(\.target) == [.entity(edge), Self.shop, .directory(.root)])
            #expect(try await client.handlers(of: Shop.web, for: "y").isEmpty)
            #expect(try await client.handlers(of: Self.shop).map { $0["directory"] } == ["shop"])
            #expect(
                try await client.handlers(of: Self.web).map { $0["directory"] ?? $0["class"] ?? .null }.suffix(3) == [
                    "types/local/Root", "shop", "",
                ])
            for target in targets { try await client.removeHandler("x-1", of: target) }
            #expect(try await client.handlers(of: Shop.web, for: "x").isEmpty)
            let nobody = HandlerRequest(
                target: .entity(ID(.plugin, Directory(["plugins"]), "process")), event: "x", action: action)
            #expect(try await problems { _ = try await client.addHandler(nobody) }.map(\.code) == ["node.unknown"])
        }
    }

    @Test(arguments: Carrier.allCases)
    func `timers are added, listed and removed`(carrier: Carrier) async throws {
        let shop = try await Shop()
        try await carrier.run(shop.backend) { client async throws in
            let first = try await client.addTimer(TimerRequest(target: Self.web, type: "tick", when: .after(50), payload: [1]))
            #expect(first["name"] == "tick-1")
            #expect(first["at"] == 5050)
            _ = try await client.addTimer(
                TimerRequest(target: Self.web, type: "tick", when: .every(60_000), propagation: .contents, misfire: .skip))
            let daily = TimerRequest(target: Self.shop, type: "tick", when: .cron("0 3 * * *", zone: "+01:00"), name: "daily")
            #expect(try await client.addTimer(daily)["zone"] == "+01:00")
            #expect(try await client.timers().map { $0["name"] } == ["daily", "tick-1", "tick-2"])
            #expect(try await client.timers(of: Self.web).map { $0["misfire"] } == ["once", "skip"])
            #expect(try await problems { _ = try await client.addTimer(daily) }.map(\.code) == ["timer.exists"])
            try await client.removeTimer("daily", of: Self.shop)
            let found = try await problems { try await client.removeTimer("daily", of: Self.shop) }
            #expect(found.map(\.code) == ["timer.unknown"])
            #expect(found[0].status == 404)
        }
    }

    @Test(
        arguments: Carrier.allCases,
        [
            (TimerRequest.When.cron("* * * *", zone: "UTC"), "timer.invalid-cron"),
            (.cron("* * * * *", zone: "Mars"), "timer.unknown-zone"),
            (.every(0), "timer.invalid-interval"), (.at(-1), "timer.invalid-time"), (.after(.max), "event.malformed"),
        ])
    func `a timer that could never work is refused`(carrier: Carrier, wrong: (when: TimerRequest.When, code: String))
        async throws
    {
        let shop = try await Shop()
        let request = TimerRequest(target: Self.web, type: "tick", when: wrong.when)
        let found = try await problems { _ = try await carrier.run(shop.backend) { try await $0.addTimer(request) } }
        #expect(found.map(\.code) == [wrong.code])
    }

    @Test(arguments: Carrier.allCases)
    func `dead letters are those of all hosts`(carrier: Carrier) async throws {
        let bus = InProcessBus()
        let shop = try await Shop(letters: BusLetters(bus: bus) { ["a", "b:c"] })
        let asked = Asked()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for host in ["a", "b:c"] {
                group.addImmediateTask {
                    await bus.serve(host) { message throws(Problem) in
                        asked.add("\(host) \(message.subject) \(message.body["id"]?.text ?? "")")
                        let letter: Value = ["id": "1.0", "time": .integer(host.count)]
                        return message.subject == "letters" ? [letter] : letter
                    }
                }
            }
            try await carrier.run(shop.backend) { client async throws in
                #expect(try await client.letters().map { $0["id"] } == ["a:1.0", "b:c:1.0"])
                #expect(try await client.letter("b:c:1.0")["host"] == "b:c")
                try await client.retryLetter("a:1.0")
                try await client.dropLetter("b:c:2.0")
                for id in ["c:1.0", "1.0", ""] where !id.isEmpty {
                    let found = try await problems { try await client.dropLetter(id) }
                    #expect(found.map(\.code) == ["event.unknown-letter"])
                    #expect(found[0].status == 404)
                }
            }
            group.cancelAll()
        }
        #expect(asked.all == ["a letters ", "b:c letters ", "b:c letter 1.0", "a letter-retry 1.0", "b:c letter-drop 2.0"])
    }
}

/// What hosts were asked.
private final class Asked: Sendable {
    private let texts = Mutex<[String]>([])

    var all: [String] { texts.withLock { $0 } }

    func add(_ text: String) { texts.withLock { $0.append(text) } }
}
