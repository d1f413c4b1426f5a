// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support
import Testing

struct YAMLMessageTests {
    private static let small = YAMLLimits(size: 60, depth: 3, count: 10, problems: 3)

    private func messages(_ bytes: [UInt8]) -> String {
        do {
            _ = try YAML.parse(bytes, file: "a.yaml", limits: Self.small)
            return "accepted"
        } catch {
            return error.description
        }
    }

    @Test(arguments: [
        (
            "a: 1\n\tb: 2",
            """
            a.yaml:2:1: a tab cannot indent in YAML [yaml.tab]
              hint: use spaces
            """
        ),
        (
            "a:\n\tb: 2",
            """
            a.yaml:2:1: a tab cannot indent in YAML [yaml.tab]
              hint: use spaces
            """
        ),
        (
            "a: b: c",
            """
            a.yaml:1:5: ‘:’ cannot stand here [yaml.syntax]
              hint: a text that holds ‘: ’ needs quotes; otherwise check the indentation
            """
        ),
        (
            "a: 1\nb",
            """
            a.yaml:2:1: the ‘:’ after this key is missing [yaml.syntax]
              hint: check the indentation of this line and the ones before it
            """
        ),
        (
            "a: 1\n b: 2",
            """
            a.yaml:2:3: ‘:’ cannot stand here [yaml.syntax]
              hint: a text that holds ‘: ’ needs quotes; otherwise check the indentation
            """
        ),
        (
            "a:\n  - 1\n  b: 2",
            """
            a.yaml:3:3: expected ‘-’ and an item, found ‘b’ [yaml.syntax]
              a.yaml:2:3: the list begins here
              hint: check the indentation of this line and the ones before it
            """
        ),
        (
            "a: [1, 2",
            """
            a.yaml:1:9: expected ‘,’ or ‘]’, found the end of the file [yaml.syntax]
              a.yaml:1:4: the list begins here
            """
        ),
        (
            "a: {b: 1]",
            """
            a.yaml:1:9: expected ‘,’ or ‘}’, found ‘]’ [yaml.syntax]
              a.yaml:1:4: the map begins here
            """
        ),
        ("a: 'text", "a.yaml:1:4: the closing quote of this text is missing [yaml.syntax]"),
        (
            "a: \"\\q\"",
            """
            a.yaml:1:5: this escape sequence does not exist [yaml.syntax]
              a.yaml:1:4: the text begins here
              hint: in single quotes ‘\\’ is an ordinary character
            """
        ),
        (
            "a: @b",
            """
            a.yaml:1:4: ‘@’ cannot begin a value [yaml.syntax]
              hint: a text that holds such characters needs quotes
            """
        ),
        (
            "a: *b",
            """
            a.yaml:1:4: there is no anchor ‘&b’ before this alias [yaml.unknown-alias]
              hint: a text that begins with ‘*’ needs quotes
            """
        ),
        (
            "a: &a [*a]",
            """
            a.yaml:1:8: the alias ‘*a’ stands within what it refers to [yaml.recursive-alias]
              a.yaml:1:4: the anchor is here
            """
        ),
        (
            "a: 1\nb: 2\na: 3",
            """
            a.yaml:3:1: the key ‘a’ stands twice in one map [yaml.duplicate-key]
              a.yaml:1:1: first here
            """
        ),
        ("a: !foo 1", "a.yaml:1:4: the tag ‘!foo’ is unknown [yaml.unknown-tag]"),
        ("a: !!int x", "a.yaml:1:4: what follows is not what the tag ‘!!int’ says [yaml.tag-mismatch]"),
        (
            "<<: 1",
            """
            a.yaml:1:5: ‘<<’ takes a map or a list of maps, and this is neither [yaml.merge]
              hint: a key named ‘<<’ needs quotes
            """
        ),
        ("[[[[1]]]]", "a.yaml:1:4: the nesting is deeper than the 3 levels that are allowed [yaml.limit]"),
        ("[1,2,3,4,5,6,7,8,9,10]", "a.yaml:1:20: there are more than the 10 nodes that are allowed [yaml.limit]"),
        (
            "0123456789012345678901234567890123456789012345678901234567890",
            "a.yaml:1:1: the file has 61 bytes, more than the 60 that are allowed [yaml.limit]"
        ),
        ("a: 1\na: 1\na: 1\na: 1\na: 1", "a.yaml:5:4: there are more than the 10 nodes that are allowed [yaml.limit]"),
        (
            "a: x\u{1}",
            """
            a.yaml:1:5: the character U+0001 cannot stand in YAML [yaml.character]
              hint: is it a text file?
            """
        ),
        (
            "a: x\u{9f}",
            """
            a.yaml:1:5: the character U+009F cannot stand in YAML [yaml.character]
              hint: write it as an escape sequence in double quotes
            """
        ),
        (
            "%YAML 3.0\n---\na",
            """
            a.yaml:1:1: this version of YAML is not supported [yaml.syntax]
              hint: write %YAML 1.2 or leave the line out
            """
        ),
        (
            "a: |x\n  b",
            """
            a.yaml:1:5: ‘x’ cannot follow on this line [yaml.syntax]
              hint: a block of text begins on the next line
            """
        ),
        (
            "]",
            """
            a.yaml:1:1: expected a value, found ‘]’ [yaml.syntax]
              hint: a text that holds such characters needs quotes
            """
        ),
        (
            "a: 'b\n---\n'",
            """
            a.yaml:2:1: a document's marker stands within a text in quotes [yaml.syntax]
              a.yaml:1:4: the text begins here
              hint: is a closing quote missing before?
            """
        ),
        (
            "a: - b",
            """
            a.yaml:1:4: an item of a list cannot begin here [yaml.syntax]
              hint: check the indentation of this line and the ones before it
            """
        ),
        (
            "- a\nb: 1",
            """
            a.yaml:2:1: expected ‘-’ and an item, found ‘b’ [yaml.syntax]
              a.yaml:1:1: the list begins here
              hint: check the indentation of this line and the ones before it
            """
        ),
    ])
    func `what is not accepted is told with its place`(text: String, expected: String) {
        #expect(messages(Array(text.utf8)) == expected)
    }

    @Test func `a file that is not text is told`() {
        #expect(messages([0x61, 0xff]) == "a.yaml:1:2: the file is not valid UTF-8 [yaml.utf8]\n  hint: is it a text file?")
        #expect(
            messages([0xff, 0xfe, 0x61, 0])
                == "a.yaml:1:1: the file is not valid UTF-8 [yaml.utf8]\n  hint: it seems to be UTF-16: convert it")
    }
}
