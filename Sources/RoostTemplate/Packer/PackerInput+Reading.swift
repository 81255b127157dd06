import Foundation
import RoostLanguage

extension PackerInput {
    /// Reads a template: one file, or all of a folder.
    ///
    /// - Parameter input: names the template and the files of values.
    /// - Returns: the template, and every file that cannot be read.
    static func reading(_ input: ImageTemplateInput) -> (input: PackerInput, diagnostics: [Diagnostic]) {
        var isFolder: ObjCBool = false
        let path = input.path
        guard input.text != nil || FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            return (PackerInput(templates: []), [missing(path)])
        }
        let names =
            isFolder.boolValue ? ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted() : []
        let within = { (ending: String) in
            names.filter { $0.hasSuffix(ending) }.map {
                path == "." ? $0 : (path as NSString).appendingPathComponent($0)
            }
        }
        var diagnostics: [Diagnostic] = []
        let templates = isFolder.boolValue ? within(".pkr.hcl") + within(".pkr.json") : [path]
        if templates.isEmpty { diagnostics.append(empty(path, names)) }
        let automatic = within(".auto.pkrvars.hcl") + within(".auto.pkrvars.json")
        let read = PackerInput(
            templates: input.text.map { [HCLFile(name: path, bytes: $0)] } ?? files(templates, &diagnostics),
            automaticFiles: files(automatic, &diagnostics),
            variableFiles: files(input.variableFiles, &diagnostics),
            arguments: input.arguments,
            offered: input.offered,
            environment: input.environment,
            lookups: input.lookups,
            evaluatesDataSources: input.evaluatesDataSources,
            root: input.folder,
            workingFolder: input.workingFolder
        )
        return (read, diagnostics)
    }

    private static func files(_ paths: [String], _ diagnostics: inout [Diagnostic]) -> [HCLFile] {
        paths.compactMap { path in
            guard let bytes = FileBytes.read(path) else {
                diagnostics.append(missing(path))
                return nil
            }
            return HCLFile(name: path, bytes: bytes)
        }
    }

    private static func empty(_ path: String, _ names: [String]) -> Diagnostic {
        let others = names.filter { $0.hasSuffix(".json") || $0.hasSuffix(".hcl") }
        return .error(
            "packer.empty-folder",
            "No template is in the folder '\(path)'.",
            advice: others.isEmpty
                ? "Templates of HCL2 are called *.pkr.hcl or *.pkr.json."
                : "Name the file: \(others.prefix(5).map { (path as NSString).appendingPathComponent($0) }.joined(separator: ", ")).",
            detail: "Files called *.pkr.hcl and *.pkr.json make up a template."
        )
    }

    static func missing(_ path: String) -> Diagnostic {
        .error(
            "packer.unreadable",
            "The file or folder '\(path)' cannot be read.",
            advice: "Look whether it exists and you have the right to it."
        )
    }
}
