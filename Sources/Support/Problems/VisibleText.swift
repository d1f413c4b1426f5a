// SPDX-License-Identifier: Apache-2.0 OR MIT

extension String {
    /// The text on one line, with control characters made visible, so that it cannot drive a terminal. O(n).
    public var visible: String { visible(tab: " ") }

    /// The same, with something else than a space for each tab.
    func visible(tab: Unicode.Scalar) -> String {
        guard unicodeScalars.contains(where: \.isControl) else { return self }
        var scalars = UnicodeScalarView()
        for scalar in unicodeScalars {
            switch scalar {
            case "\n": scalars.append("⏎")
            case "\t": scalars.append(tab)
            default: scalars.append(scalar.isControl ? "\u{FFFD}" : scalar)
            }
        }
        return String(scalars)
    }
}

extension Unicode.Scalar {
    fileprivate var isControl: Bool { properties.generalCategory == .control || properties.isBidiControl }
}
