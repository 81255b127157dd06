import RoostModel

/// A pipeline may not use something of its project.
struct NotPermitted: UserFacingError, Hashable {
    var resource: ProtectedResource
    /// Of the resource.
    var name: String
    var pipeline: String

    init(_ use: ResourceUse, pipeline: String) {
        resource = use.resource
        name = use.name
        self.pipeline = pipeline
    }

    var code: String { "permission.missing" }

    var summary: String { "The pipeline '\(pipeline)' is not permitted to use the \(resource.kind.word) '\(name)'." }

    var advice: String? {
        "Permit it with 'roost permission permit \(resource.kind.argument) \"\(name)\" --pipeline \"\(pipeline)\"'."
    }

    /// In one line.
    var text: String { [summary, advice].compactMap(\.self).joined(separator: " ") }
}
