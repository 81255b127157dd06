import Foundation
import RoostLanguage
import RoostModel

@testable import RoostAgent

/// A task in a folder that a test makes.
struct ScratchTask {
    static let id = "0f2a3c1e-8a65-4a0b-9c1f-3f8d2d7c9e10"
    let folder: String
    let reference = TaskReference(id: id, name: "Greeter", version: "1.2.3")

    /// Writes `task.json`, with more members of JSON, and files by name.
    init(_ parent: String, members: String, files: [String: String]) throws {
        folder = "\(parent)/greeter"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let json = """
            {
              "id": "\(Self.id)", "name": "Greeter", "friendlyName": "Greeter",
              "version": { "Major": 1, "Minor": 2, "Patch": 3 },
              \(members)
            }
            """
        for (name, text) in files.merging(["task.json": json], uniquingKeysWith: { $1 }) {
            try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(folder)/\(name)")
        }
    }

    /// Gives it to the jobs of a bench.
    func host(files: [String: String] = [:]) throws -> FolderTaskHost {
        let bytes = FileManager.default.contents(atPath: "\(folder)/task.json").map { [UInt8]($0) } ?? []
        guard let manifest = TaskManifestReader.read(bytes).manifest else {
            throw TaskFolderFailure.unreadable("Greeter", problems: [])
        }
        return FolderTaskHost(tasks: [(manifest, folder)], files: files)
    }

    /// A program `node` that knows its version and runs a file as a script of bash, which keeps names with dashes, in a folder of its own.
    static func fakeNode(_ parent: String, version: String) throws -> String {
        let folder = "\(parent)/bin-\(version)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let text = "#!/bin/bash\nif [ \"$1\" = --version ]; then echo v\(version); else exec /bin/bash \"$@\"; fi\n"
        try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/node"))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(folder)/node")
        return folder
    }
}
