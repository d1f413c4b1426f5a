// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// One TOSCA file that was read, with what it imports.
final class SourceFile {
    /// An import that was resolved.
    struct Import {
        let file: SourceFile
        let namespace: String?
        let location: SourceLocation
    }

    /// Where it was found, and where relative paths in it start from.
    let place: FilePlace
    /// The map at its root.
    let root: YAMLNode
    /// The profile that its types belong to: its own, or that of the file that imported it first.
    let profile: String?
    /// Its place in the order in which files were read.
    let index: Int
    /// What it imports.
    var imports: [Import] = []

    init(place: FilePlace, root: YAMLNode, profile: String?, index: Int) {
        self.place = place
        self.root = root
        self.profile = profile
        self.index = index
    }

    /// What messages call it.
    var path: String { place.name }
}
