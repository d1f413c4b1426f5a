// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser

/// How results are written.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    /// For people.
    case table
    /// For programs.
    case json
    /// For programs and people.
    case yaml
}
