// SPDX-License-Identifier: Apache-2.0 OR MIT

/// A set of characters in a regular expression.
struct ScalarSet: Sendable {
    /// A part of a set.
    enum Part: Sendable {
        case range(ClosedRange<UInt32>)
        case category(Category)
        case set(ScalarSet)
    }

    /// What characters have in common.
    enum Category: String, Sendable {
        case letter = "L", upper = "Lu", lower = "Ll", number = "N", digit = "Nd", punctuation = "P", symbol = "S"
        case separator = "Z"
    }

    var parts: [Part] = []
    var isNegated = false
    /// Whether upper and lower case are the same.
    var ignoresCase = false

    static let digit = ScalarSet(parts: [.range(0x30...0x39)])
    static let space = ScalarSet(parts: [
        .range(0x09...0x0d), .range(0x20...0x20), .range(0x85...0x85), .range(0xa0...0xa0), .category(.separator),
    ])
    static let word = ScalarSet(parts: [.category(.letter), .category(.number), .range(0x5f...0x5f)])
    /// Everything but the end of a line.
    static let inLine = ScalarSet(parts: [.range(0x0a...0x0a)], isNegated: true)
    static let anything = ScalarSet(isNegated: true)

    /// The sets of POSIX by name.
    static let named: [String: ScalarSet] = [
        "alpha": ScalarSet(parts: [.category(.letter)]), "digit": digit, "space": space, "word": word,
        "alnum": ScalarSet(parts: [.category(.letter), .category(.number)]), "upper": ScalarSet(parts: [.category(.upper)]),
        "lower": ScalarSet(parts: [.category(.lower)]),
        "punct": ScalarSet(parts: [.range(0x21...0x2f), .range(0x3a...0x40), .range(0x5b...0x60), .range(0x7b...0x7e)]),
        "xdigit": ScalarSet(parts: [.range(0x30...0x39), .range(0x41...0x46), .range(0x61...0x66)]),
        "blank": ScalarSet(parts: [.range(0x20...0x20), .range(0x09...0x09)]),
    ]

    init(parts: [Part] = [], isNegated: Bool = false) {
        self.parts = parts
        self.isNegated = isNegated
    }

    init(_ scalar: Unicode.Scalar) { parts = [.range(scalar.value...scalar.value)] }

    var negated: ScalarSet {
        var set = self
        set.isNegated.toggle()
        return set
    }

    func contains(_ scalar: Unicode.Scalar) -> Bool {
        var isIn = holds(scalar)
        if !isIn, ignoresCase {
            let others = [scalar.properties.lowercaseMapping, scalar.properties.uppercaseMapping]
            isIn = others.contains { $0.unicodeScalars.count == 1 && $0.unicodeScalars.first.map(holds) ?? false }
        }
        return isIn != isNegated
    }

    private func holds(_ scalar: Unicode.Scalar) -> Bool {
        parts.contains { part in
            switch part {
            case .range(let range): range.contains(scalar.value)
            case .category(let category): category.contains(scalar)
            case .set(let set): set.contains(scalar)
            }
        }
    }
}

extension ScalarSet.Category {
    func contains(_ scalar: Unicode.Scalar) -> Bool {
        switch (self, scalar.properties.generalCategory) {
        case (.letter, .uppercaseLetter), (.letter, .lowercaseLetter), (.letter, .titlecaseLetter), (.letter, .modifierLetter),
            (.letter, .otherLetter), (.upper, .uppercaseLetter), (.lower, .lowercaseLetter), (.number, .decimalNumber),
            (.number, .letterNumber), (.number, .otherNumber), (.digit, .decimalNumber), (.punctuation, .connectorPunctuation),
            (.punctuation, .dashPunctuation), (.punctuation, .openPunctuation), (.punctuation, .closePunctuation),
            (.punctuation, .initialPunctuation), (.punctuation, .finalPunctuation), (.punctuation, .otherPunctuation),
            (.symbol, .mathSymbol), (.symbol, .currencySymbol), (.symbol, .modifierSymbol), (.symbol, .otherSymbol),
            (.separator, .spaceSeparator), (.separator, .lineSeparator), (.separator, .paragraphSeparator):
            true
        default: false
        }
    }
}
