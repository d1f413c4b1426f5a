// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Floria
public import Support

/// Deals with the store as a whole, and with what is taken out of it or put into it.
public protocol ArchiveBackend: Sendable {
    /// A copy of the store, and its size in bytes.
    func backUp() async throws(Problems) -> (bytes: APIStream<[UInt8]>, size: Int)
    /// What is wrong with the store, at most a hundred problems.
    func check() async throws(Problems) -> [Problem]
    /// An export, and its size in bytes.
    ///
    /// - Throws: `exchange.unknown`.
    func export(_ scope: ExchangeScope, as format: ExchangeFormat) async throws(Problems)
        -> (bytes: APIStream<[UInt8]>, size: Int)
    /// Puts an export into the store, whole or not at all.
    ///
    /// - Parameter length: The number of bytes, if it is known.
    /// - Throws: `exchange.…`, `store.conflict`, `store.invalid`.
    func put(_ export: APIStream<[UInt8]>, length: Int?, replaces: Bool, for caller: Caller) async throws(Problems)
        -> Import.Summary
}
