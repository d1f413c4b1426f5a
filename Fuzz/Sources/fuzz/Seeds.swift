// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Glibc
import Support

/// The inputs that fuzzing begins with: random values and entities, the same every time, as the target reads them.
enum Seeds {
    static func write(_ target: FuzzTarget, to folder: String) {
        var expressions = RandomExpressions(seed: 1)
        var entities = RandomEntities(seed: 1)
        for number in 0..<200 {
            let value = expressions.value()
            let bytes: [UInt8] =
                switch target.name {
                case "cbor": CBOR.encode(value)
                case "json": JSON.encodeBytes(value, pretty: number % 2 == 0)
                case "yaml": Array(YAML.encode(value).utf8)
                case "notation": Array(Notation.encode(value, pretty: number % 2 == 0).utf8)
                case "function": Array(Expressions.notations[number % Expressions.notations.count].utf8)
                case "expression": Array(Expressions.texts[number % Expressions.texts.count].utf8)
                case "entity": CBOR.encode(entities.entity().document)
                case "meta": Array(metas[number % metas.count].utf8)
                default: Array(entities.id(EntityKind.allCases[number % 6]).documentText.utf8)
                }
            write(bytes, to: "\(folder)/seed-\(number)")
        }
    }

    private static let metas = [
        "CSAR-Version: 2.0\nCreated-By: me\nEntry-Definitions: a.yaml\nOther-Definitions: b.yaml \"c d.yaml\"\n",
        "CSAR-Version: 2.0\r\nCreated-By: me\r\n  and you\r\n\r\nx-y: 1\r\nx-z:\r\n 2\r\n",
    ]

    private static func write(_ bytes: [UInt8], to path: String) {
        guard let file = fopen(path, "w") else { return perror(path) }
        fwrite(bytes, 1, bytes.count, file)
        fclose(file)
    }
}
