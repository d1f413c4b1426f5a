// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Support

/// Functions that expressions call.
public protocol FunctionLibrary: Sendable {
    /// Whether its functions compute and never wait for anything. Calls of others run side by side where none needs the
    /// other, and are cancelled when their evaluation's time is over.
    var answersAtOnce: Bool { get }

    /// Calls a function. Those of normal mode get values, eager ones get their arguments as they stand.
    ///
    /// A function is called as often as evaluation needs it, so it must have no effect but its result. What it reads of
    /// properties it reads with ``Evaluation/value(of:)``, and how the graph hangs together from ``Evaluation/graph``: so
    /// it is called again when that has changed. One that waits must end when its task is cancelled.
    func dispatch(_ function: String, _ arguments: [Value], _ evaluation: Evaluation) async throws(EvaluationFailure) -> Value
}

extension FunctionLibrary {
    /// False: they may wait.
    public var answersAtOnce: Bool { false }
}

/// The functions that there are: those of built-in libraries by name, and those of plugins.
public struct Functions: Sendable {
    private let libraries: [String: any FunctionLibrary]
    private let plugins: (any FunctionLibrary)?
    /// The libraries whose functions never wait.
    private let immediate: Set<String>

    /// Makes the functions. The library `floria` is always there.
    ///
    /// - Parameter plugins: gets the calls of all other names; the function's name then is `plugin:name`.
    public init(_ libraries: [String: any FunctionLibrary] = [:], plugins: (any FunctionLibrary)? = nil) {
        self.libraries = libraries.merging([FloriaFunctions.name: FloriaFunctions()]) { given, _ in given }
        self.plugins = plugins
        immediate = Set(self.libraries.filter(\.value.answersAtOnce).keys)
    }

    /// Whether a function may have to wait for something.
    func mayWait(_ function: FunctionName) -> Bool { !immediate.contains(function.plugin) }

    /// Whether evaluating an expression may have to wait for something.
    func mayWait(_ expression: Value) -> Bool {
        switch expression {
        case .call(let call): call.mode != .lazy && (mayWait(call.function) || call.arguments.contains(where: mayWait))
        case .list(let items): items.contains(where: mayWait)
        case .map(let map): map.contains { mayWait($0.key) || mayWait($0.value) }
        case .custom(_, let inner): mayWait(inner)
        default: false
        }
    }

    /// Whether a function belongs to a built-in library.
    func isLanguage(_ function: FunctionName) -> Bool { libraries[function.plugin] != nil }

    func dispatch(_ call: Call, _ arguments: [Value], _ evaluation: Evaluation) async throws(EvaluationFailure) -> Value {
        if let library = libraries[call.function.plugin] {
            return try await library.dispatch(call.function.name, arguments, evaluation)
        }
        guard let plugins else {
            throw evaluation.fail(
                "floria.unknown-function", "there is no plugin ‘\(call.function.plugin)’ for ‘\(call.function)’")
        }
        return try await plugins.dispatch(call.function.description, arguments, evaluation)
    }
}
