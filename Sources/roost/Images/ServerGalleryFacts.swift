import Foundation
import RoostClient
import RoostImages
import RoostModel
import RoostWire

/// Answers questions about the galleries of the server that this program is connected to, and makes what is missing there.
actor ServerGalleryFacts: PreflightSource, PreflightMaker {
    private let options: ConnectionOptions
    private var connection: Task<Connection, any Error>?

    init(_ options: ConnectionOptions) { self.options = options }

    func close() async {
        if let connection { await (try? connection.value)?.close() }
    }

    /// Connects when the first asks.
    private func client() async throws -> RoostClient {
        let options = options
        let task = connection ?? Task { try Connection(try await options.current()) }
        connection = task
        return try await task.value.client
    }

    func answer(_ question: PreflightQuestion, until deadline: ContinuousClock.Instant) async -> PreflightAnswer? {
        guard case .gallery(let question) = question else { return nil }
        let url = (try? options.target().url) ?? "the server"
        do {
            let client = try await client()
            return try await Self.answered(by: deadline, at: url) {
                try await Self.fact(question, client).map(PreflightAnswer.found) ?? .missing
            }
        } catch let error as any UserFacingError {
            return .unknown(Self.obstacle(error))
        } catch {
            return .unknown(Self.obstacle(ClientError.timedOut(url: url)))
        }
    }

    private static func answered<Value: Sendable>(
        by deadline: ContinuousClock.Instant,
        at url: String,
        _ request: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Value.self) { group in
            group.addTask(operation: request)
            group.addTask {
                try await Task.sleep(until: deadline, clock: .continuous)
                throw ClientError.timedOut(url: url)
            }
            defer { group.cancelAll() }
            guard let value = try await group.next() else { throw ClientError.timedOut(url: url) }
            return value
        }
    }

    private static func obstacle(_ error: any UserFacingError) -> PreflightObstacle {
        var reason = error.summary
        while reason.hasSuffix(".") { reason.removeLast() }
        let isForbidden = error.code == "forbidden"
        return PreflightObstacle(
            isForbidden ? .forbidden : .unanswered,
            code: isForbidden ? "forbidden" : "server",
            reason: reason,
            address: error.location,
            advice: error.advice
        )
    }

    // MARK: Facts

    /// Nil when there is no such thing.
    private static func fact(
        _ question: GalleryQuestion,
        _ client: RoostClient
    ) async throws(ClientError) -> PreflightFact? {
        do throws(ClientError) { return try await read(question, client) } catch {
            guard case .refused(let refusal) = error, refusal.status == 404 else { throw error }
            return nil
        }
    }

    private static func read(
        _ question: GalleryQuestion,
        _ client: RoostClient
    ) async throws(ClientError) -> PreflightFact {
        switch question {
        case .regions:
            let names = try await client.imageRegions().map(\.name)
            return .regions(Dictionary(names.map { ($0.lowercased(), $0) }) { first, _ in first })
        case .gallery(let name): return .resource(AzureResourceFact(location: try await client.gallery(name).location))
        case .definition(let gallery, let image):
            let definition = try await client.imageDefinition(image, gallery: gallery)
            return .resource(
                AzureResourceFact(
                    location: definition.location,
                    system: definition.properties?.osType,
                    state: definition.properties?.osState,
                    generation: definition.properties?.hyperVGeneration,
                    architecture: definition.properties?.architecture
                )
            )
        case .versions(let gallery, let image):
            let versions = try await client.imageVersions(gallery: gallery, definition: image)
            return .versions(versions.compactMap(\.fact))
        case .resolution(let gallery, let image, let selector):
            let found = try await client.resolveImage(selector, gallery: gallery, definition: image)
            return .resolution(found.version.name ?? selector)
        }
    }

    // MARK: Making

    func make(_ draft: PreflightDraft) async throws -> Bool? {
        switch draft {
        case .azure: return nil
        case .gallery(let name, let location):
            let client = try await client()
            guard try await Self.fact(.gallery(name), client) == nil else { return false }
            _ = try await client.putGallery(name, GalleryWire(location: location))
        case .definition(let gallery, let image, let draft):
            let client = try await client()
            guard try await Self.fact(.definition(gallery: gallery, image: image), client) == nil else { return false }
            _ = try await client.putImageDefinition(image, gallery: gallery, draft.wire)
        }
        return true
    }
}

extension ImageVersionWire {
    fileprivate var fact: ImageVersionFact? {
        guard let name else { return nil }
        let publishing = properties?.publishingProfile
        let regions = publishing?.targetRegions ?? []
        return ImageVersionFact(
            name: name,
            state: properties?.provisioningState ?? "Succeeded",
            isExcluded: publishing?.excludeFromLatest ?? false,
            regions: regions.map(\.name),
            excludedRegions: regions.filter { $0.excludeFromLatest == true }.map(\.name)
        )
    }
}

extension ImageDefinitionDraft {
    fileprivate var wire: ImageDefinitionWire {
        var properties = ImageDefinitionWire.Properties()
        properties.identifier = .init(publisher: publisher, offer: offer, sku: sku)
        properties.osType = system
        properties.osState = state
        properties.hyperVGeneration = generation
        properties.architecture = architecture
        return ImageDefinitionWire(properties: properties)
    }
}
