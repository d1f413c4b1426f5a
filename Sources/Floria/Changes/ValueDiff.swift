// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// What differs within two values: the keys of maps, the items of lists, the lines of texts.
enum ValueDiff {
    /// How many items or lines are compared one by one.
    private static let countLimit = 2000
    /// How many equal lines are shown before and after what differs.
    private static let context = 1

    /// The lines that show what differs; nil if the values are better shown whole.
    static func lines(from old: Value, to new: Value, indent: Int) -> [ChangeDiff.Line]? {
        switch (old, new) {
        case (.map(let old), .map(let new)):
            if old.isEmpty || new.isEmpty { return nil }
            return mapLines(from: old, to: new, indent)
        case (.list(let one), .list(let two)):
            let isShort = max(JSON.encode(old).count, JSON.encode(new).count) < DiffWords.lengthLimit / 2
            if isShort || one.isEmpty || two.isEmpty { return nil }
            return lines(one.map(DiffWords.short), two.map(DiffWords.short), indent)
        case (.text(let old), .text(let new)):
            guard old.contains("\n") || new.contains("\n") else { return nil }
            func split(_ text: String) -> [String] {
                text.split(separator: "\n", omittingEmptySubsequences: false).map { DiffWords.plain(String($0)) }
            }
            return lines(split(old), split(new), indent)
        default: return nil
        }
    }

    private static func line(_ mark: ChangeDiff.Line.Mark, _ text: String, _ indent: Int) -> ChangeDiff.Line {
        ChangeDiff.Line(mark: mark, isHead: false, text: text, remark: "", indent: indent)
    }

    private static func mapLines(from old: ValueMap, to new: ValueMap, _ indent: Int) -> [ChangeDiff.Line] {
        var keys = old.map(\.key)
        keys += new.map(\.key).filter { old[$0] == nil }
        return keys.sorted { DiffWords.short($0) < DiffWords.short($1) }.flatMap { key -> [ChangeDiff.Line] in
            let name = DiffWords.short(key)
            switch (old[key], new[key]) {
            case (let before?, let after?) where before == after: return []
            case (let before?, let after?):
                if let inner = lines(from: before, to: after, indent: indent + 2) { return [line(.none, name, indent)] + inner }
                return [line(.modified, "\(name)  \(DiffWords.short(before)) → \(DiffWords.short(after))", indent)]
            case (let before?, nil): return [line(.obsolete, "\(name)  \(DiffWords.short(before))", indent)]
            case (nil, let after): return [line(.novel, "\(name)  \(after.map(DiffWords.short) ?? "")", indent)]
            }
        }
    }

    private static func lines(_ old: [String], _ new: [String], _ indent: Int) -> [ChangeDiff.Line]? {
        guard old.count + new.count <= countLimit else { return nil }
        var removed: Set<Int> = []
        var added: Set<Int> = []
        for change in new.difference(from: old) {
            switch change {
            case .remove(let offset, _, _): removed.insert(offset)
            case .insert(let offset, _, _): added.insert(offset)
            }
        }
        var all: [ChangeDiff.Line] = []
        var (left, right) = (0, 0)
        while left < old.count || right < new.count {
            if removed.contains(left), left < old.count {
                all.append(line(.obsolete, old[left], indent))
                left += 1
            } else if added.contains(right), right < new.count {
                all.append(line(.novel, new[right], indent))
                right += 1
            } else {
                all.append(line(.none, old[left], indent))
                left += 1
                right += 1
            }
        }
        return nearby(all, indent)
    }

    /// What differs with a little of what is around it.
    private static func nearby(_ all: [ChangeDiff.Line], _ indent: Int) -> [ChangeDiff.Line] {
        var shown: Set<Int> = []
        for (index, line) in all.enumerated() where line.mark != .none {
            shown.formUnion(max(0, index - context)...min(all.count - 1, index + context))
        }
        var result: [ChangeDiff.Line] = []
        var isGap = false
        for (index, item) in all.enumerated() {
            if shown.contains(index) { result.append(item) } else if !isGap { result.append(line(.none, "…", indent)) }
            isGap = !shown.contains(index)
        }
        return result
    }
}
