import RoostLanguage
import RoostModel

/// An input of a task that takes connections.
struct ConnectionInput: Hashable, Sendable {
    var name: String
    /// `connectedService:TYPE:SCHEME,SCHEME`.
    var type: String
}

/// Whether a task can do something with a connection, as its `task.json` says: `connectedService:TYPE:SCHEME,SCHEME`.
struct ConnectionFit {
    let connection: TaskConnection
    let input: ConnectionInput
    let step: PlannedStep

    private var parts: [String] { input.type.split(separator: ":").map(String.init) }
    /// What the input takes; nil is any.
    private var type: String? { parts.count > 1 && parts[1] != "*" ? parts[1] : nil }
    /// Schemes that the task can use; empty is any.
    private var schemes: [String] {
        guard parts.count > 2 else { return [] }
        return parts[2].split(separator: ",").map { $0.filter { $0 != " " } }
    }

    /// What is wrong; nil when nothing is.
    ///
    /// - Parameter allowsAnyKind: leaves it to the task to find out that it cannot use the kind.
    /// - Returns: an error at the step.
    func problem(_ allowsAnyKind: Bool) -> Diagnostic? {
        if let type, !equalIgnoringCase(type, connection.type) {
            return error(
                "service-connection.wrong-type",
                "is of the type '\(connection.type)', and \(task) takes '\(type)' there",
                "Name a connection of that type."
            )
        }
        guard !schemes.isEmpty, !allowsAnyKind,
            !schemes.contains(where: { equalIgnoringCase($0, connection.scheme) })
        else { return nil }
        let accepted = connection.isCloud ? schemes.flatMap(ConnectionKind.all).map(\.rawValue) : schemes
        let own = connection.isCloud ? connection.kind.rawValue : connection.scheme
        return error(
            "service-connection.wrong-kind",
            "is of the kind '\(own)', and \(task) accepts \(accepted.joined(separator: ", "))",
            "Name a connection of such a kind, or use a version of the task that accepts this one."
        )
    }

    private var task: String {
        "input '\(input.name)' of \(step.task.name)@\(step.task.version.split(separator: ".").first ?? "")"
    }

    private func error(_ code: String, _ problem: String, _ advice: String) -> Diagnostic {
        let place = step.place.isEmpty ? "" : "\(step.place): "
        return .error(code, "\(place)The service connection '\(connection.name)' \(problem).", advice: advice)
    }
}
