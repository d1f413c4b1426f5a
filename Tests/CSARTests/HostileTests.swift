// SPDX-License-Identifier: Apache-2.0 OR MIT
import CSAR
import Foundation
import Support
import TOSCA
import Testing

/// Archives that are made to do harm, or that are broken: each is refused for what it is, and nothing is left of it.
struct HostileTests {
    /// What the programs that make archives have in common. `t` is a tarball, `z` a zip file; `w` writes bytes.
    private static let prelude = """
        import io, struct, tarfile, zipfile, warnings
        warnings.simplefilter('ignore')
        def w(data): open('archive', 'wb').write(data)
        def tar(*members, mode='w'):
            out = io.BytesIO()
            with tarfile.open(fileobj=out, mode=mode, format=tarfile.GNU_FORMAT) as t:
                for name, data, kind in members:
                    i = tarfile.TarInfo(name)
                    i.type, i.size, i.linkname = kind, len(data), 'target'
                    t.addfile(i, io.BytesIO(data))
            return out.getvalue()
        def f(name, data=b'x'): return (name, data, tarfile.REGTYPE)
        def d(name): return (name, b'', tarfile.DIRTYPE)
        def zip(*members, method=zipfile.ZIP_DEFLATED):
            out = io.BytesIO()
            with zipfile.ZipFile(out, 'w', method) as z:
                for name, data, kind in members: z.writestr(name, data)
            return bytearray(out.getvalue())
        def central(data): return data.index(b'PK\\x01\\x02')
        def end(data): return data.rindex(b'PK\\x05\\x06')
        def header(name, size=0):
            h = bytearray(512)
            h[0:len(name)] = name
            h[100:108], h[108:116], h[116:124] = b'0000644\\0', b'0000000\\0', b'0000000\\0'
            h[124:136], h[136:148], h[148:156], h[156] = b'%011o\\0' % size, b'00000000000\\0', b' ' * 8, 48
            h[257:265] = b'ustar\\x0000'
            h[148:156] = b'%06o\\0 ' % sum(h)
            return bytes(h)
        import gzip

        """

    private static let tarballs: [(String, String, String)] = [
        ("a path leads out", "w(tar(f('../x')))", "csar.unsafe-name"),
        ("a path leads in and out", "w(tar(f('a/../../x')))", "csar.unsafe-name"),
        ("a path is absolute", "w(tar(f('/etc/x')))", "csar.unsafe-name"),
        ("a folder leads out", "w(tar(d('..')))", "csar.unsafe-name"),
        ("a name has a backslash", "w(tar(f('..\\\\x')))", "csar.unsafe-name"),
        ("a name has a line break", "w(tar(f('a\\nb')))", "csar.unsafe-name"),
        ("a name isn't UTF-8", "w(tar(f('a\\udcff')))", "csar.unsafe-name"),
        ("a name is too long", "w(tar(f('/'.join(['a' * 100] * 11))))", "csar.unsafe-name"),
        ("a part of a name is too long", "w(tar(f('a' * 256)))", "csar.unsafe-name"),
        ("a file has no name", "w(tar(f('./.')))", "csar.unsafe-name"),
        ("a symbolic link", "w(tar(('a', b'', tarfile.SYMTYPE)))", "csar.link"),
        ("a hard link", "w(tar(f('target'), ('a', b'', tarfile.LNKTYPE)))", "csar.link"),
        ("a device", "w(tar(('a', b'', tarfile.CHRTYPE)))", "csar.special-file"),
        ("a block device", "w(tar(('a', b'', tarfile.BLKTYPE)))", "csar.special-file"),
        ("a pipe", "w(tar(('a', b'', tarfile.FIFOTYPE)))", "csar.special-file"),
        ("a file is there twice", "w(tar(f('a'), f('b'), f('a')))", "csar.duplicate-entry"),
        ("a file is there in two ways", "w(tar(f('a/b'), f('./a//b')))", "csar.duplicate-entry"),
        ("a name is written in two forms of Unicode", "w(tar(f('\\u00e9'), f('e\\u0301')))", "csar.duplicate-entry"),
        ("a file is a folder too", "w(tar(f('a'), f('a/b')))", "csar.duplicate-entry"),
        ("a folder is a file too", "w(tar(f('a/b'), f('a')))", "csar.duplicate-entry"),
        ("a folder is there twice", "w(tar(d('a'), d('a')))", "csar.duplicate-entry"),
        ("it is cut off in a file", "w(tar(f('a', b'x' * 9999))[:4000])", "csar.damaged"),
        ("it is cut off in a header", "w(tar(f('a'), f('b'))[:1300])", "csar.damaged"),
        ("the compression is cut off", "w(tar(f('a', bytes(range(256)) * 400), mode='w:gz')[:-200])", "csar.damaged"),
        ("what is compressed is no tarball", "w(gzip.compress(b'hello' * 1000))", "csar.damaged"),
        ("it is compressed twice", "w(gzip.compress(tar(f('a'), mode='w:gz')))", "csar.damaged"),
        ("a header is wrong", "x = bytearray(tar(f('a'), f('b'))); x[1030] ^= 1; w(x)", "csar.damaged"),
        ("many zeros come out of few bytes", "w(gzip.compress(header(b'a', 64 << 20) + bytes(64 << 20)))", "csar.bomb"),
        ("a size is beyond all bounds", "w(header(b'a', (1 << 33) - 1) + bytes(512))", "csar.too-large"),
        (
            "there are 100,001 entries", "w(gzip.compress(b''.join(header(b'f%d' % i) for i in range(100001)), 1))",
            "csar.too-many-entries"
        ),
    ]

    private static let zipFiles: [(String, String, String)] = [
        ("a path leads out", "w(zip(f('../x')))", "csar.unsafe-name"),
        ("a path is absolute", "w(zip(f('/x')))", "csar.unsafe-name"),
        ("a name has a backslash", "w(zip(f('a\\\\x')))", "csar.unsafe-name"),
        ("a name isn't UTF-8", "w(zip(f('ab')).replace(b'ab', b'a\\xff'))", "csar.unsafe-name"),
        (
            "a symbolic link",
            "i = zipfile.ZipInfo('a'); i.create_system = 3; i.external_attr = 0o120777 << 16; w(zip((i, b'/etc', 0)))",
            "csar.link"
        ),
        (
            "a device", "i = zipfile.ZipInfo('a'); i.create_system = 3; i.external_attr = 0o020777 << 16; w(zip((i, b'', 0)))",
            "csar.special-file"
        ),
        ("a file is there twice", "w(zip(f('a'), f('a')))", "csar.duplicate-entry"),
        ("a file is a folder too", "w(zip(f('a'), f('a/b')))", "csar.duplicate-entry"),
        ("a file is encrypted", "x = zip(f('a')); x[6] |= 1; x[central(x) + 8] |= 1; w(x)", "csar.encrypted"),
        ("a file is encrypted strongly", "x = zip(f('a')); x[6] |= 65; x[central(x) + 8] |= 65; w(x)", "csar.encrypted"),
        ("the list is encrypted", "x = zip(f('a')); x[central(x) + 9] |= 32; w(x)", "csar.encrypted"),
        ("a file is compressed in another way", "w(zip(f('a'), method=zipfile.ZIP_BZIP2))", "csar.not-supported"),
        ("it is one of several parts", "x = zip(f('a')); x[end(x) + 4] = 1; w(x)", "csar.not-supported"),
        ("it is cut off", "w(zip(f('a', b'x' * 9))[:-9])", "csar.damaged"),
        ("its content is cut out", "x = zip(f('a', bytes(range(99)))); del x[50:60]; w(x)", "csar.inconsistent"),
        ("a checksum is wrong", "x = zip(f('a'), method=zipfile.ZIP_STORED); x[31] ^= 1; w(x)", "csar.damaged"),
        (
            "the list has another name", "x = zip(f('a'), f('b')); x[central(x) + 46] = ord('c'); w(x)",
            "csar.inconsistent"
        ),
        (
            "the list has another size", "x = zip(f('a', b'x' * 9)); x[central(x) + 24] = 8; w(x)", "csar.damaged"
        ),
        (
            "both sizes are too small",
            "x = zip(f('a', b'x' * 9)); x[22] = 8; x[central(x) + 24] = 8; w(x)", "csar.damaged"
        ),
        (
            "both sizes are too large",
            "x = zip(f('a', b'x' * 9)); x[22] = 10; x[central(x) + 24] = 10; w(x)", "csar.damaged"
        ),
        (
            "the list has more than it says", "x = zip(f('a'), f('b')); x[end(x) + 8] = x[end(x) + 10] = 1; w(x)",
            "csar.inconsistent"
        ),
        (
            "the list has less than it says", "x = zip(f('a'), f('b')); x[end(x) + 8] = x[end(x) + 10] = 3; w(x)",
            "csar.inconsistent"
        ),
        ("there are bytes behind it", "w(zip(f('a')) + b'x')", "csar.inconsistent"),
        ("there are bytes before it", "w(b'PK\\3\\4' + zip(f('a')))", "csar.inconsistent"),
        (
            "two files share bytes",
            "x = zip(f('a', b'x'), f('b', b'x')); c = x.rindex(b'PK\\1\\2'); x[c + 42:c + 46] = bytes(4); w(x)",
            "csar.inconsistent"
        ),
        (
            "one file lies in another",
            "i = zip(f('b'), method=zipfile.ZIP_STORED); x = zip(f('a', bytes(i[:32])), f('b'), method=zipfile.ZIP_STORED);"
                + "c = x.rindex(b'PK\\1\\2'); x[c + 42] = 31; w(x)", "csar.inconsistent"
        ),
        ("many zeros come out of few bytes", "w(zip(f('a', bytes(64 << 20))))", "csar.bomb"),
        (
            "there are a million entries",
            "e = b'PK\\1\\2' + bytes(24) + b'\\1\\0' + bytes(16) + b'a'; x = b'PK\\3\\4' + bytes(22) + b'\\1\\0\\0\\0a' + e * 1000000;"
                + "s = struct.pack; n = 1000000; c = 31; k = len(x);"
                + "w(x + b'PK\\6\\6' + s('<QHHIIQQQQ', 44, 45, 45, 0, 0, n, n, k - c, c) + b'PK\\6\\7' + s('<IQI', 0, k, 1)"
                + " + b'PK\\5\\6' + s('<HHHHIIH', 0, 0, 65535, 65535, 2**32 - 1, 2**32 - 1, 0))",
            "csar.too-many-entries"
        ),
        (
            "there are a million entries, and it says one",
            "e = b'PK\\1\\2' + bytes(24) + b'\\1\\0' + bytes(16) + b'a'; x = b'PK\\3\\4' + bytes(22) + b'\\1\\0\\0\\0a' + e * 1000000;"
                + "w(x + b'PK\\5\\6' + struct.pack('<HHHHIIH', 0, 0, 1, 1, len(x) - 31, 31, 0))", "csar.inconsistent"
        ),
    ]

    private func check(_ program: String, _ code: String) throws {
        try Folder.with { folder in
            try folder.run("python3", "-c", Self.prelude + program)
            let path = folder["archive"]
            let start = ContinuousClock.now
            #expect(try codes { _ = try Archive(ArchiveInput(path: path)) } == [code])
            #expect(try codes { _ = try ArchiveInput(path: path).extract(into: folder["out"]) } == [code])
            #expect(ContinuousClock.now - start < .seconds(30))
            #expect(folder.contents == ["archive"])
        }
    }

    @Test(arguments: tarballs) func `a tarball is refused if`(_ what: String, _ program: String, _ code: String) throws {
        try check(program, code)
    }

    @Test(arguments: zipFiles) func `a zip file is refused if`(_ what: String, _ program: String, _ code: String) throws {
        try check(program, code)
    }

    @Test func `what is no archive is refused`() throws {
        for bytes in [[], [0x50, 0x4b], Array("hello".utf8), [UInt8](repeating: 1, count: 600)] {
            #expect(try codes { _ = try Archive(ArchiveInput(BytesContent(bytes), name: "a")) } == ["csar.not-an-archive"])
        }
    }

    @Test func `names that differ in case alone are a warning`() throws {
        try Folder.with { folder in
            try folder.run("python3", "-c", Self.prelude + "w(tar(f('a'), f('A')))")
            #expect(try Archive(ArchiveInput(path: folder["archive"])).warnings.map(\.code) == ["csar.names-differ-by-case"])
        }
    }

    /// Whether an archive is refused, by some limits.
    private func code(_ program: String, _ limits: ArchiveLimits) throws -> String? {
        try Folder.with { folder in
            try folder.run("python3", "-c", Self.prelude + program)
            return try codes { _ = try ArchiveListing(ArchiveInput(path: folder["archive"]), limits: limits) }.first
        }
    }

    @Test func `every limit is reached and not passed`() throws {
        let meta = "f('TOSCA.meta', b'CSAR-Version: 2.0\\nEntry-Definitions: a.yaml')"
        for make in ["tar", "zip"] {
            let three = "w(\(make)(\(meta), f('a.yaml'), d('b/')))"
            #expect(try code(three, ArchiveLimits(entries: 3)) == nil)
            #expect(try code(three, ArchiveLimits(entries: 2)) == "csar.too-many-entries")
            let sized = "w(\(make)(\(meta), f('a.yaml', b'x' * 100)))"
            #expect(try code(sized, ArchiveLimits(size: 143)) == nil)
            #expect(try code(sized, ArchiveLimits(size: 142)) == "csar.too-large")
            #expect(try code(sized, ArchiveLimits(metaSize: 43)) == nil)
            #expect(try code(sized, ArchiveLimits(metaSize: 42)) == "csar.too-large")
            #expect(try code(sized, ArchiveLimits(nameLength: 10)) == nil)
            #expect(try code(sized, ArchiveLimits(nameLength: 9)) == "csar.unsafe-name")
            let long = "w(\(make)(\(meta), f('a.yaml'), f('b' * 255)))"
            #expect(try code(long, .standard) == nil)
        }
        // As much comes out as was put in: the tarball has 2048 bytes more than its files, and is read in steps of 512.
        let large = "w(tar(f('a.yaml', b'x' * 1000000)))"
        #expect(try code(large, ArchiveLimits(ratio: 1, ratioFloor: 0)) == nil)
        let packed = "w(gzip.compress(header(b'a.yaml', 1 << 20) + bytes((1 << 20) + 1024)))"
        #expect(try code(packed, ArchiveLimits(ratio: 2000, ratioFloor: 0)) == nil)
        #expect(try code(packed, ArchiveLimits(ratio: 200, ratioFloor: 1 << 20)) == nil)
        #expect(try code(packed, ArchiveLimits(ratio: 200, ratioFloor: (1 << 20) - 1)) == "csar.bomb")
    }
}
