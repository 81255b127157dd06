import FoundationEssentials
import RoostModel
import RoostImages
import RoostTemplate

/// A resource group, a resource or an offered image; what is not as expected counts as not said.
struct AzureResourceWire: Decodable, Sendable {
    var name: String?
    var id: String?
    var location: String?
    var state: String?
    var properties: [String: PlainJSON]

    private enum Key: String, CodingKey { case name, id, location, state, properties }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        name = try container.decodeIfPresent(String.self, forKey: .name)
        id = try container.decodeIfPresent(String.self, forKey: .id)
        location = try container.decodeIfPresent(String.self, forKey: .location)
        state = try container.decodeIfPresent(String.self, forKey: .state)
        properties = try container.decodeIfPresent([String: PlainJSON].self, forKey: .properties) ?? [:]
    }

    /// Something below the properties.
    func value(_ path: String...) -> PlainJSON? { PlainJSON.object(properties).value(path) }

    /// As far as it matters to a build; what a definition does not say has a meaning.
    func fact(isDefinition: Bool = false) -> AzureResourceFact {
        let features = (value("features")?.list ?? []).compactMap { feature -> (String, String)? in
            guard let name = feature.value(["name"])?.text else { return nil }
            return (name, feature.value(["value"])?.text ?? "")
        }
        let disk = value("storageProfile", "osDisk")
        return AzureResourceFact(
            location: location,
            system: (value("osType") ?? disk?.value(["osType"]) ?? value("osDiskImage", "operatingSystem"))?.text,
            state: (value("osState") ?? disk?.value(["osState"]))?.text,
            generation: value("hyperVGeneration")?.text ?? (isDefinition ? "V1" : nil),
            architecture: (value("architecture") ?? value("supportedCapabilities", "architecture"))?.text
                ?? (isDefinition ? "x64" : nil),
            features: Dictionary(features) { first, _ in first },
            hasPlan: value("plan", "name") != nil
        )
    }

    /// As a version of a definition.
    var version: ImageVersionFact? {
        guard let name else { return nil }
        let regions = value("publishingProfile", "targetRegions")?.list ?? []
        func names(_ wanted: (PlainJSON) -> Bool) -> [String] {
            regions.filter(wanted).compactMap { $0.value(["name"])?.text }
        }
        return ImageVersionFact(
            name: name,
            state: value("provisioningState")?.text ?? "Succeeded",
            isExcluded: value("publishingProfile", "excludeFromLatest")?.truth ?? false,
            regions: names { _ in true },
            excludedRegions: names { $0.value(["excludeFromLatest"])?.truth ?? false }
        )
    }

    /// As a virtual network.
    var network: NetworkFact? {
        guard let name, let location, let id = id.flatMap({ AzureResourceID($0) }) else { return nil }
        let subnets = (value("subnets")?.list ?? []).compactMap { subnet -> NetworkFact.Subnet? in
            guard let name = subnet.value(["name"])?.text else { return nil }
            let one = subnet.value(["properties", "addressPrefix"])?.text.map { [$0] } ?? []
            return .init(name: name, prefixes: one + (subnet.value(["properties", "addressPrefixes"])?.texts ?? []))
        }
        return NetworkFact(
            group: id.resourceGroup,
            name: name,
            location: location,
            prefixes: value("addressSpace", "addressPrefixes")?.texts ?? [],
            subnets: subnets
        )
    }
}

struct AzureSubscriptionWire: Decodable, Sendable { var state: String? }

struct AzureRegionWire: Decodable, Sendable {
    var name: String
    var displayName: String?
}

struct AzureRightsWire: Decodable, Sendable {
    var actions: [String]?
    var notActions: [String]?
}

struct AzureUsageWire: Decodable, Sendable {
    struct Name: Decodable, Sendable {
        var value: String
        var localizedValue: String?
    }

    var name: Name
    var currentValue: Int
    var limit: Int
}

/// What can be had in a region: sizes of machines, disks and more.
struct AzureSKUWire: Decodable, Sendable {
    struct Capability: Decodable, Sendable {
        var name: String
        var value: String
    }

    struct Restriction: Decodable, Sendable {
        var type: String?
        var reasonCode: String?
    }

    var resourceType: String?
    var name: String?
    var family: String?
    var capabilities: [Capability]?
    var restrictions: [Restriction]?

    /// Nil for what is no size of machines.
    ///
    /// One that only some zones lack can still be had.
    var size: MachineSizeFact? {
        guard resourceType?.lowercased() == "virtualmachines", let name else { return nil }
        let named = Dictionary((capabilities ?? []).map { ($0.name, $0.value) }) { first, _ in first }
        return MachineSizeFact(
            name: name,
            family: family ?? "",
            processors: named["vCPUs"].flatMap { Int($0) } ?? 0,
            generations: (named["HyperVGenerations"] ?? "").split(separator: ",").map(String.init),
            architecture: named["CpuArchitectureType"] ?? "x64",
            restriction: restrictions?.first { $0.type?.lowercased() != "zone" }?.reasonCode
        )
    }
}

extension PlainJSON {
    func value(_ path: [String]) -> PlainJSON? {
        var value: PlainJSON? = self
        for name in path {
            guard case .object(let members)? = value else { return nil }
            value = members[name]
        }
        return value
    }

    var list: [PlainJSON]? {
        if case .list(let elements) = self { elements } else { nil }
    }

    var texts: [String] { list?.compactMap(\.text) ?? [] }

    var truth: Bool? {
        if case .truth(let truth) = self { truth } else { nil }
    }
}
