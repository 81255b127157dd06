import Foundation
import RoostLanguage

/// Files of HCL2 that a path names: itself, or those in a folder.
struct ImageFileSearch {
    private static let endings = [".pkr.hcl", ".pkrvars.hcl"]

    private let path: String
    private let isRecursive: Bool

    init(_ path: String, isRecursive: Bool) {
        self.path = path
        self.isRecursive = isRecursive
    }

    /// In the order of their names, those of a folder before those within its folders.
    func files(_ problems: inout [Diagnostic]) -> [String] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            problems.append(.error("image.unreadable", "There is no file or folder '\(path)'."))
            return []
        }
        if isFolder.boolValue { return files(of: path, &problems) }
        if Self.endings.contains(where: path.hasSuffix) { return [path] }
        problems.append(
            .error(
                "image.not-hcl",
                "'\(path)' is no file of HCL2.",
                advice:
                    "Files of HCL2 are called *.pkr.hcl and *.pkrvars.hcl; 'roost image upgrade' makes one of a JSON template."
            )
        )
        return []
    }

    private func files(of folder: String, _ problems: inout [Diagnostic]) -> [String] {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
            problems.append(.error("image.unreadable", "The folder '\(folder)' cannot be read."))
            return []
        }
        let paths = names.sorted().map { folder == "." ? $0 : (folder as NSString).appendingPathComponent($0) }
        let files = paths.filter { path in Self.endings.contains(where: path.hasSuffix) }
        guard isRecursive else { return files }
        return files + paths.filter(isFolder).flatMap { self.files(of: $0, &problems) }
    }

    /// Links are not followed, because they may lead back.
    private func isFolder(_ path: String) -> Bool {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        return attributes?[.type] as? FileAttributeType == .typeDirectory
    }
}
