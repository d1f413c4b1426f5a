// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria

/// Gives words the colours of a terminal, or leaves them as they are.
struct Palette {
    /// Whether colours are shown.
    let isOn: Bool

    /// What a word is coloured for.
    enum Tone: String {
        case good = "32", bad = "31", attention = "33", faint = "2", strong = "1"
    }

    /// The text in the colour of a tone.
    func paint(_ text: String, _ tone: Tone?) -> String {
        guard isOn, let tone, !text.isEmpty else { return text }
        return "\u{1b}[\(tone.rawValue)m\(text)\u{1b}[0m"
    }

    /// The tone of a state of a service, a node, an operation or a property.
    static func tone(ofState state: String) -> Tone? {
        switch state {
        case "running", "done", "valid", "ready", "started": .good
        case "failed", "exited", "abandoned", "degraded": .bad
        case "deploying", "deleting", "pending", "starting", "stopping", "stale", "cancelled", "planned": .attention
        default: nil
        }
    }

    /// The tone of a line of a diff.
    static func tone(of mark: ChangeDiff.Line.Mark) -> Tone? {
        switch mark {
        case .novel: .good
        case .modified, .kept: .attention
        case .obsolete, .conflicting: .bad
        case .none: nil
        }
    }
}
