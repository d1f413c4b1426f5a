// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Floria
public import Support

extension StoreBackend {
    /// The timers of one target or of all.
    public func timers(of target: EventTarget?) async throws(Problems) -> [Value] {
        try await read { snapshot throws(Problem) in try snapshot.timers(of: target).map(\.document) }
    }

    /// Adds a timer.
    public func addTimer(_ request: TimerRequest, for caller: Caller) async throws(Problems) -> Value {
        let time = now()
        let taken = try await read { snapshot throws(Problem) in Set(try snapshot.timers(of: request.target).map(\.name)) }
        return try await lifting { () async throws(Problem) in
            let timer = EventTimer(
                name: request.name ?? StoreBackend.freeName(for: request.type, among: taken), target: request.target,
                type: request.type,
                payload: request.payload, propagation: request.propagation, schedule: try request.schedule(time),
                misfire: request.misfire)
            return try await timers.add(timer, provenance: caller.provenance(time: time)).document
        }
    }

    /// Removes a timer.
    public func removeTimer(_ name: String, of target: EventTarget, for caller: Caller) async throws(Problems) {
        let provenance = caller.provenance(time: now())
        try await lifting { () async throws(Problem) in
            try await timers.remove(name, of: target, provenance: provenance)
        }
    }
}

extension TimerRequest {
    fileprivate func schedule(_ now: Int64) throws(Problem) -> TimerSchedule {
        switch when {
        case .after(let delay): .at(try Event.due(after: delay, from: now))
        case .at(let time): .at(time)
        case .every(let interval): .every(interval, from: now)
        case .cron(let expression, let zone): .cron(try CronExpression(parsing: expression), try TimerZone(parsing: zone))
        }
    }
}
