// SPDX-License-Identifier: Apache-2.0 OR MIT
import CLinux
import CShim

/// `khutulun-shim NODES` is the agent's nursery: it makes a process for each program that the agent wants started, which starts
/// the program and stays with it as its shim. It is the agent's child no more, and ends with the agent; the shims don't.
///
/// The socket to the agent is `SHIM_SOCKET`. `NODES` is for those who look at the processes of the machine: a shim shows its run
/// folder there, for which blanks at the end keep room. A shim holds its run folder by a lock, and leaves `record`, `log` and
/// `exit` there.
@main
struct Shim {
    static func main() {
        shim_close_from(SHIM_SOCKET + 1)
        guard let argument = shim_argument(), shim_is_open(SHIM_SOCKET) else {
            var text = Text()
            text.add("khutulun-shim is started by the agent: see ‘khutulun agent run --help’\n")
            text.write(to: 2)
            _exit(EX_USAGE)
        }
        // What is started may have secrets in its environment: nobody is to look into any of these processes, or find core files.
        linux_become_private()
        shim_reset_signals()
        guard chdir("/") == 0, shim_detach() else { _exit(EX_OSERR) }
        shim_set_argument(trimmed(argument).terminated)
        var nursery = Nursery()
        if nursery.run() { stay() }
    }

    private static func trimmed(_ argument: UnsafePointer<CChar>) -> Text {
        var text = Text()
        text.add(argument)
        text.removeBlanks()
        return text
    }

    private static func stay() -> Never {
        guard let specification = Specification(descriptor: SHIM_SPECIFICATION), let path = specification.folder else {
            fail(Report(SHIM_BAD_SPECIFICATION, "the specification is malformed or too large"))
        }
        close(SHIM_SPECIFICATION)
        shim_set_argument(path)
        let folder = enter(path)
        linux_become_subreaper()
        var supervision = Supervision(specification, folder: folder)
        if let failure = supervision.start() {
            var text = Text()
            describe(failure, specification, &text)
            fail(Report(failure, text))
        }
        specification.wipeEnvironment()
        Report(supervision.identity).send(to: SHIM_REPORT)
        close(SHIM_REPORT)
        supervision.run()
        _exit(0)
    }

    /// Takes the run folder for as long as this process lives.
    private static func enter(_ path: UnsafePointer<CChar>) -> Int32 {
        let folder = chdir(path) == 0 ? shim_open(pointer("."), O_RDONLY | O_DIRECTORY, 0) : -1
        guard folder >= 0 else { fail(Report(SHIM_SYSTEM, "the folder cannot be entered: ", shim_errno())) }
        guard flock(folder, LOCK_EX | LOCK_NB) == 0 else { fail(Report(SHIM_HELD, "another shim holds this folder")) }
        return folder
    }

    private static func fail(_ report: Report) -> Never {
        report.send(to: SHIM_REPORT)
        _exit(report.content.outcome)
    }
}
