import Foundation
import RoostContent
import RoostLanguage
import RoostModel

/// A task on this machine: a folder with a `task.json` that was read and is fine.
struct TaskPackage {
    let folder: String
    let manifest: TaskManifest
    /// `publisher.extension.contribution.task`; nil when it is in no extension.
    let contribution: String?
    /// What is wrong and hinders nobody.
    let warnings: [TaskManifestProblem]

    /// Reads a folder.
    ///
    /// - Parameters:
    ///   - folder: with `task.json` in it.
    ///   - shown: what messages call the folder.
    ///   - contribution: the beginning of its full name.
    /// - Throws: ``TaskPathFailure`` with all problems.
    init(folder: String, shown: String, contribution: String? = nil) throws {
        guard let bytes = FileManager.default.contents(atPath: "\(folder)/task.json") else {
            throw TaskPathFailure.noTask(path: shown)
        }
        let (manifest, problems) = TaskManifestReader.read([UInt8](bytes))
        let missing = manifest?.targetProblems { target in Self.hasFile(target, in: folder) } ?? []
        let all = problems + missing
        guard let manifest, missing.isEmpty else {
            throw TaskPathFailure.invalid(path: shown, problems: all.filter(\.isError))
        }
        self.folder = folder
        self.manifest = manifest
        self.contribution = contribution.map { "\($0).\(manifest.name)" }
        warnings = all
    }

    private static func hasFile(_ target: String, in folder: String) -> Bool {
        let real = URL(fileURLWithPath: "\(folder)/\(target)").resolvingSymlinksInPath().path
        let inside = URL(fileURLWithPath: folder).resolvingSymlinksInPath().path
        var isDirectory = ObjCBool(false)
        return real.hasPrefix("\(inside)/") && FileManager.default.fileExists(atPath: real, isDirectory: &isDirectory)
            && !isDirectory.boolValue
    }
}
