// SPDX-License-Identifier: Apache-2.0 OR MIT
import FoundationEssentials
import Support

/// One line of the table.
struct Figure {
    var name: String
    var measured: Double
    var unit: String
    /// What raw SQLite takes, and what it does meanwhile.
    var floor: (value: Double, of: String)?
    /// What it must keep; nil if it is told and not judged.
    var bound: Bound?
    var note: String?

    enum Bound {
        case most(Double)
        case least(Double)
    }

    var document: Value {
        var document: Value = ["figure": .text(name), "measured": .float(measured), "unit": .text(unit)]
        if let floor {
            document["floor"] = .float(floor.value)
            document["floor-of"] = .text(floor.of)
        }
        switch bound {
        case .most(let value): document["most"] = .float(value)
        case .least(let value): document["least"] = .float(value)
        case nil: break
        }
        if let note { document["note"] = .text(note) }
        return document
    }
}

/// What is measured together, in a folder of its own.
enum Part: String, CaseIterable {
    // The graph comes first: the most memory that was used is the process's.
    case graph, changes, reads, update, events

    func measure(folder: String, count: Int) async throws -> [Figure] {
        switch self {
        case .graph: try await GraphFigures(folder: folder, count: count).measure()
        case .changes: try await ChangeFigures(folder: folder).measure()
        case .reads: try await ReadFigures(folder: folder).measure()
        case .update: try await UpdateFigures(folder: folder).measure()
        case .events: try await EventFigures(folder: folder).measure()
        }
    }
}

/// The seconds that something takes.
func seconds(_ body: () async throws -> Void) async throws -> Double {
    let begin = ContinuousClock.now
    try await body()
    return (ContinuousClock.now - begin) / .seconds(1)
}

extension [Double] {
    /// What lies in the middle: what else the machine does makes some rounds slower.
    var median: Double { isEmpty ? 0 : sorted()[count / 2] }
}

/// The most memory that this process has used, in megabytes.
func peakMegabytes() throws -> Double {
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return Double(line?.split(separator: " ").compactMap { Int($0) }.first ?? 0) * 1024 / 1e6
}
