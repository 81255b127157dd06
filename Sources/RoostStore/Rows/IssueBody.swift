import RoostModel

/// An issue in a body.
struct IssueBody: Codable {
    var kind: Issue.Kind
    var category: String?
    var message: String
    var data: [String: String]?

    init(_ issue: Issue) {
        kind = issue.kind
        category = issue.category == Self.usualCategory ? nil : issue.category
        message = issue.message
        data = issue.data.isEmpty ? nil : issue.data
    }

    private static let usualCategory = "General"

    var noun: Issue { Issue(kind, message, category: category ?? Self.usualCategory, data: data ?? [:]) }
}

/// A task in a body.
struct TaskBody: Codable {
    var id: String
    var name: String
    var version: String

    init(_ task: TaskReference) {
        id = task.id
        name = task.name
        version = task.version
    }

    var noun: TaskReference { TaskReference(id: id, name: name, version: version) }
}
