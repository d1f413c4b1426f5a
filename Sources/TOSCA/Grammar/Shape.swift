// SPDX-License-Identifier: Apache-2.0 OR MIT

/// What may stand at a place of a TOSCA file.
indirect enum Shape: Sendable {
    /// Text, quoted or not.
    case text
    /// A name: text that is not empty.
    case name
    /// `true` or `false`.
    case boolean
    /// A function call that gives `true` or `false`, or one of these.
    case condition
    /// A version, quoted if it would be a number else.
    case version
    /// A non-negative integer, or a function that gives one.
    case count
    /// Two bounds, the second of which may be `UNBOUNDED`.
    case range
    /// A value of a property or parameter, function calls included.
    case value
    /// Anything; it is not looked into.
    case anything
    /// The name of a node template or type, or a node template with an index.
    case target
    /// A list.
    case list(Shape)
    /// A list, or its only item.
    case oneOrMore(Shape)
    /// A map with names of the author's choice.
    case map(Shape)
    /// A map whose keys are names or paths.
    case pathMap(Shape)
    /// A list of maps of one name each.
    case sequence(Shape)
    /// A list of maps of one name, or list that begins with one, each.
    case pathSequence(Shape)
    /// A map with keynames.
    case record(Record)
    /// A short form where no map stands, and else a map with keynames.
    case short(Shape, Record)

    /// Whether it is of something with keynames, whose name is text and nothing else.
    var isDefinition: Bool {
        switch self {
        case .record, .short: true
        default: false
        }
    }

    /// The shape in words.
    var description: String {
        switch self {
        case .text, .name: "text"
        case .boolean: "true or false"
        case .condition: "a condition, which is a call of a function"
        case .version: "a version such as '1.0'"
        case .count: "a non-negative integer"
        case .range: "a list of two numbers, the second of which may be UNBOUNDED"
        case .value, .anything: "a value"
        case .target: "the name of a node template or node type, or a node template with an index"
        case .list: "a list"
        case .oneOrMore(let item): "\(item.description) or a list"
        case .map, .pathMap, .record: "a map"
        case .sequence, .pathSequence: "a list of maps"
        case .short(let short, _): "\(short.description) or a map"
        }
    }
}

/// One keyname of a record.
struct Keyname: Sendable {
    /// The keyname.
    let name: String
    /// What its value looks like.
    let shape: Shape
    /// Whether the record is nothing without it.
    var isMandatory = false
    /// The keyname in whose presence it isn't mandatory.
    var replacement: String?
    /// Whether a service can be made of it. If not compiling refuses it, and never ignores it.
    var isSupported = true

    init(_ name: String, _ shape: Shape) {
        self.name = name
        self.shape = shape
    }

    /// The same keyname, which must be there, unless another one is.
    static func mandatory(_ name: String, _ shape: Shape, unless replacement: String? = nil) -> Keyname {
        var keyname = Keyname(name, shape)
        keyname.isMandatory = true
        keyname.replacement = replacement
        return keyname
    }

    /// A keyname of the language that no service can be made of yet.
    static func unsupported(_ name: String, _ shape: Shape = .anything) -> Keyname {
        var keyname = Keyname(name, shape)
        keyname.isSupported = false
        return keyname
    }
}
