import FoundationEssentials
import Hummingbird
import NIOCore
import RoostModel
import RoostWire

/// Secure files of a project: people put them in and take them away; their bytes leave the server only for a job whose steps name them.
func addSecureFileRoutes(to table: RouteTable) {
    let base = "distributedtask/securefiles"
    let item = "\(base)/{secureFileId}"
    table.get(base, .service(.required), access: .scope(.build)) { call in
        let pattern = call.query["namePattern"]?.lowercased()
        let ids = call.query.list("secureFileIds").map { Set($0.map { $0.lowercased() }) }
        let found = try call.plane.secureFiles(in: call.requiredProject().id).filter { file in
            (pattern.map { matches(file.name.lowercased(), $0) } ?? true)
                && (ids?.contains(file.id.uuidString.lowercased()) ?? true)
        }
        return try call.list(found.map { call.view($0) })
    }
    table.post(base, .service(.required), access: .scope(.buildExecute)) { call in
        guard let name = call.query["name"] else {
            throw RequestProblem.malformed(place: "name", problem: "the query names no 'name'")
        }
        let bytes = Array(try await call.body().readableBytesView)
        let project = try call.requiredProject().id
        return try call.answer(call.view(await call.plane.addSecureFile(name, bytes, in: project, by: call.caller)))
    }
    table.get(item, .service(.required), access: .scope(.build).or(.job(.any))) { call in
        guard call.query.flag("download") || call.negotiation.prefers("application/octet-stream") else {
            let file = try call.secureFile(in: call.requiredProject().id)
            guard call.job == nil else { throw SecureFileError.noTicket(file.name) }
            return try call.answer(call.view(file))
        }
        return try await call.secureFileBytes()
    }
    table.delete(item, .service(.required), access: .scope(.buildExecute)) { call in
        let file = try call.secureFile(in: call.requiredProject().id)
        try await call.plane.deleteSecureFile(file, by: call.caller)
        return call.nothing
    }
}

/// Whether a name fits a pattern with `*`; without one it must begin so, as in Azure DevOps.
private func matches(_ name: String, _ pattern: String) -> Bool {
    let parts = (pattern.contains("*") ? pattern : "\(pattern)*").split(
        separator: "*",
        omittingEmptySubsequences: false
    )
    guard let first = parts.first, let last = parts.last, name.hasPrefix(first) else { return false }
    var rest = name.dropFirst(first.count)
    for part in parts.dropFirst().dropLast() {
        guard let range = rest.firstRange(of: part) else { return false }
        rest = rest[range.upperBound...]
    }
    return parts.count == 1 ? rest.isEmpty : rest.hasSuffix(last)
}

extension Call {
    fileprivate func secureFile(in project: ProjectID) throws -> SecureFile {
        try plane.secureFile(text("secureFileId"), in: project)
    }

    /// For a job of the project only, whoever else has the ticket.
    fileprivate func secureFileBytes() async throws -> Response {
        guard case .job(let job, _, _, let project) = principal else {
            throw SecureFileError.notNamed(text("secureFileId"))
        }
        let file = try secureFile(in: requiredProject().id)
        guard file.project == project.rawValue else { throw SecureFileError.notNamed(file.name) }
        let bytes = try await plane.openSecureFile(file, ticket: query["ticket"] ?? "", job: job)
        return self.bytes(bytes, type: "application/octet-stream")
    }

    fileprivate func view(_ file: SecureFile) -> SecureFileWire {
        SecureFileWire(
            id: file.id,
            name: file.name,
            createdOn: file.createdAt,
            createdBy: file.createdBy,
            size: file.size
        )
    }
}
