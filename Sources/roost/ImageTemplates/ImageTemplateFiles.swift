import ArgumentParser
import Foundation
import RoostContent
import RoostLanguage
import RoostTemplate
import RoostWire

/// A template on this machine, as it is sent to a server.
struct ImageTemplateFiles: ParsableArguments {
    @Option(help: "The template: a file, or a folder of *.pkr.hcl and *.pkr.json.", completion: .file())
    var file: String?

    @Option(
        help: ArgumentHelp("A file or folder beside the template that it needs; may be repeated.", valueName: "path")
    )
    var include: [String] = []

    @Option(help: ArgumentHelp("Value of a variable or a placeholder; may be repeated.", valueName: "name=value"))
    var parameter: [Assignment] = []

    @Option(help: ArgumentHelp("File of YAML or JSON with values: NAME: value; --parameter wins.", valueName: "path"))
    var parametersFile: String?

    /// All values that were given; nil when none was.
    func parameters() throws -> [String: String]? {
        let values = try ParameterValues.read(file: parametersFile, given: Assignment.dictionary(parameter))
        return values.isEmpty && parametersFile == nil ? nil : values
    }

    /// Puts the files into a draft, once the template was found to be right with these values.
    func fill(_ draft: inout ImageTemplateWire, parameters: [String: String]) throws {
        guard let file else { return }
        let place = URL(filePath: file).standardizedFileURL
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: place.path, isDirectory: &isFolder) else {
            throw ValidationError("--file: there is no '\(file)'.")
        }
        let folder = isFolder.boolValue ? place.path : place.deletingLastPathComponent().path
        let reading = try reading(file, parameters, folder)
        let isBuilder = reading.plan.targets.contains { $0.type == "azure-image-builder" }
        draft.form = isBuilder ? "ImageBuilder" : "Packer"
        draft.main = isFolder.boolValue ? "." : place.lastPathComponent
        draft.files = try contents(isFolder.boolValue ? [""] : [place.lastPathComponent] + include, in: folder)
        draft.source = reading.plan.source
        draft.distributesTo = reading.plan.galleries
    }

    private func reading(
        _ path: String,
        _ parameters: [String: String],
        _ folder: String
    ) throws -> ImageTemplateReading {
        let input = ImageTemplateInput(
            path: path,
            arguments: parameters.sorted { $0.key < $1.key }.map { PackerInput.Argument(name: $0.key, text: $0.value) },
            workingFolder: FileManager.default.currentDirectoryPath,
            now: Date()
        )
        let reading = ImageTemplate.read(input).reading
        let problems = reading.diagnostics(lookingForFilesIn: folder).filter { $0.code != "image.occupied" }
        ImageOutput(.person(isColoured: nil), reading).report(problems)
        guard !problems.hasErrors else { throw RoostExit.failed.code }
        return reading
    }

    /// What is in files and folders, by their paths below a folder.
    private func contents(_ names: [String], in folder: String) throws -> [ImageTemplateWire.File] {
        var found: [String: Data] = [:]
        for name in names {
            let path = name.isEmpty ? folder : "\(folder)/\(name)"
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
                throw ValidationError("--include: there is no '\(name)' beside the template.")
            }
            guard isFolder.boolValue else {
                found[name] = try Data(contentsOf: URL(filePath: path))
                continue
            }
            for inner in try FileManager.default.subpathsOfDirectory(atPath: path) where !inner.hasPrefix(".git/") {
                var isInnerFolder: ObjCBool = false
                let place = "\(path)/\(inner)"
                guard FileManager.default.fileExists(atPath: place, isDirectory: &isInnerFolder),
                    !isInnerFolder.boolValue
                else { continue }
                found[name.isEmpty ? inner : "\(name)/\(inner)"] = try Data(contentsOf: URL(filePath: place))
            }
        }
        return found.sorted { $0.key < $1.key }.map { ImageTemplateWire.File(path: $0.key, content: $0.value) }
    }
}

extension ImagePlan {
    /// The one version of a gallery that its targets begin with.
    fileprivate var source: ImageTemplateWire.Source? {
        let sources = targets.compactMap { target -> GalleryImageVersion? in
            guard case .galleryVersion(let version)? = target.base else { return nil }
            return version
        }
        guard let first = sources.first, sources.allSatisfy({ $0 == first }) else { return nil }
        return .init(gallery: first.image.gallery, definition: first.image.image, version: first.version)
    }

    /// Definitions that its targets are published to.
    fileprivate var galleries: [String] {
        let published = targets.flatMap { $0.destinations ?? [] }.compactMap { destination -> GalleryPublication? in
            if case .gallery(let publication) = destination.place { publication } else { nil }
        }
        let recorded = targets.flatMap(\.recordings).compactMap(\.recording)
        return Set((published + recorded).map { "/galleries/\($0.image.gallery)/images/\($0.image.image)" }).sorted()
    }
}
