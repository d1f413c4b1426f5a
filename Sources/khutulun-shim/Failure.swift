// SPDX-License-Identifier: Apache-2.0 OR MIT
import CShim

/// Adds the line that tells a person why the program wasn't started.
func describe(_ failure: shim_failure, _ specification: Specification, _ text: inout Text) {
    let program = specification.arguments.first.flatMap { $0.map { UnsafePointer($0) } } ?? pointer("")
    switch shim_outcome(UInt32(failure.outcome)) {
    case SHIM_NOT_FOUND:
        text.add("the executable ‘")
        text.add(program)
        text.add("’ isn't found")
        if strchr(program, Int32(UInt8(ascii: "/"))) == nil {
            text.add(" in ")
            text.add(specification.search)
        }
    case SHIM_NOT_PERMITTED:
        quote(program, "’ may not be executed", failure.error, &text)
    case SHIM_NOT_EXECUTABLE where failure.error == ENOENT || failure.error == ENOTDIR:
        text.add("the interpreter that ‘")
        text.add(program)
        text.add("’ names isn't found")
    case SHIM_NOT_EXECUTABLE:
        quote(program, "’ cannot be executed", failure.error, &text)
    case SHIM_BAD_DIRECTORY:
        quote(
            specification.directory.map { UnsafePointer($0) } ?? pointer(""), "’ cannot be the working directory",
            failure.error, &text)
    case SHIM_BAD_USER:
        text.add("the user cannot be changed to ")
        text.add(specification.user)
        cause(failure.error, &text)
    case SHIM_BAD_LIMIT:
        text.add("the limits cannot be set")
        cause(failure.error, &text)
    case SHIM_BAD_CGROUP:
        text.add("the cgroup cannot be entered")
        cause(failure.error, &text)
    default:
        text.add("the program cannot be started")
        cause(failure.error, &text)
    }
}

private func quote(_ name: UnsafePointer<CChar>, _ rest: StaticString, _ error: Int32, _ text: inout Text) {
    text.add("‘")
    text.add(name)
    text.add(rest)
    cause(error, &text)
}

private func cause(_ error: Int32, _ text: inout Text) {
    text.add(": ")
    text.add(UnsafePointer(strerror(error)))
}
