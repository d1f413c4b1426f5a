// SPDX-License-Identifier: Apache-2.0 OR MIT
import Foundation
import Support

/// The interface's work on files, done on real ones.
enum TestFiles {
    static func perform(_ request: Value) throws(Problem) -> Value {
        let files = FileManager.default
        do {
            if let path = request["read"]?.text { return try read(path, from: request["from"]?.integer ?? 0) }
            if let path = request["write"]?.text {
                let parent = URL(filePath: path).deletingLastPathComponent()
                try files.createDirectory(at: parent, withIntermediateDirectories: true)
                try Data((request["text"]?.text ?? "").utf8).write(to: URL(filePath: path))
            }
            if let path = request["make"]?.text { try files.createDirectory(atPath: path, withIntermediateDirectories: true) }
            if let path = request["remove"]?.text, files.fileExists(atPath: path) { try files.removeItem(atPath: path) }
            if let path = request["exists"]?.text { return ["exists": .boolean(files.fileExists(atPath: path))] }
            if let path = request["list"]?.text {
                return .list(try files.contentsOfDirectory(atPath: path).sorted().map { ["name": .text($0)] })
            }
            return [:]
        } catch { throw Problem("file.failed", "\(error)") }
    }

    private static func read(_ path: String, from offset: Int) throws -> Value {
        // Files of /proc say that they are empty, so the size isn't asked for.
        let data = try FileHandle(forReadingFrom: URL(filePath: path)).readToEnd() ?? Data()
        let bytes = offset < 0 ? Array(data.suffix(-offset)) : Array(data.dropFirst(offset))
        return ["text": .text(String(decoding: bytes, as: UTF8.self))]
    }
}
