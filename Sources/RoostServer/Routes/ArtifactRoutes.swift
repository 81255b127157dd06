import FoundationEssentials
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import RoostContent
import RoostModel
import RoostStore
import RoostWire

/// Artifacts in the shapes of Azure DevOps: lists, archives, single files, file containers.
func addArtifactRoutes(to table: RouteTable) {
    let artifacts = "build/builds/{buildId}/artifacts"
    let read = RouteAccess.scope(.build).or(.job(.ownRun))

    table.get(artifacts, .service(.optional), access: read) { call in
        let run = try await call.run().run
        guard let name = call.query["artifactName"] else {
            return try call.list(await call.plane.artifacts(of: run.id).map { call.view($0, run) })
        }
        let artifact = try await call.plane.artifact(name, of: run)
        switch call.artifactFormat {
        case .description: return try call.answer(call.view(artifact, run))
        case .archive: return try await call.archive(artifact, run, subPath: call.query["subPath"])
        case .file: return try await call.file(artifact, run)
        }
    }
    // What `##vso[artifact.associate]` of Microsoft's agent sends.
    table.post(artifacts, .service(.optional), access: .scope(.buildExecute).or(.job(.ownRun))) { call in
        let run = try await call.run().run
        let draft = try await call.decode(BuildArtifactWire.self)
        let artifact = try await call.plane.associateArtifact(
            run: run,
            name: draft.name ?? "",
            type: draft.resource?.type ?? "filepath",
            data: draft.resource?.data ?? "",
            properties: draft.resource?.properties ?? [:],
            by: call.caller
        )
        return try call.answer(call.view(artifact, run))
    }
    table.get("pipelines/{pipelineId}/runs/{runId}/artifacts", .service(.required), access: .scope(.build)) { call in
        let run = try await call.run("runId").run
        guard let name = call.query["artifactName"] else {
            throw ControlError.invalid(what: "The request", problem: "it has no 'artifactName'", advice: nil)
        }
        let artifact = try await call.plane.artifact(name, of: run)
        let view = call.view(artifact, run)
        let content = PipelineArtifactWire.SignedContent(url: view.resource?.downloadUrl)
        return try call.answer(
            PipelineArtifactWire(
                name: artifact.name,
                url: view.resource?.url,
                signedContent: call.query["$expand"] == nil ? nil : content
            )
        )
    }
    // The container of a run has the run's number; the first part of a path is the artifact.
    for path in ["resources/containers/{buildId}", "resources/containers/{buildId}/**"] {
        table.get(path, access: read) { call in try await call.container() }
    }
}

/// What is asked of an artifact.
private enum ArtifactFormat {
    case description, archive, file
}

extension Call {
    fileprivate var artifactFormat: ArtifactFormat {
        let asked = (query["$format"] ?? query["format"])?.lowercased()
        if query["fileId"] != nil || asked == "file" { return .file }
        return asked == "zip" || negotiation.prefers("application/zip") ? .archive : .description
    }

    func view(_ artifact: Artifact, _ run: Run) -> BuildArtifactWire {
        let address =
            "\(buildAddress(run.id, run.project))/artifacts?artifactName=\(PercentCoding.encode(artifact.name))"
        let data =
            switch artifact.kind {
            case .pipeline: artifact.content?.manifest.first?.id.description
            case .container: "#/\(run.id)/\(artifact.name)"
            case .place(_, let data): data
            }
        var properties = artifact.properties
        if let content = artifact.content { properties["artifactsize"] = String(content.size) }
        return BuildArtifactWire(
            id: artifact.id.rawValue,
            name: artifact.name,
            source: artifact.source?.uuidString.lowercased(),
            resource: BuildArtifactWire.Resource(
                type: artifact.kind.name,
                data: data,
                properties: properties,
                url: "\(address)&api-version=7.1",
                downloadUrl: artifact.content == nil ? data : "\(address)&api-version=7.1&%24format=zip"
            )
        )
    }

    // MARK: Archives

    /// An archive made while it is sent: `NAME/path`, as Azure DevOps has it.
    ///
    /// Up to ``checkedFirst`` bytes are read and checked before the answer begins, so that damage is told in words; beyond that it breaks the connection.
    func archive(_ artifact: Artifact, _ run: Run, subPath: String? = nil) async throws -> Response {
        var reader = try await plane.reader(artifact, of: run)
        let below = subPath.map { $0.split(separator: "/").joined(separator: "/") } ?? ""
        let entries = reader.manifest.entries.filter { entry in
            below.isEmpty || entry.path == below || entry.path.hasPrefix("\(below)/")
        }
        guard !entries.isEmpty || below.isEmpty else {
            throw ContentError.fileNotFound(path: below, artifact: artifact.name)
        }
        if entries.reduce(0, { $0 + $1.size }) <= checkedFirst { try await reader.checkAll(entries) }
        let name = artifact.name
        let body = ResponseBody { [reader, logger = services.plane.logger] writer in
            do {
                try await Self.write(entries, of: name, reader, &writer)
            } catch let error as ContentError {
                logger.error("an archive could not be completed", metadata: ["error": "\(error.summary)"])
                throw error
            }
        }
        return Response(status: .ok, headers: Self.download("\(name).zip", "application/zip"), body: body)
    }

    private static func write(
        _ entries: [ContentManifest.Entry],
        of name: String,
        _ reader: ContentReader,
        _ writer: inout any ResponseBodyWriter
    ) async throws {
        var reader = reader
        var archive = ZipArchive()
        for entry in entries {
            let moment = Date(timeIntervalSince1970: Double(entry.modified) * 1e-9)
            var path = "\(name)/\(entry.path)"
            var mode = entry.mode
            switch entry.kind {
            case .folder:
                path += "/"
                mode |= 0o040000
            case .file: mode |= 0o100000
            case .link: mode = 0o120777
            }
            try await writer.write(ByteBuffer(bytes: archive.begin(path, at: moment, mode: mode)))
            if case .link(let target) = entry.kind {
                archive.add(Array(target.utf8))
                try await writer.write(ByteBuffer(string: target))
            }
            try await reader.read(entry) { bytes in
                archive.add(bytes)
                try await writer.write(ByteBuffer(bytes: bytes))
            }
            try await writer.write(ByteBuffer(bytes: archive.end()))
        }
        try await writer.write(ByteBuffer(bytes: archive.finish()))
        try await writer.finish(nil)
    }

    // MARK: Single files

    fileprivate func file(_ artifact: Artifact, _ run: Run) async throws -> Response {
        let path = query["subPath"] ?? query["fileName"] ?? query["fileId"] ?? ""
        return try await file(path, artifact, run)
    }

    /// A file of an artifact as it is.
    func file(_ path: String, _ artifact: Artifact, _ run: Run) async throws -> Response {
        var reader = try await plane.reader(artifact, of: run)
        let wanted = path.split(separator: "/").joined(separator: "/")
        guard let entry = reader.manifest.entries.first(where: { $0.path == wanted && $0.isFile }) else {
            throw ContentError.fileNotFound(path: wanted, artifact: artifact.name)
        }
        if entry.size <= checkedFirst { try await reader.checkAll([entry]) }
        let body = ResponseBody(contentLength: entry.size) { [reader] writer in
            var reader = reader
            try await reader.read(entry) { try await writer.write(ByteBuffer(bytes: $0)) }
            try await writer.finish(nil)
        }
        let name = String(wanted.split(separator: "/").last ?? "file")
        return Response(status: .ok, headers: Self.download(name, "application/octet-stream"), body: body)
    }

    /// Headers of something that browsers save; what jobs made is never shown as a page.
    private static func download(_ name: String, _ type: String) -> HTTPFields {
        let plain = String(name.unicodeScalars.map { $0.isASCII && $0.value >= 32 && $0 != "\"" ? Character($0) : "_" })
        return [
            .contentType: type,
            .contentDisposition:
                "attachment; filename=\"\(plain)\"; filename*=UTF-8''\(PercentCoding.encode(name))",
            .xContentTypeOptions: "nosniff",
        ]
    }

    // MARK: File containers

    /// Lists what is below a path of a run's container, or gives a file of it.
    fileprivate func container() async throws -> Response {
        let run = try await self.run().run
        let rest = context.parameters.getCatchAll().map { PercentCoding.decode($0) }.joined(separator: "/")
        let path = (query["itemPath"] ?? rest).split(separator: "/").map(String.init)
        let inner = path.dropFirst().joined(separator: "/")
        let all = try await plane.artifacts(of: run.id).filter { $0.content != nil }
        let chosen = all.filter { path.isEmpty || $0.name.lowercased() == path[0].lowercased() }
        let wantsBytes =
            negotiation.prefers("application/octet-stream") || query["$format"]?.lowercased() == "octetstream"
        if wantsBytes || query["$format"]?.lowercased() == "zip" || negotiation.prefers("application/zip") {
            guard let artifact = chosen.first, !path.isEmpty else {
                throw ContentError.artifactNotFound(name: path.first ?? "", run: run.number, known: all.map(\.name))
            }
            return wantsBytes
                ? try await file(inner, artifact, run) : try await archive(artifact, run, subPath: inner)
        }
        var items: [FileContainerItemWire] = []
        for artifact in chosen {
            let entries = try await plane.files(of: artifact, run: run).filter { entry in
                inner.isEmpty || entry.path == inner || entry.path.hasPrefix("\(inner)/")
            }
            if inner.isEmpty { items.append(item(artifact.name, nil, run)) }
            items += entries.map { item("\(artifact.name)/\($0.path)", $0, run) }
        }
        return try list(items)
    }

    private func item(_ path: String, _ entry: ContentManifest.Entry?, _ run: Run) -> FileContainerItemWire {
        let address = "\(services.address)_apis/resources/Containers/\(run.id)?itemPath=\(PercentCoding.encode(path))"
        let isFile = entry?.isFile ?? false
        return FileContainerItemWire(
            containerId: run.id.rawValue,
            path: path,
            itemType: isFile ? "file" : "folder",
            status: "created",
            fileLength: isFile ? entry?.size : nil,
            dateLastModified: entry.map { Date(timeIntervalSince1970: Double($0.modified) * 1e-9) },
            contentLocation: isFile ? "\(address)&%24format=OctetStream" : nil,
            itemLocation: address
        )
    }
}

/// Bytes that are checked before an answer with them begins.
private let checkedFirst = 64 << 20
