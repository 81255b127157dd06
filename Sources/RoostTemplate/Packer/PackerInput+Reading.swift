import Foundation
public import RoostLanguage

extension PackerInput {
    /// Reads a template: one file, or all of a folder.
    ///
    /// - Parameters:
    ///   - path: the file or folder.
    ///   - variableFiles: paths of files of values.
    /// - Returns: the template with the environment of this process.
    /// - Throws: a ``Diagnostic`` naming the file that cannot be read.
    public static func reading(_ path: String, variableFiles: [String] = []) throws(Diagnostic) -> PackerInput {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { throw missing(path) }
        let folder = isFolder.boolValue ? path : (path as NSString).deletingLastPathComponent
        let names =
            isFolder.boolValue ? ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted() : []
        let within = { (ending: String) in names.filter { $0.hasSuffix(ending) }.map { "\(path)/\($0)" } }
        let templates = isFolder.boolValue ? within(".pkr.hcl") + within(".pkr.json") : [path]
        let automatic = within(".auto.pkrvars.hcl") + within(".auto.pkrvars.json")
        return PackerInput(
            templates: try files(templates),
            automaticFiles: try files(automatic),
            variableFiles: try files(variableFiles),
            environment: ProcessInfo.processInfo.environment,
            root: folder.isEmpty ? "." : folder,
            workingFolder: FileManager.default.currentDirectoryPath
        )
    }

    private static func files(_ paths: [String]) throws(Diagnostic) -> [HCLFile] {
        var files: [HCLFile] = []
        for path in paths {
            guard let data = FileManager.default.contents(atPath: path) else { throw missing(path) }
            files.append(HCLFile(name: path, bytes: [UInt8](data)))
        }
        return files
    }

    private static func missing(_ path: String) -> Diagnostic {
        .error(
            "packer.unreadable",
            "The file or folder '\(path)' cannot be read.",
            advice: "Look whether it exists and you have the right to it."
        )
    }
}
