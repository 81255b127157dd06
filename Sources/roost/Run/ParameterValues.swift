import Foundation
import RoostLanguage
import RoostPipeline

/// Values of parameters from the command line and from a file; those of the command line win.
enum ParameterValues {
    /// - Throws: `CommandFailure` when the file cannot be read, `ParameterFileProblem` when it is no mapping.
    static func read(file: String?, given: [String: String]) throws -> [String: String] {
        guard let file else { return given }
        guard let data = FileManager.default.contents(atPath: file) else {
            throw CommandFailure.fileUnreadable(path: file)
        }
        let (values, diagnostics) = ParameterFile.read(name: file, text: String(decoding: data, as: UTF8.self))
        let errors = diagnostics.filter(\.isError)
        guard errors.isEmpty else {
            throw CommandFailure.parametersUnusable(problems: errors.map(\.description).joined(separator: "\n"))
        }
        return values.merging(given) { _, given in given }
    }
}
