// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support
import Testing

struct YAMLEncoderTests {
    @Test func `values are written in block style`() {
        let value: Value = [
            "empty": ["list": [], "map": [:], "text": "", "nothing": .null],
            "list": [1, 1.0, true, ["a": 1, "b": [2, [3, 4]]], [[:]], .float(.nan)],
            "texts": [
                "plain": "shop/web-0", "sentence": "It works, mostly", "script": "#!/bin/sh\necho \"$1\"\n", "tail": "a\nb",
            ],
            "quoted": ["true", "No", "12", "1.2.3", "2001-01-01", "- a", "a: b", "# a", "*a", " a", "a\tb", "~"],
            "12": "a key that looks like a number",
            "bytes": .blob([1, 2, 3]),
            "call": .call(Call(FunctionName(plugin: "tosca", name: "get_input"), ["count"])),
            "entries": [1: 2],
        ]
        #expect(
            YAML.encode(value) == """
                "12": a key that looks like a number
                bytes:
                  $bytes: AQID
                call:
                  $call:
                    arguments:
                      - count
                    function: tosca:get_input
                empty:
                  list: []
                  map: {}
                  nothing: null
                  text: ""
                entries:
                  $map:
                    - - 1
                      - 2
                list:
                  - 1
                  - 1.0
                  - true
                  - a: 1
                    b:
                      - 2
                      - - 3
                        - 4
                  - - {}
                  - .nan
                quoted:
                  - "true"
                  - "No"
                  - "12"
                  - "1.2.3"
                  - "2001-01-01"
                  - "- a"
                  - "a: b"
                  - "# a"
                  - "*a"
                  - " a"
                  - "a\\tb"
                  - "~"
                texts:
                  plain: shop/web-0
                  script: |
                    #!/bin/sh
                    echo "$1"
                  sentence: It works, mostly
                  tail: |-
                    a
                    b

                """)
    }

    @Test(arguments: ["... and so on", "...", "---", "--- a", "...a", ".. a"] as [String])
    func `a text that looks like a document's mark comes back`(text: String) throws {
        let mark = Value.text(text)
        for value in [mark, [mark: 1], [mark: ["a"]], [mark], .text("a\n\(text)")] as [Value] {
            #expect(try YAML.decode(Array(YAML.encode(value).utf8)) == value)
        }
    }
}
