// SPDX-License-Identifier: Apache-2.0 OR MIT

/// How a process ended.
enum Exit: Equatable {
    /// By itself, with a status.
    case status(Int)
    /// By a signal.
    case signal(Int)
    /// While nobody looked, for example when the host went down. It may not have done its work.
    case unseen

    /// Whether it ended as a program does that has done its work.
    var isClean: Bool { self == .status(0) }

    /// What happened, after "the process".
    var text: String {
        switch self {
        case .status(let status): "ended with status \(status)"
        case .signal(let number): "was ended by signal \(signalName(number))"
        case .unseen: "ended while nobody saw how"
        }
    }
}

private let signalNames: [(number: Int, name: String)] = [
    (1, "HUP"), (2, "INT"), (3, "QUIT"), (4, "ILL"), (6, "ABRT"), (7, "BUS"), (8, "FPE"), (9, "KILL"), (10, "USR1"),
    (11, "SEGV"), (12, "USR2"), (13, "PIPE"), (14, "ALRM"), (15, "TERM"), (28, "WINCH"),
]

/// The name of a signal without `SIG`; its number as text if it has no name here.
func signalName(_ number: Int) -> String {
    signalNames.first { $0.number == number }?.name ?? "\(number)"
}

/// The number of a signal that is named `TERM`, `SIGTERM`, `term` or `15`; nil if there is none.
func signalNumber(_ text: String) -> Int? {
    if let number = Int(text) { return (1...64).contains(number) ? number : nil }
    var name = asciiUppercased(text)
    if name.utf8.starts(with: "SIG".utf8) { name = String(decoding: name.utf8.dropFirst(3), as: UTF8.self) }
    return signalNames.first { $0.name == name }?.number
}
