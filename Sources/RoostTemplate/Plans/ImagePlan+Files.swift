import Foundation
public import RoostLanguage

extension ImagePlan {
    /// Files of this machine that steps name and that are not there, each once.
    ///
    /// - Parameter folder: what relative paths are relative to: where the build is started.
    /// - Returns: an error per place that names a missing file.
    public func missingFiles(in folder: String) -> [Diagnostic] {
        var known: [String: Bool] = [:]
        let exists = { (path: String) in
            let path = path.hasPrefix("~/") ? NSHomeDirectory() + path.dropFirst() : path
            let place = URL(filePath: path, relativeTo: URL(filePath: folder, directoryHint: .isDirectory)).path
            let isThere = known[place] ?? FileManager.default.fileExists(atPath: place)
            known[place] = isThere
            return isThere
        }
        let catalog = ComponentCatalog.standard
        return targets.flatMap { target in
            target.components.flatMap { catalog.missingFiles($0.settings, of: $0.name, exists: exists) }
        }.withoutRepetitions
    }
}

extension ImagePlan {
    /// Folders for results that are there already, which a build refuses to write into.
    func occupiedFolders(in folder: String) -> [Diagnostic] {
        targets.compactMap { target in
            guard let value = target.settings["output_directory"], case .text(let path) = value.form, !path.isEmpty
            else { return nil }
            let place = URL(filePath: path, relativeTo: URL(filePath: folder, directoryHint: .isDirectory)).path
            guard FileManager.default.fileExists(atPath: place) else { return nil }
            return .warning(
                "image.occupied",
                "The output folder \"\(path)\" of \(target.name) exists already",
                at: (value.range ?? target.range)?.span,
                advice: "A build refuses to write into it; remove it, or build with -force, which replaces it."
            )
        }
    }
}

extension ImageTemplateReading {
    /// All problems, with files that are not there and folders that should not be, in the order of the template.
    public func diagnostics(lookingForFilesIn folder: String) -> [Diagnostic] {
        (diagnostics + plan.missingFiles(in: folder) + plan.occupiedFolders(in: folder)).ordered(by: sources)
    }
}

extension ImageTarget {
    /// Its builder and its steps, each with its settings.
    var components: [(name: ComponentName, settings: ImageSettings)] {
        let provisioners = provisioners + validations + [errorCleanup].compactMap(\.self)
        return [(ComponentName(.builder, type, range: range), settings)]
            + provisioners.map { (ComponentName(.provisioner, $0.type, range: $0.range), $0.settings) }
            + postProcessors.flatMap { $0 }.map {
                (ComponentName(.postProcessor, $0.type, range: $0.range), $0.settings)
            }
    }
}
