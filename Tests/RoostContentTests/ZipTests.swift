import Foundation
import RoostContent
import RoostTesting
import Testing

@Suite("ZIP archives")
struct ZipTests {
    private func withFolder(_ body: (ScratchFolder) throws -> Void) throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        try body(folder)
    }

    /// An archive of stored entries.
    private func archive(_ entries: [(name: String, text: String, mode: Int?)]) -> [UInt8] {
        var archive = ZipArchive()
        var bytes: [UInt8] = []
        for entry in entries {
            bytes += archive.begin(entry.name, at: Date(timeIntervalSince1970: 1e9), mode: entry.mode)
            archive.add(Array(entry.text.utf8))
            bytes += Array(entry.text.utf8) + archive.end()
        }
        return bytes + archive.finish()
    }

    private func write(_ bytes: [UInt8], _ folder: ScratchFolder) throws -> String {
        let path = "\(folder.path)/a.zip"
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        return path
    }

    @Test("what was packed is unpacked, with the right to be run")
    func roundTrip() throws {
        try withFolder { folder in
            let large = String(repeating: "0123456789", count: 50_000)
            let path = try write(
                archive([("task.json", "{}", 0o100644), ("bin/run", large, 0o100755), ("empty", "", nil)]),
                folder
            )
            let reader = try ZipReader(path: path)
            #expect(reader.entries.map(\.name) == ["task.json", "bin/run", "empty"])
            try reader.extract(to: "\(folder.path)/out")
            #expect(FileManager.default.contents(atPath: "\(folder.path)/out/bin/run") == Data(large.utf8))
            #expect(FileManager.default.isExecutableFile(atPath: "\(folder.path)/out/bin/run"))
            #expect(FileManager.default.contents(atPath: "\(folder.path)/out/empty") == Data())
        }
    }

    @Test("an archive of another program, packed, is unpacked")
    func deflated() async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let script = """
            import zipfile
            z = zipfile.ZipFile('a.zip', 'w', zipfile.ZIP_DEFLATED)
            z.writestr('d/', '')
            z.writestr('d/a.txt', 'line of text\\n' * 100000)
            z.writestr('b.bin', bytes(range(256)) * 900)
            z.close()
            """
        let python = try ChildProgram(
            executable: "/usr/bin/env",
            ["python3", "-c", script],
            folder: folder.path
        )
        #expect(await python.finished().code == 0)
        let reader = try ZipReader(path: "\(folder.path)/a.zip")
        try reader.extract(to: "\(folder.path)/out")
        let text = FileManager.default.contents(atPath: "\(folder.path)/out/d/a.txt")
        #expect(text == Data(String(repeating: "line of text\n", count: 100_000).utf8))
        let binary = FileManager.default.contents(atPath: "\(folder.path)/out/b.bin")
        #expect(binary == Data((0..<900).flatMap { _ in (0...255).map { UInt8($0) } }))
    }

    @Test(
        "names that leave the folder, and links, are refused before anything is written",
        arguments: [
            ("../x", 0o100644), ("/etc/x", 0o100644), ("a/../../x", 0o100644), ("a\\..\\x", 0o100644),
            ("a//b", 0o100644),
            ("link", 0o120777), ("pipe", 0o010644),
        ]
    )
    func unsafe(_ name: String, _ mode: Int) throws {
        try withFolder { folder in
            let path = try write(archive([("ok", "1", 0o100644), (name, "/etc/passwd", mode)]), folder)
            #expect(throws: ZipFault.unsafeName(name)) { try ZipReader(path: path) }
        }
    }

    @Test("sizes beyond the limits, and ones that are not true, are refused")
    func sizes() throws {
        try withFolder { folder in
            let path = try write(archive([("a", "0123456789", nil), ("b", "0123456789", nil)]), folder)
            #expect(throws: ZipFault.tooLarge("unpacked it has more than 15 bytes")) {
                try ZipReader(path: path, limits: ZipLimits(unpacked: 15))
            }
            #expect(throws: ZipFault.tooLarge("it has 2 entries; at most 1 are read")) {
                try ZipReader(path: path, limits: ZipLimits(entries: 1))
            }
            var bytes = archive([("a", "0123456789", nil)])
            // The unpacked size in the directory, 24 bytes behind its begin.
            let directory = bytes.count - 22 - 46 - 1
            bytes[directory + 24] = 5
            let lying = try ZipReader(path: write(bytes, folder))
            #expect(throws: ZipFault.damaged("'a' is longer than the archive says")) {
                try lying.extract(to: "\(folder.path)/out")
            }
        }
    }

    @Test("every cut and every changed byte gives an error or the same files, never a crash")
    func damage() throws {
        try withFolder { folder in
            let whole = archive([("a.txt", "some text", 0o100644), ("b/c.txt", "more", 0o100644)])
            var refused = 0
            for place in whole.indices {
                var changed = whole
                changed[place] ^= 0x55
                for bytes in [changed, Array(whole[..<place])] {
                    let path = try write(bytes, folder)
                    let out = "\(folder.path)/out"
                    try? FileManager.default.removeItem(atPath: out)
                    do {
                        try ZipReader(path: path).extract(to: out)
                    } catch is ZipFault {
                        refused += 1
                    }
                }
            }
            #expect(refused > whole.count)
        }
    }
}
