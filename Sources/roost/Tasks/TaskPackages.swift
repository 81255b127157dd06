import Foundation
import RoostContent
import RoostLanguage

/// The tasks that a path gives: a folder, a ZIP archive, or an extension (VSIX) with several.
final class TaskPackages {
    let packages: [TaskPackage]
    /// Where an archive was unpacked; removed with this.
    private let scratch: String?

    /// - Throws: ``TaskPathFailure``, `ZipFault`.
    init(path: String) throws {
        if isFolder(path) {
            scratch = nil
            packages = try Self.read(URL(fileURLWithPath: path).standardizedFileURL.path, shown: path)
            return
        }
        guard FileManager.default.fileExists(atPath: path) else { throw TaskPathFailure.missing(path: path) }
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("roost-task-\(UUID().uuidString)")
            .path
        scratch = folder
        do {
            try ZipReader(path: path).extract(to: folder)
            packages = try Self.read(folder, shown: path)
        } catch {
            try? FileManager.default.removeItem(atPath: folder)
            throw error
        }
    }

    deinit { if let scratch { try? FileManager.default.removeItem(atPath: scratch) } }

    private static func read(_ folder: String, shown: String) throws -> [TaskPackage] {
        func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: "\(folder)/\(name)") }
        if has("task.json") { return [try TaskPackage(folder: folder, shown: shown)] }
        for name in ["extension.vsomanifest", "vss-extension.json"] where has(name) {
            return try readExtension(folder, name, shown: shown)
        }
        throw TaskPathFailure.noTask(path: shown)
    }

    /// The tasks among the contributions of an extension.
    private static func readExtension(_ folder: String, _ name: String, shown: String) throws -> [TaskPackage] {
        let place = "\(shown)/\(name)"
        let bytes = FileManager.default.contents(atPath: "\(folder)/\(name)").map { [UInt8]($0) } ?? []
        let root: JSONNode
        do throws(JSONFault) { root = try JSONNode.read(bytes) } catch {
            throw TaskPathFailure.extensionInvalid(path: "\(place):\(error.line)", reason: error.problem)
        }
        let publisher = [root["publisher"]?.text, root["extensionId"]?.text ?? root["id"]?.text].compactMap { $0 }
        var packages: [TaskPackage] = []
        for contribution in root["contributions"]?.items ?? []
        where contribution["type"]?.text?.lowercased() == "ms.vss-distributed-task.task" {
            let part = contribution["properties"]?["name"]?.text ?? contribution["id"]?.text ?? ""
            let parts = part.split(separator: "/")
            guard !part.isEmpty, !part.hasPrefix("/"), !parts.contains("..") else {
                throw TaskPathFailure.extensionInvalid(
                    path: "\(place):\(contribution.line)",
                    reason: "a contribution names no folder of the extension"
                )
            }
            let full = (publisher + [contribution["id"]?.text].compactMap { $0 }).joined(separator: ".")
            packages += try tasks(below: "\(folder)/\(part)", shown: "\(shown)/\(part)", contribution: full)
        }
        if packages.isEmpty { throw TaskPathFailure.noTask(path: shown) }
        return packages
    }

    /// A contribution is a task, or a folder with a task for each major version.
    private static func tasks(below folder: String, shown: String, contribution: String) throws -> [TaskPackage] {
        if FileManager.default.fileExists(atPath: "\(folder)/task.json") {
            return [try TaskPackage(folder: folder, shown: shown, contribution: contribution)]
        }
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
        let found = try names.filter { FileManager.default.fileExists(atPath: "\(folder)/\($0)/task.json") }.map {
            try TaskPackage(folder: "\(folder)/\($0)", shown: "\(shown)/\($0)", contribution: contribution)
        }
        if found.isEmpty { throw TaskPathFailure.noTask(path: shown) }
        return found
    }
}
