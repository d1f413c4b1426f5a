// SPDX-License-Identifier: Apache-2.0 OR MIT

extension Keynames {
    static let functionTables: [Record: [Keyname]] = [
        .functionDefinition: common + [.mandatory("signatures", .list(.record(.functionSignature)))],
        .functionSignature: common + [
            Keyname("arguments", .list(.short(.name, .schema))), Keyname("optional_arguments", .list(.short(.name, .schema))),
            Keyname("variadic", .boolean), Keyname("result", .short(.name, .schema)),
            Keyname("implementation", .short(.value, .implementation)),
        ],
    ]
}
