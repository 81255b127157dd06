import FoundationEssentials
import RoostModel

/// What is asked of a template; what is nil stays as it is.
struct ImageTemplateDraft: Sendable {
    var form: ManagedImageTemplate.Form?
    var location: String?
    var tags: [String: String]?
    /// Name or id.
    var project: String?
    var pool: String?
    var main: String?
    var files: [String: Data]?
    var parameters: [String: String]?
    var source: ImageTemplateSource?
    var distributesTo: [ImageDefinitionKey]?

    /// Most files of one template, and the most bytes of all together.
    private static let mostFiles = 1000
    private static let mostBytes = 12 << 20

    /// Refuses files that could not be kept, or that would be something else than a template.
    func check(_ name: String, form: ManagedImageTemplate.Form, main: String) throws(ImageTemplateError) {
        guard let files else { return }
        func refuse(_ problem: String) -> ImageTemplateError { .files(name, problem: problem) }
        guard files.count <= Self.mostFiles else { throw refuse("there are more than \(Self.mostFiles)") }
        guard files.values.reduce(0, { $0 + $1.count }) <= Self.mostBytes else {
            throw refuse("they have more than \(Self.mostBytes >> 20) MiB together")
        }
        if let path = files.keys.sorted().first(where: { !Self.isPath($0) }) {
            throw refuse("'\(path.prefix(200))' is no path below their folder")
        }
        guard files.keys.contains(main) || files.keys.contains(where: { $0.hasPrefix("\(main)/") }) || main == "."
        else {
            throw refuse("the template '\(main)' is not among them")
        }
        guard form == .imageBuilder, let data = files[main] else { return }
        guard ImageTemplateDocument(data)?.isTemplate ?? false else { throw .notTemplate(name, file: main) }
    }

    /// Relative, without dots as parts, and not where git or Roost keep theirs.
    private static func isPath(_ path: String) -> Bool {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard path.utf8.count <= 1000, !path.unicodeScalars.contains(where: { $0.value < 32 }) else { return false }
        let first = parts[0].lowercased()
        return first != ".git" && first != ImageTemplateFolder.own
            && parts.allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." && $0.lowercased() != ".git" }
    }
}
