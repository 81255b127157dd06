import FoundationEssentials
public import RoostImages
public import RoostModel
import RoostTemplate

/// Makes resources that are missing in a cloud; what is there is left as it is.
public struct AzureMaker: PreflightMaker {
    private let facts: AzureFacts
    /// After this, something that is not ready counts as failed.
    private let patience: Duration

    public init(_ facts: AzureFacts, patience: Duration = .seconds(300)) {
        self.facts = facts
        self.patience = patience
    }

    public func make(_ draft: PreflightDraft) async throws -> Bool? {
        guard case .azure(let signIn, let draft) = draft else { return nil }
        let deadline = ContinuousClock.now + patience
        do throws(AzureObstacle) {
            let connection = try await facts.sessions.connection(signIn, by: deadline)
            let reader = AzureReader(connection: connection, deadline: deadline)
            guard try await reader.wire(draft.id) == nil else { return false }
            try await make(draft, reader, connection, deadline)
            return true
        } catch { throw PreflightMakingFailure(title: draft.id.title, obstacle: error.preflight) }
    }

    private func make(
        _ draft: AzureDraft,
        _ reader: AzureReader,
        _ connection: AzureConnection,
        _ deadline: ContinuousClock.Instant
    ) async throws(AzureObstacle) {
        let url = try reader.address(draft.id)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let body = try? encoder.encode(AzureDraftWire(draft)) else { return }
        var answer = try await connection.send("PUT", url, body: body, by: deadline)
        while try Self.isUnderWay(answer, url) {
            let pause = Duration.seconds(min(30, max(0, answer?.retryAfter ?? 1)))
            _ = try await answered(by: deadline, at: url) { try await Task.sleep(for: pause) }
            answer = try await connection.send("GET", url, by: deadline)
        }
    }

    /// Whether it is still being made; one that is gone again, or that failed, is an error.
    private static func isUnderWay(_ answer: AzureConnection.Answer?, _ url: String) throws(AzureObstacle) -> Bool {
        guard let answer else {
            throw .refused(AzureRefusal(url: url, status: 404, code: "NotFound", message: "it is not there"))
        }
        let wire = try? JSONDecoder().decode(AzureResourceWire.self, from: answer.body)
        let state = wire?.value("provisioningState")?.text ?? "Succeeded"
        switch state.lowercased() {
        case "succeeded": return false
        case "failed", "canceled", "deleting":
            throw .refused(AzureRefusal(url: url, status: answer.status, code: state, message: "its state is \(state)"))
        default: return true
        }
    }
}

/// Why something that is missing could not be made.
public struct PreflightMakingFailure: UserFacingError {
    var title: String
    var obstacle: PreflightObstacle

    public var code: String { "preflight.making" }
    public var summary: String { "The \(title) could not be made: \(obstacle.reason)." }
    public var location: String? { obstacle.address }
    public var advice: String? { obstacle.advice }
}

/// A resource as it is asked for.
private struct AzureDraftWire: Encodable {
    struct Identifier: Encodable {
        var publisher: String
        var offer: String
        var sku: String
    }

    struct Feature: Encodable {
        var name: String
        var value: String
    }

    struct Prefixes: Encodable { var addressPrefixes: [String] }

    struct Subnet: Encodable {
        struct Properties: Encodable { var addressPrefix: String }

        var name: String
        var properties: Properties
    }

    struct Properties: Encodable {
        var osType: String?
        var osState: String?
        var hyperVGeneration: String?
        var architecture: String?
        var identifier: Identifier?
        var features: [Feature]?
        var addressSpace: Prefixes?
        var subnets: [Subnet]?
        var addressPrefix: String?
    }

    var location: String?
    var properties: Properties?

    init(_ draft: AzureDraft) {
        location = draft.location.isEmpty ? nil : draft.location
        switch draft.kind {
        case .group: break
        case .gallery: properties = Properties()
        case .definition(let definition): properties = Self.properties(definition)
        case .network(let prefix, let subnet):
            properties = Properties(
                addressSpace: Prefixes(addressPrefixes: [prefix]),
                subnets: subnet.map { [Subnet(name: $0.name, properties: .init(addressPrefix: $0.prefix))] }
            )
        case .subnet(let prefix): properties = Properties(addressPrefix: prefix)
        }
    }

    private static func properties(_ draft: ImageDefinitionDraft) -> Properties {
        let features = draft.features.sorted { $0.key < $1.key }.map { Feature(name: $0.key, value: $0.value) }
        return Properties(
            osType: draft.system,
            osState: draft.state,
            hyperVGeneration: draft.generation,
            architecture: draft.architecture,
            identifier: Identifier(publisher: draft.publisher, offer: draft.offer, sku: draft.sku),
            features: features.isEmpty ? nil : features
        )
    }
}
