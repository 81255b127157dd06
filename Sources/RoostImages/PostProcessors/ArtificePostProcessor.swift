import Foundation

/// Puts other files in the place of those of an artifact.
struct ArtificePostProcessor: ImagePostProcessor {
    func process(_ artifact: ImageArtifact, _ work: StepWork) async throws -> PostProcessed {
        let files = try work.texts("files").flatMap { pattern -> [String] in
            let found = FilePattern.matches(pattern, in: work.context.workingFolder)
            guard !found.isEmpty else {
                throw ImageBuildFailure.file(path: pattern, reason: "no file of this name is there for artifice")
            }
            return found
        }
        let result = ImageArtifact(
            builderID: "packer.post-processor.artifice",
            id: "",
            text: "Created artifact from files: \(files.joined(separator: ", "))",
            files: files
        )
        return PostProcessed(result, keepsInput: true)
    }
}

/// Files by a pattern of the shell.
enum FilePattern {
    /// As the pattern writes them: relative when it is.
    static func matches(_ pattern: String, in folder: String) -> [String] {
        let isAbsolute = pattern.hasPrefix("/")
        var found = glob_t()
        defer { globfree(&found) }
        let prefix = isAbsolute ? "" : escaped(folder) + "/"
        guard glob(prefix + pattern, 0, nil, &found) == 0 else { return [] }
        return (0..<Int(found.gl_pathc)).compactMap { place in
            guard let path = found.gl_pathv[place].map({ String(cString: $0) }) else { return nil }
            return isAbsolute ? path : String(path.dropFirst(folder.count + 1))
        }
    }

    private static func escaped(_ text: String) -> String {
        String(text.flatMap { "*?[]\\".contains($0) ? ["\\", $0] : [$0] })
    }
}
