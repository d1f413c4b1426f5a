// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Support

/// Functions that expressions call.
public protocol FunctionLibrary: Sendable {
    /// Calls a function. Those of normal mode get values, eager ones get their arguments as they stand.
    ///
    /// A function is called as often as evaluation needs it, so it must have no effect but its result. What it reads of
    /// properties it reads with ``Evaluation/value(of:)``.
    func dispatch(_ function: String, _ arguments: [Value], _ evaluation: Evaluation) async throws(EvaluationFailure) -> Value
}

/// The functions that there are: those of built-in libraries by name, and those of plugins.
public struct Functions: Sendable {
    private let libraries: [String: any FunctionLibrary]
    private let plugins: (any FunctionLibrary)?

    /// Makes the functions. The library `floria` is always there.
    ///
    /// - Parameter plugins: gets the calls of all other names; the function's name then is `plugin:name`.
    public init(_ libraries: [String: any FunctionLibrary] = [:], plugins: (any FunctionLibrary)? = nil) {
        self.libraries = libraries.merging([FloriaFunctions.name: FloriaFunctions()]) { given, _ in given }
        self.plugins = plugins
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
