// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser

struct CSARCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "csar", abstract: "Pack, look at, check, unpack and sign Cloud Service Archives.",
        discussion: """
            An archive is a zip file (.csar, .zip) or a tarball (.tar, .tar.gz, .tgz, .tar.zst); which one is told by what is in it. \
            Instead of a file's name, - is the standard input or output.

            """
                + examples(
                    "csar create shop shop.csar             pack a folder", "csar validate shop.csar                check it",
                    "service deploy shop shop.csar          use it as it is",
                    "csar new-key signing                   make a key, and",
                    "csar sign shop.csar --key signing      sign with it"),
        subcommands: [
            CSARCreate.self, CSARInspect.self, CSARExtract.self, CSARValidate.self, CSARSign.self, CSARVerify.self,
            CSARNewKey.self,
        ])
}
