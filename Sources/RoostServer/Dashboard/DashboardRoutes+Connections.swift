import Foundation
import Hummingbird
import RoostModel

/// Service connections, and who may use them.
extension DashboardRoutes {
    func addConnectionPages<Context: RequestContext>(to router: some RouterMethods<Context>) {
        page(router, "/connections") { request, _ in connectionsPage(request) }
        page(router, "/connections/:connection") { try connectionPage($0, $1) }
        action(router, "/connections/:connection/verify") { request, context, _ in
            let shown = try connection(context)
            try manage(shown, request, to: "verify a service connection")
            guard let task = plane.taskConnection(shown.id, in: nil) else {
                throw ConnectionFailure(connection: shown.name, kind: .none, reason: .notVerifiable(type: shown.type))
            }
            _ = try await plane.verify(task, by: request.caller)
            return "/connections/\(shown.id)"
        }
        for (word, isGiven) in [("permit", true), ("revoke", false)] {
            action(router, "/connections/:connection/\(word)") { request, context, form in
                let shown = try connection(context)
                try manage(shown, request, to: "\(word) the use of a service connection")
                var draft = PermissionDraft()
                if let pipeline = Int(form["pipeline"]) {
                    draft.pipelines[PipelineID(pipeline)] = isGiven
                } else {
                    draft.everyone = isGiven
                }
                let use = ResourceUse(resource: shown.resource, name: shown.name)
                _ = try await plane.setPermission(draft, of: use, in: shown.project, by: request.caller)
                return "/connections/\(shown.id)"
            }
        }
        action(router, "/permissions/:permission/permit") { request, context, _ in
            try request.require(.buildExecute, to: "permit the use of something")
            guard let id = context.get("permission").flatMap({ CheckRunID(text: $0) }) else {
                throw DashboardPathError()
            }
            return "/runs/\(try await plane.permit(id, by: request.caller))"
        }
    }

    // MARK: What is shown

    /// A connection of either kind.
    private struct ShownConnection {
        var id: String
        var project: ProjectID
        var name: String
        var type: String
        var description: String
        var address: String
        var task: TaskConnection?

        var resource: ProtectedResource { ProtectedResource(.serviceConnection, id) }

        init(_ connection: TaskConnection) {
            id = connection.id.uuidString.lowercased()
            project = ProjectID(connection.project)
            name = connection.name
            type = connection.type
            description = connection.description
            address = connection.url
            task = connection
        }

        init(_ connection: ServiceConnection) {
            id = connection.id.description
            project = connection.project
            name = connection.name
            type = connection.registry == nil ? "incomingwebhook" : ServiceConnection.registryType
            description = connection.description
            address = connection.registry?.address ?? ""
        }
    }

    private func connection(_ parameters: Parameters) throws -> ShownConnection {
        let name = parameters.get("connection") ?? ""
        if let task = plane.taskConnection(name, in: nil) { return ShownConnection(task) }
        return ShownConnection(try plane.serviceConnection(name, in: nil))
    }

    private func manage(_ shown: ShownConnection, _ request: DashboardRequest, to what: String) throws {
        try request.require(.buildExecute, to: what)
        guard let holder = request.principal?.roleHolder else { throw DashboardPathError() }
        try plane.check(.manage, on: plane.chain(of: .serviceConnection(shown.id)), for: holder)
    }

    private var allConnections: [ShownConnection] {
        let tasks = plane.taskConnections(in: nil).map { ShownConnection($0) }
        let others = plane.serviceConnections(in: nil).map { ShownConnection($0) }
        return (tasks + others).sorted { ($0.name.lowercased(), $0.id) < ($1.name.lowercased(), $1.id) }
    }

    // MARK: Pages

    private struct Row {
        var id: String
        var name: String
        var project: String
        var description: String
        var type: String
        var kind: String
        var cloud: String
        var users: String
        var state: String
        var stateText: String
    }

    private struct Fact {
        var name: String
        var value: String
    }

    private struct PermissionRow {
        var connection: String
        var pipeline: Int
        var name: String
        var by: String
        var at: String
        var age: String
    }

    private struct UseRow {
        var run: Int
        var number: String
        var pipeline: String
        var job: String
        var at: String
        var age: String
    }

    private func connectionsPage(_ request: DashboardRequest) -> Page {
        let t = request.phrases
        let rows = allConnections.filter { sees(.serviceConnection($0.id), request) }.map { shown in
            Row(
                id: shown.id,
                name: shown.name,
                project: (try? plane.project(shown.project.description))?.name ?? "",
                description: shown.description,
                type: shown.type,
                kind: shown.task?.kind.rawValue ?? "",
                cloud: shown.task.flatMap { $0.isCloud ? $0.taskData[ignoringCase: Cloud.Field.environment] : nil }
                    ?? "",
                users: users(of: shown, t),
                state: state(of: shown.task),
                stateText: stateText(of: shown.task, t)
            )
        }
        let content = render("connections", ["t": t.table, "connections": rows] as [String: Any])
        return Page(title: t["connections"], section: "connections", content: content)
    }

    private func users(of shown: ShownConnection, _ t: Phrases) -> String {
        let permission = plane.read { $0.permissions[shown.resource] }
        guard let permission, permission.everyone == nil else { return t["everyPipeline"] }
        return permission.list.isEmpty ? t["noPipeline"] : "\(permission.list.count) \(t["pipelineCount"])"
    }

    private func state(of task: TaskConnection?) -> String {
        guard let verification = task?.verification else { return "" }
        return verification.problem == nil ? "succeeded" : "failed"
    }

    private func stateText(of task: TaskConnection?, _ t: Phrases) -> String {
        guard let task, task.isCloud else { return "" }
        return task.verification.map { t[$0.problem == nil ? "verify.good" : "verify.bad"] } ?? t["verify.never"]
    }

    private func connectionPage(_ request: DashboardRequest, _ parameters: Parameters) throws -> Page {
        let t = request.phrases
        let shown = try connection(parameters)
        let permission = plane.read { $0.permissions[shown.resource] }
        let now = Date()
        let granted = permission?.list ?? []
        let others = plane.pipelines(in: shown.project).filter { pipeline in
            !granted.contains { $0.pipeline == pipeline.id }
        }
        let values: [String: Any] = [
            "t": t.table, "id": shown.id, "name": shown.name, "description": shown.description,
            "facts": facts(shown, t), "isVerifiable": shown.task?.isCloud == true,
            "state": state(of: shown.task), "stateText": stateText(of: shown.task, t),
            "problem": shown.task?.verification?.problem ?? "",
            "hasProblem": shown.task?.verification?.problem != nil,
            "isOpen": permission.map { $0.everyone != nil } ?? true, "isEmpty": granted.isEmpty,
            "permissions": granted.map { pipeline, grant in
                PermissionRow(
                    connection: shown.id,
                    pipeline: pipeline.rawValue,
                    name: (try? plane.pipeline(pipeline))?.name ?? "\(pipeline)",
                    by: grant.by,
                    at: grant.at.ISO8601Format(),
                    age: t.age(grant.at, now: now)
                )
            },
            "others": others.map { ["id": "\($0.id)", "name": $0.name] }, "hasOthers": !others.isEmpty,
            "uses": UUID(uuidString: shown.id).map { plane.uses(of: $0) }.map { uses in
                uses.map { use in
                    UseRow(
                        run: use.run,
                        number: use.runNumber,
                        pipeline: use.pipelineName,
                        job: use.jobName,
                        at: use.at.ISO8601Format(),
                        age: t.age(use.at, now: now)
                    )
                }
            } ?? [],
        ]
        return Page(title: shown.name, section: "connections", content: render("connection", values))
    }

    private func facts(_ shown: ShownConnection, _ t: Phrases) -> [Fact] {
        var facts = [Fact(name: t["type"], value: shown.type), Fact(name: t["address"], value: shown.address)]
        guard let task = shown.task else { return facts.filter { !$0.value.isEmpty } }
        facts.append(Fact(name: t["connectionKind"], value: task.kind.rawValue))
        guard task.isCloud else { return facts }
        let parameters = (try? plane.parameters(of: task)) ?? [:]
        facts.append(Fact(name: t["cloud"], value: task.taskData[ignoringCase: Cloud.Field.environment] ?? ""))
        facts.append(Fact(name: t["tenant"], value: parameters[ignoringCase: CloudParameter.tenant] ?? ""))
        facts.append(Fact(name: t["client"], value: parameters[ignoringCase: CloudParameter.client] ?? ""))
        if task.kind == .federation {
            facts.append(Fact(name: t["issuer"], value: plane.tokenIssuerURL))
            facts.append(Fact(name: t["subject"], value: plane.subject(of: task)))
            facts.append(Fact(name: t["audience"], value: task.federationAudience))
        }
        return facts.filter { !$0.value.isEmpty }
    }
}
