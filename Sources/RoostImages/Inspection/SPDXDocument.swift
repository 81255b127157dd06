import RoostModel

/// The shape of SPDX 2.3 as JSON.
struct SPDXDocument: Encodable {
    struct Creation: Encodable {
        var created: String
        var creators: [String]
    }

    struct Reference: Encodable {
        var referenceCategory = "PACKAGE-MANAGER"
        var referenceType = "purl"
        var referenceLocator: String
    }

    struct Package: Encodable {
        enum CodingKeys: String, CodingKey {
            case name, versionInfo, downloadLocation, filesAnalyzed, licenseConcluded, licenseDeclared, copyrightText
            case id = "SPDXID"
            case sourceInfo, primaryPackagePurpose, externalRefs
        }

        var id: String
        var name: String
        var versionInfo: String?
        var downloadLocation = "NOASSERTION"
        var filesAnalyzed = false
        var licenseConcluded = "NOASSERTION"
        var licenseDeclared = "NOASSERTION"
        var copyrightText = "NOASSERTION"
        var sourceInfo: String?
        var primaryPackagePurpose: String?
        var externalRefs: [Reference]?
    }

    struct Relationship: Encodable {
        var spdxElementId: String
        var relationshipType: String
        var relatedSpdxElement: String
    }

    enum CodingKeys: String, CodingKey {
        case spdxVersion, dataLicense, name, documentNamespace, creationInfo, packages, relationships
        case id = "SPDXID"
    }

    var spdxVersion = "SPDX-2.3"
    var dataLicense = "CC0-1.0"
    var id = "SPDXRef-DOCUMENT"
    var name: String
    var documentNamespace: String
    var creationInfo: Creation
    var packages: [Package]
    var relationships: [Relationship]

    init(_ bill: ImageBill) {
        name = bill.name
        documentNamespace = "urn:uuid:\(bill.uuid)"
        creationInfo = Creation(
            created: bill.moment,
            creators: ["Tool: \(bill.tool.split(separator: " ").joined(separator: "-"))"]
        )
        let system = bill.inventory.system
        let image = Package(
            id: "SPDXRef-Image",
            name: bill.name,
            versionInfo: system.version.isEmpty ? nil : "\(system.id) \(system.version)",
            primaryPackagePurpose: "OPERATING-SYSTEM"
        )
        let parts = bill.inventory.packages.enumerated().map { place, package in
            Package(
                id: "SPDXRef-Package-\(place + 1)",
                name: package.name,
                versionInfo: package.version,
                sourceInfo: package.source.map { "built from the source package \($0)" },
                externalRefs: [Reference(referenceLocator: package.url(in: system))]
            )
        }
        packages = [image] + parts
        relationships =
            [Relationship(spdxElementId: id, relationshipType: "DESCRIBES", relatedSpdxElement: image.id)]
            + parts.map {
                Relationship(spdxElementId: image.id, relationshipType: "CONTAINS", relatedSpdxElement: $0.id)
            }
    }
}
