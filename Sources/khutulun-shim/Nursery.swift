// SPDX-License-Identifier: Apache-2.0 OR MIT
import CShim

/// Makes a shim for each request of the agent, and passes on how its start went.
///
/// A request is a number and a file with the specification; a `shim_report` with the same number answers it. Any number of
/// starts may be under way. Between two messages nothing runs. One shim is made beforehand and waits, because making a process
/// takes as long as much of the rest of a start. It is made when no start is under way, which it would hold up.
struct Nursery {
    /// The socket, then where the shims that are starting report.
    private var descriptors = [pollfd(fd: SHIM_SOCKET, events: Int16(POLLIN), revents: 0)]
    /// The number of each one's request.
    private var numbers: [UInt64] = [0]
    /// The shim that waits for the next request.
    private var spare: shim_egg?

    /// Returns false when there is no agent any more, and true in every shim that is made.
    mutating func run() -> Bool {
        while true {
            if spare == nil, descriptors.count == 1, hatch() { return true }
            guard poll(&descriptors, nfds_t(descriptors.count), -1) > 0 else { continue }
            for index in stride(from: descriptors.count - 1, to: 0, by: -1) where descriptors[index].revents != 0 {
                passOn(index)
            }
            guard descriptors[0].revents != 0 else { continue }
            var number: UInt64 = 0
            var specification: Int32 = -1
            guard shim_receive_request(SHIM_SOCKET, &number, &specification) else { return false }
            if start(number, specification) { return true }
        }
    }

    /// Makes the shim that waits. Returns true in it once it has a request.
    private mutating func hatch() -> Bool {
        var egg = shim_egg()
        let process = shim_hatch(&egg)
        if process == 0 { return true }
        spare = process > 0 ? egg : nil
        return false
    }

    /// Hands a request to the shim that waits, or to another if that one was killed. Returns true in a shim that is made for it.
    private mutating func start(_ number: UInt64, _ specification: Int32) -> Bool {
        guard specification >= 0 else {
            Report(SHIM_SYSTEM, "too many programs are being started").send(number: number, to: SHIM_SOCKET)
            return false
        }
        while true {
            if spare == nil, hatch() { return true }
            guard let egg = spare else {
                Report(SHIM_SYSTEM, "no process can be made: ", shim_errno()).send(number: number, to: SHIM_SOCKET)
                close(specification)
                return false
            }
            spare = nil
            let error = shim_send_request(egg.request, number, specification)
            close(egg.request)
            if error == 0 {
                close(specification)
                descriptors.append(pollfd(fd: egg.report, events: Int16(POLLIN), revents: 0))
                numbers.append(number)
                return false
            }
            close(egg.report)
        }
    }

    private mutating func passOn(_ index: Int) {
        let descriptor = descriptors.remove(at: index).fd
        Report.pass(from: descriptor, number: numbers.remove(at: index), to: SHIM_SOCKET)
        close(descriptor)
    }
}
