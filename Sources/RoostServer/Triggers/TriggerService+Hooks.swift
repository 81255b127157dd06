import Crypto
import FoundationEssentials
import Logging
import RoostModel
import RoostPipeline
import RoostWire

/// What a host's message came to for one pipeline.
struct HookAnswer: Sendable {
    var pipeline: Pipeline
    var record: TriggerRecord
}

extension TriggerService {
    /// Whether a message that is signed so is for anybody.
    func hasPipeline(in project: ProjectID?, signedBy isSigned: (Secret) -> Bool) -> Bool {
        plane.settings.triggers
            && plane.pipelines(in: project).contains { $0.triggers.webhookSecret.map(isSigned) ?? false }
    }

    /// Takes a host's message to every pipeline that it concerns and whose secret it was signed with.
    ///
    /// - Parameters:
    ///   - event: the message.
    ///   - project: only pipelines of a project; nil is all.
    ///   - isSigned: whether it was signed with a secret.
    /// - Returns: what came of it for each pipeline; nothing for a message that was taken before.
    func take(
        _ event: HostEvent,
        project: ProjectID?,
        isSigned: @Sendable (Secret) -> Bool
    ) async -> (answers: [HookAnswer], isRepeated: Bool) {
        let signed = plane.pipelines(in: project).filter { $0.triggers.webhookSecret.map(isSigned) ?? false }
        if let delivery = event.delivery, !deliveries.isNew(delivery) { return ([], true) }
        var answers: [HookAnswer] = []
        await withTaskGroup(of: [HookAnswer].self) { group in
            for pipeline in signed { group.addTask { await self.tell(event, to: pipeline) } }
            for await more in group { answers += more }
        }
        return (answers.sorted { $0.pipeline.id < $1.pipeline.id }, false)
    }

    private func tell(_ event: HostEvent, to pipeline: Pipeline) async -> [HookAnswer] {
        var records: [TriggerRecord] = []
        if concerns(event, pipeline) {
            switch event.content {
            case .pushes(let pushes):
                for push in pushes {
                    if let new = await self.push(push, to: pipeline.id, "push") { records.append(new) }
                }
            case .pullRequest(let request):
                if let new = await pullRequest(request, to: pipeline.id) { records.append(new) }
            case .comment(let comment):
                if let new = await self.comment(comment, to: pipeline) { records.append(new) }
            case .images, .package, .other: break
            }
        }
        records += await artifacts(event, of: pipeline)
        if case .pushes(let pushes) = event.content {
            for (resource, url) in resources(of: pipeline, at: event) {
                for push in pushes {
                    let new = await self.push(push, toRepository: resource, at: url, of: pipeline.id)
                    if let new { records.append(new) }
                }
            }
        }
        return records.map { HookAnswer(pipeline: pipeline, record: $0) }
    }

    /// Whether the message is about the repository of a pipeline: by its address, by its name, or by where the map says it is.
    private func concerns(_ event: HostEvent, _ pipeline: Pipeline) -> Bool {
        let own = RepositoryAddress(pipeline.repository.url)
        if event.urls.contains(where: { RepositoryAddress($0) == own }) { return true }
        guard !event.repositoryName.isEmpty else { return false }
        if pipeline.repository.name.lowercased() == event.repositoryName.lowercased() { return true }
        return mapped(event, PlannedRepository(alias: "self", type: "git", name: event.repositoryName), pipeline) == own
    }

    private func mapped(_ event: HostEvent, _ repository: PlannedRepository, _ pipeline: Pipeline) -> RepositoryAddress?
    {
        guard let map = try? RepositoryMap.read(plane.settings.repositoryMap),
            let project = try? plane.project(pipeline.project.description)
        else { return nil }
        return map.location(of: repository, project: project.name, allowsPaths: true).map { RepositoryAddress($0) }
    }

    /// Repositories of the file's resources that have a trigger and are the one of the message.
    private func resources(of pipeline: Pipeline, at event: HostEvent) -> [(RepositoryResource, String)] {
        let declared = plane.read { $0.triggers.pipelines[pipeline.id]?.main?.triggers.repositories } ?? []
        let addresses = event.urls.map { RepositoryAddress($0) }
        return declared.compactMap { resource in
            guard resource.trigger != nil, let project = try? plane.project(pipeline.project.description) else {
                return nil
            }
            let planned = PlannedRepository(
                alias: resource.alias,
                type: resource.type,
                name: resource.name,
                ref: resource.ref,
                endpoint: resource.endpoint
            )
            guard let url = try? plane.location(of: planned, pipeline, project) else { return nil }
            let isNamed = resource.name.lowercased() == event.repositoryName.lowercased()
            return isNamed || addresses.contains(RepositoryAddress(url)) ? (resource, url) : nil
        }
    }
}

/// An address of a repository without what differs between the ways to reach it: scheme, user, `.git`.
struct RepositoryAddress: Hashable, Sendable {
    private let text: String

    init(_ url: String) {
        var rest = url[...]
        if let scheme = rest.firstRange(of: "://") {
            let isFile = rest[..<scheme.lowerBound] == "file"
            rest = rest[scheme.upperBound...]
            if !isFile { rest = Self.withoutUserAndPort(rest) }
        } else if let colon = rest.firstIndex(of: ":"), !rest[..<colon].contains("/") {
            // git@host:path
            let host = rest[..<colon]
            let name = host.lastIndex(of: "@").map { host[host.index(after: $0)...] } ?? host
            rest = "\(name)/\(rest[rest.index(after: colon)...])"[...]
        }
        while rest.last == "/" { rest = rest.dropLast() }
        if rest.lowercased().hasSuffix(".git") { rest = rest.dropLast(4) }
        text = rest.lowercased()
    }

    private static func withoutUserAndPort(_ text: Substring) -> Substring {
        let end = text.firstIndex(of: "/") ?? text.endIndex
        var host = text[..<end]
        if let at = host.lastIndex(of: "@") { host = host[host.index(after: at)...] }
        if let colon = host.lastIndex(of: ":") { host = host[..<colon] }
        return "\(host)\(text[end...])"[...]
    }
}

/// How each host signs its messages; every comparison takes the same time whatever is compared.
struct HookSignature: Sendable {
    let host: HookHost
    let body: Data
    let signature: String?
    let tokens: [String]

    /// Reads what the headers bring.
    init(_ host: HookHost, body: Data, header: (String) -> String?) {
        self.host = host
        self.body = body
        switch host {
        case .github:
            let text = header("X-Hub-Signature-256")
            signature = text.flatMap { $0.hasPrefix("sha256=") ? String($0.dropFirst(7)) : nil }
            tokens = []
        case .gitea:
            signature = header("X-Gitea-Signature") ?? header("X-Forgejo-Signature")
            tokens = []
        case .gitlab:
            signature = nil
            tokens = [header("X-Gitlab-Token")].compactMap(\.self)
        case .azuredevops, .registry:
            signature = nil
            tokens = [header("X-Roost-Hook-Secret"), Self.password(header("Authorization"))].compactMap(\.self)
        }
    }

    /// Whether the message was signed with a secret, or brings it.
    func isMade(with secret: Secret) -> Bool {
        let key = SymmetricKey(data: Data(secret.exposed.utf8))
        if let signature {
            guard let code = Self.bytes(signature) else { return false }
            return HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: body, using: key)
        }
        return tokens.contains { Self.isSame($0, secret) }
    }

    /// Compares a text with a secret.
    private static func isSame(_ token: String, _ secret: Secret) -> Bool {
        // Codes of both are compared, so that neither content nor length shows in the time.
        let mark = SymmetricKey(size: .bits256)
        let own = HMAC<SHA256>.authenticationCode(for: Data(secret.exposed.utf8), using: mark)
        return HMAC<SHA256>.isValidAuthenticationCode(Data(own), authenticating: Data(token.utf8), using: mark)
    }

    private static func password(_ header: String?) -> String? {
        guard let header, header.lowercased().hasPrefix("basic "),
            let data = Data(base64Encoded: String(header.dropFirst(6)).filter { !$0.isWhitespace })
        else { return nil }
        let text = String(decoding: data, as: UTF8.self)
        return text.firstIndex(of: ":").map { String(text[text.index(after: $0)...]) }
    }

    /// The bytes that so many hexadecimal digits write; nil for anything else.
    static func bytes(_ hexadecimal: String, digits: Int = 64) -> [UInt8]? {
        guard hexadecimal.utf8.count == digits else { return nil }
        var bytes: [UInt8] = []
        var rest = hexadecimal[...]
        while !rest.isEmpty {
            guard let byte = UInt8(rest.prefix(2), radix: 16) else { return nil }
            bytes.append(byte)
            rest = rest.dropFirst(2)
        }
        return bytes
    }
}
