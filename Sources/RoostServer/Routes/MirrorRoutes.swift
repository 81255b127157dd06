import HTTPTypes
import Hummingbird
import RoostModel
import RoostWire

/// The server's copies of repositories, for the jobs that check them out: git's own protocol over HTTP (gitprotocol-http(5)), and the packs as they lie on disk.
///
/// The path says which repository of the run is meant (``MirrorPlace``): its alias, and the way to a submodule.
func addMirrorRoutes(to table: RouteTable) {
    let place = "roost/runs/{buildId}/repositories/{alias}/{submodule}"
    let job = RouteAccess.job(.ownRun)

    table.get("\(place)/info/refs", access: job) { call in
        guard call.query["service"] == "git-upload-pack" else {
            throw ControlError.forbidden(what: "change a repository through its mirror", needs: "its own address")
        }
        return GitBackend(folder: try await call.mirror()).advertisement(version: call.request.headers[.gitProtocol])
    }
    table.post("\(place)/git-upload-pack", access: job) { call in
        let folder = try await call.mirror()
        let body = try await call.request.body.collect(upTo: GitBackend.bodyLimit)
        return GitBackend(folder: folder).pack(
            body,
            encoding: call.request.headers[.contentEncoding],
            version: call.request.headers[.gitProtocol]
        )
    }
    table.get("\(place)/content", access: job) { call in
        try call.answer(await call.plane.mirrorContent(call.mirrorPart(), of: call.run().run))
    }
    table.get("\(place)/packs/{file}", access: job) { call in
        let folder = try await call.mirror()
        let name = call.text("file")
        guard let path = RepositoryService.packFile(name, in: folder) else {
            throw RequestProblem.badParameter(name: "file", value: name, expected: "pack-….pack or pack-….idx")
        }
        let body = try await FileIO().loadFile(path: path, context: call.context, chunkLength: 512 << 10)
        return Response(status: .ok, headers: [.contentType: "application/octet-stream"], body: body)
    }
}

extension HTTPField.Name {
    /// `Git-Protocol`; the text is a valid name, so that the fallback is never used.
    fileprivate static let gitProtocol = HTTPField.Name("Git-Protocol") ?? .accept
}

extension Call {
    fileprivate func mirrorPart() throws(RequestProblem) -> ControlPlane.MirrorPart {
        guard let alias = MirrorPlace.decode(raw("alias"))?.first, let submodules = MirrorPlace.decode(raw("submodule"))
        else {
            throw .badParameter(
                name: "alias",
                value: String(raw("alias")),
                expected: "base64url of a repository's alias"
            )
        }
        return ControlPlane.MirrorPart(alias: alias, submodules: submodules == MirrorPlace.itself ? [] : submodules)
    }

    /// The folder of the copy that the path names.
    fileprivate func mirror() async throws -> String {
        try await plane.mirror(mirrorPart(), of: run().run).folder
    }
}
