// SPDX-License-Identifier: Apache-2.0 OR MIT

/// A place at which tests can end the whole program, as a power cut would.
public struct Failpoint: Sendable {
    private let action: (@Sendable (String) -> Void)?

    /// Failpoints that do nothing.
    public static let none = Failpoint(nil)

    /// Failpoints that call a closure with their name.
    public init(_ action: (@Sendable (String) -> Void)?) { self.action = action }

    /// Says that the program has come to the place of a name.
    public func reach(_ name: String) { action?(name) }
}
