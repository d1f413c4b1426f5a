// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

extension [Problem] {
    /// Without what follows from other problems, and with what is wrong with many that were made from one place told once.
    ///
    /// A requirement that only waits follows from one that nothing satisfies. Of equal codes, places in a design and codes of
    /// causes the first problem stays, and says how many there are. O(n).
    func folded() -> [Problem] {
        let roots = filter { !$0.onlyWaits }
        let isFollowed = roots.contains { $0.code == "floria.unsatisfied-requirement" }
        var result: [Problem] = []
        var positions: [FoldingKey: (first: Int, others: Int)] = [:]
        for problem in isFollowed ? roots : self {
            guard case .source? = problem.place else {
                result.append(problem)
                continue
            }
            let key = FoldingKey(code: problem.code, place: problem.place, causes: problem.causes.map(\.code))
            if let known = positions[key] {
                positions[key] = (known.first, known.others + 1)
            } else {
                positions[key] = (result.count, 0)
                result.append(problem)
            }
        }
        for (first, others) in positions.values where others > 0 {
            result[first].causes.append(
                Problem("floria.more", "it is so with \(others) more that \(others == 1 ? "is" : "are") made from here"))
        }
        return result
    }
}

/// What problems have in common that are told once.
private struct FoldingKey: Hashable {
    var code: String
    var place: Problem.Place?
    var causes: [String]
}

extension Problem {
    fileprivate var onlyWaits: Bool { !causes.isEmpty && causes.allSatisfy { $0.code.hasSuffix(".pending") } }
}
