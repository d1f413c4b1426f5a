// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// What an evaluation may cost at most.
public struct EvaluationLimits: Sendable, Hashable {
    /// How deep calls, lists and maps may stand in each other.
    public var depth: Int
    /// How large results may be, a function's and the whole: each value counts 8, and a text, a blob and the kind of a custom
    /// value their bytes.
    public var size: Int
    /// How many calls one evaluation may make.
    public var calls: Int
    /// How long it may take.
    public var time: Duration

    /// Makes limits.
    public init(depth: Int, size: Int, calls: Int, time: Duration = .seconds(60)) {
        self.depth = depth
        self.size = size
        self.calls = calls
        self.time = time
    }

    /// 100 deep, 16 MiB, 100,000 calls, a minute.
    public static let standard = EvaluationLimits(depth: 100, size: 16 << 20, calls: 100_000)
}

extension Value {
    /// Whether the value is smaller than a limit. Stops as soon as it isn't.
    func isSmaller(than limit: Int) -> Bool {
        var left = limit
        take(from: &left)
        return left > 0
    }

    private func take(from left: inout Int) {
        guard left > 0 else { return }
        switch self {
        case .text(let text): left -= text.utf8.count + 8
        case .blob(let bytes): left -= bytes.count + 8
        case .list(let items):
            left -= 8
            for item in items { item.take(from: &left) }
        case .map(let map):
            left -= 8
            for (key, value) in map {
                key.take(from: &left)
                value.take(from: &left)
            }
        case .custom(let kind, let value):
            left -= kind.utf8.count + 8
            value.take(from: &left)
        case .call(let call):
            left -= 8
            for argument in call.arguments { argument.take(from: &left) }
        default: left -= 8
        }
    }
}
