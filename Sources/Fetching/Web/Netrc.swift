// SPDX-License-Identifier: Apache-2.0 OR MIT
import AsyncHTTPClient
import Support
import TOSCA

/// Names and passwords for servers, in the format of `.netrc`: `machine HOST login NAME password WORD`.
struct Netrc {
    /// Who to be at a server.
    struct Login {
        var name = ""
        var password = ""

        /// The value of the header that tells it to a server (RFC 7617).
        var authorization: String { HTTPClient.Authorization.basic(username: name, password: password).headerValue }
    }

    private var machines: [String: Login] = [:]
    private var others: Login?

    /// Reads a file.
    ///
    /// - Throws: `fetch.malformed-netrc`, `tosca.cannot-read`.
    init(path: String) throws(Problem) {
        let bytes = try LocalFiles().open(path).bytes(limit: 1 << 20)
        try self.init(parsing: String(decoding: bytes, as: UTF8.self), file: path)
    }

    /// Reads a text.
    ///
    /// - Throws: `fetch.malformed-netrc`.
    init(parsing text: String, file: String) throws(Problem) {
        let lines = text.split(separator: "\n").map { $0.drop { $0 == " " || $0 == "\t" } }.filter { !$0.hasPrefix("#") }
        var words = lines.flatMap { $0.split { $0 == " " || $0 == "\t" || $0 == "\r" } }[...]
        var machine: String?
        var login = Login()
        var isOpen = false
        func malformed(_ word: Substring) -> Problem {
            Problem(
                "fetch.malformed-netrc", "‘\(file)’ has ‘\(word)’ where it isn't understood",
                hint: "each server has a line: machine HOST login NAME password WORD")
        }
        while let word = words.popFirst() {
            switch word {
            case "machine", "default":
                if isOpen { add(login, for: machine) }
                (machine, login, isOpen) = (nil, Login(), true)
                if word == "machine" {
                    guard let name = words.popFirst() else { throw malformed(word) }
                    machine = name.lowercased()
                }
            case "login", "password", "account":
                guard isOpen, let value = words.popFirst() else { throw malformed(word) }
                if word == "login" { login.name = String(value) }
                if word == "password" { login.password = String(value) }
            // What may stand in such a file is a secret: it isn't told.
            default: throw malformed(isOpen ? "something" : "a word before ‘machine’")
            }
        }
        if isOpen { add(login, for: machine) }
    }

    /// Who to be at a host; nil if nothing is told.
    func login(for host: String) -> Login? { machines[host.lowercased()] ?? others }

    private mutating func add(_ login: Login, for machine: String?) {
        guard let machine else {
            others = others ?? login
            return
        }
        machines[machine] = machines[machine] ?? login
    }
}
