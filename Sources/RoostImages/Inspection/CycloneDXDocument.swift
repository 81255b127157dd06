import RoostModel

/// The shape of CycloneDX 1.5 as JSON.
struct CycloneDXDocument: Encodable {
    struct Property: Encodable {
        var name: String
        var value: String
    }

    struct Component: Encodable {
        enum CodingKeys: String, CodingKey {
            case type, name, version, purl, properties
            case reference = "bom-ref"
        }

        var type: String
        var reference: String
        var name: String
        var version: String?
        var purl: String?
        var properties: [Property]?
    }

    struct Tools: Encodable { var components: [Component] }

    struct Metadata: Encodable {
        var timestamp: String
        var tools: Tools
        var component: Component
    }

    struct Dependency: Encodable {
        var ref: String
        var dependsOn: [String]
    }

    var bomFormat = "CycloneDX"
    var specVersion = "1.5"
    var serialNumber: String
    var version = 1
    var metadata: Metadata
    var components: [Component]
    var dependencies: [Dependency]

    init(_ bill: ImageBill) {
        serialNumber = "urn:uuid:\(bill.uuid)"
        let system = bill.inventory.system
        let words = bill.tool.split(separator: " ").map(String.init)
        let tool = Component(
            type: "application",
            reference: "tool",
            name: words.first ?? bill.tool,
            version: words.count > 1 ? words[1] : nil
        )
        let image = Component(
            type: "operating-system",
            reference: "image",
            name: bill.name,
            version: system.version.isEmpty ? nil : "\(system.id) \(system.version)"
        )
        metadata = Metadata(timestamp: bill.moment, tools: Tools(components: [tool]), component: image)
        components = bill.inventory.packages.enumerated().map { place, package in
            Component(
                type: "library",
                reference: "package-\(place + 1)",
                name: package.name,
                version: package.version,
                purl: package.url(in: system),
                properties: package.source.map { [Property(name: "roost:source", value: $0)] }
            )
        }
        dependencies = [Dependency(ref: image.reference, dependsOn: components.map(\.reference))]
    }
}
