// SPDX-License-Identifier: Apache-2.0 OR MIT
import CShim

/// Makes a shim for each request of the agent, and passes on how its start went.
///
/// A request is a number and a file with the specification; a `shim_report` with the same number answers it. Any number of
/// starts may be under way. Between two messages nothing runs.
struct Nursery {
    /// The socket, then where the shims that are starting report.
    private var descriptors = [pollfd(fd: SHIM_SOCKET, events: Int16(POLLIN), revents: 0)]
    /// The number of each one's request.
    private var numbers: [UInt64] = [0]

    /// Returns false when there is no agent any more, and true in every shim that is made.
    mutating func run() -> Bool {
        while true {
            guard poll(&descriptors, nfds_t(descriptors.count), -1) > 0 else { continue }
            for index in stride(from: descriptors.count - 1, to: 0, by: -1) where descriptors[index].revents != 0 {
                passOn(index)
            }
            guard descriptors[0].revents != 0 else { continue }
            var number: UInt64 = 0
            var specification: Int32 = -1
            guard shim_receive_request(SHIM_SOCKET, &number, &specification) else { return false }
            if makeShim(number, specification) { return true }
        }
    }

    private mutating func makeShim(_ number: UInt64, _ specification: Int32) -> Bool {
        guard specification >= 0 else {
            Report(SHIM_SYSTEM, "too many programs are being started").send(number: number, to: SHIM_SOCKET)
            return false
        }
        var report: Int32 = -1
        let process = shim_hatch(specification, &report)
        if process == 0 { return true }
        let error = shim_errno()
        close(specification)
        if process > 0 {
            descriptors.append(pollfd(fd: report, events: Int16(POLLIN), revents: 0))
            numbers.append(number)
        } else {
            Report(SHIM_SYSTEM, "no process can be made: ", error).send(number: number, to: SHIM_SOCKET)
        }
        return false
    }

    private mutating func passOn(_ index: Int) {
        let descriptor = descriptors.remove(at: index).fd
        Report.pass(from: descriptor, number: numbers.remove(at: index), to: SHIM_SOCKET)
        close(descriptor)
    }
}
