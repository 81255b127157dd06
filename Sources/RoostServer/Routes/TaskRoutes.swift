import FoundationEssentials
import HTTPTypes
import Hummingbird
import NIOCore
import RoostContent
import RoostLanguage
import RoostModel
import RoostWire

/// Tasks: those that are built into the agents, and those that are installed.
func addTaskRoutes(to table: RouteTable) {
    let access = RouteAccess.scope(.agentPools, .build).or(.job(.any))
    let item = "distributedtask/tasks/{taskId}"
    table.get("distributedtask/tasks", access: access) { call in try call.list(call.taskViews()) }
    table.get(item, access: access) { call in
        let id = try call.uuid("taskId")
        return try call.list(call.taskViews().filter { $0.id == id })
    }
    table.get("\(item)/{versionString}", access: access) { call in
        let id = try call.uuid("taskId")
        let version = call.text("versionString")
        if let task = call.plane.installedTask(id: id, version: version) {
            guard call.negotiation.prefers("application/zip") else { return try call.answer(TaskDefinitionWire(task)) }
            return call.package(task)
        }
        guard let task = TaskDefinitionWire.builtIn.first(where: { $0.id == id }) else {
            throw TaskPackageError.notFound(id: call.text("taskId").lowercased(), version: version)
        }
        guard !call.negotiation.prefers("application/zip") else {
            throw RequestProblem.notFound(what: "package of task '\(task.name ?? "")': it is built into Roost's agent")
        }
        return try call.answer(task)
    }
    table.put(item, access: .scope(.agentPoolsManage)) { call in
        let task = try await call.plane.installTask(
            id: call.uuid("taskId").uuidString.lowercased(),
            call.request.body,
            overwrites: call.query.flag("overwrite"),
            contribution: call.query["contribution"],
            by: call.caller
        )
        return try call.answer(TaskDefinitionWire(task))
    }
    table.delete("\(item)/{versionString}", access: .scope(.agentPoolsManage)) { call in
        let id = try call.uuid("taskId").uuidString.lowercased()
        try await call.plane.deleteTask(id: id, version: call.text("versionString"), by: call.caller)
        return call.nothing
    }
}

extension Call {
    /// All versions, or with `allVersions=false` the newest of each major version.
    fileprivate func taskViews() -> [TaskDefinitionWire] {
        var installed = plane.installedTasks()
        if query["allVersions"]?.lowercased() == "false" {
            let newest = Dictionary(grouping: installed) { "\($0.manifest.id)@\($0.manifest.version.major)" }
                .compactMapValues { $0.map(\.manifest.version).max() }
            installed = installed.filter {
                newest["\($0.manifest.id)@\($0.manifest.version.major)"] == $0.manifest.version
            }
        }
        return TaskDefinitionWire.builtIn + installed.map { TaskDefinitionWire($0) }
    }

    /// A package, piece by piece.
    fileprivate func package(_ task: InstalledTask) -> Response {
        send(
            StoredFile(
                chunks: task.row.chunks,
                size: task.row.size,
                sha256: task.row.sha256,
                space: InstalledTask.space,
                name: "the package of task '\(task.manifest.name)'",
                type: "application/zip"
            )
        )
    }
}

/// A file that is kept in chunks.
struct StoredFile: Sendable {
    var chunks: [ContentChunk]
    /// Bytes.
    var size: Int
    /// Hexadecimal.
    var sha256: String
    /// The chunks' space.
    var space: String
    /// For a person.
    var name: String
    /// Of the content.
    var type: String
}

extension Call {
    /// A file, piece by piece.
    func send(_ file: StoredFile) -> Response {
        let body = ResponseBody(contentLength: file.size) { [plane] writer in
            for chunk in file.chunks {
                let bytes = try await ContentReader.chunk(chunk.id, in: file.space, of: file.name, plane.chunks)
                try await writer.write(ByteBuffer(bytes: bytes))
            }
            try await writer.finish(nil)
        }
        var headers: HTTPFields = [.contentType: file.type, .xContentTypeOptions: "nosniff"]
        if let name = HTTPField.Name("X-Roost-SHA256") { headers[name] = file.sha256 }
        return Response(status: .ok, headers: headers, body: body)
    }
}

extension ControlPlane {
    /// A version of a task; one of a major version alone is its newest.
    fileprivate func installedTask(id: UUID, version: String) -> InstalledTask? {
        let id = id.uuidString.lowercased()
        let all = installedTasks().filter { $0.manifest.id == id }
        guard let major = Int(version) else { return all.first { $0.manifest.version.description == version } }
        return all.filter { $0.manifest.version.major == major }.max { $0.manifest.version < $1.manifest.version }
    }
}

extension TaskDefinitionWire {
    /// The tasks behind the shorthands of the language are the agent's own: there is nothing to download.
    fileprivate static let builtIn = [
        TaskDefinitionWire(.commandLine, "Command line"), TaskDefinitionWire(.bash, "Bash"),
        TaskDefinitionWire(.powerShell, "PowerShell"), TaskDefinitionWire(.checkout, "Checkout"),
    ]

    private init(_ task: TaskReference, _ friendlyName: String) {
        let version = TaskVersion(task.version) ?? TaskVersion(major: 0, minor: 0, patch: 0)
        self.init(
            id: UUID(uuidString: task.id),
            name: task.name,
            friendlyName: friendlyName,
            version: Version(version)
        )
    }

    fileprivate init(_ task: InstalledTask) {
        let manifest = task.manifest
        self.init(
            id: UUID(uuidString: manifest.id),
            name: manifest.name,
            friendlyName: manifest.friendlyName,
            version: Version(manifest.version),
            contentsUploaded: true
        )
        description = manifest.description
        contributionIdentifier = task.row.contribution
        minimumAgentVersion = manifest.minimumAgentVersion
        instanceNameFormat = manifest.instanceNameFormat
        demands = manifest.demands
        inputs = manifest.inputs.map(Input.init)
        prejobexecution = Self.handlers(manifest, .before)
        execution = Self.handlers(manifest, .main)
        postjobexecution = Self.handlers(manifest, .after)
        deprecated = manifest.deprecation == nil ? nil : true
        packageSize = task.row.size
        packageHash = task.row.sha256
        installedBy = task.row.installedBy
        installedOn = task.row.installedAt
    }

    private static func handlers(_ manifest: TaskManifest, _ section: TaskManifest.Section) -> [String: Handler]? {
        manifest.sections[section].map { entries in
            Dictionary(entries.map { ($0.handler, Handler(target: $0.target)) }) { first, _ in first }
        }
    }
}

extension TaskDefinitionWire.Version {
    fileprivate init(_ version: TaskVersion) {
        self.init(major: version.major, minor: version.minor, patch: version.patch)
    }
}

extension TaskDefinitionWire.Input {
    fileprivate init(_ input: TaskManifestInput) {
        self.init(
            name: input.name,
            aliases: input.aliases.isEmpty ? nil : input.aliases,
            label: input.label,
            type: input.type,
            defaultValue: input.defaultValue,
            required: input.isRequired,
            visibleRule: input.visibleRule,
            helpMarkDown: input.help.isEmpty ? nil : input.help
        )
    }
}
