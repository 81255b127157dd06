import ArgumentParser
import Foundation
import RoostModel
import RoostWire

/// A day or a moment, in UTC.
struct DateArgument: ExpressibleByArgument, Sendable {
    let date: Date

    init?(argument: String) {
        let text = argument.contains("T") ? argument : "\(argument)T00:00:00Z"
        guard let date = try? Date(text, strategy: .iso8601) else { return nil }
        self.date = date
    }
}

/// What may be changed of a definition.
struct ImageDefinitionOptions: ParsableArguments {
    @Option(help: "What it is.")
    var description: String?

    @Option(help: ArgumentHelp("End of life, such as 2027-06-30.", valueName: "date"))
    var endOfLifeDate: DateArgument?

    @Option(help: "Address of the end user licence agreement.")
    var eula: String?

    @Option(help: "Address of the privacy statement.")
    var privacyStatementUri: String?

    @Option(help: "Address of the release notes.")
    var releaseNoteUri: String?

    @Option(help: ArgumentHelp("A feature, such as SecurityType=TrustedLaunch.", valueName: "name=value"))
    var feature: [Assignment] = []

    @Option(help: "Least number of processors that is recommended.")
    var minimumCpuCore: Int?

    @Option(help: "Greatest number of processors that is recommended.")
    var maximumCpuCore: Int?

    @Option(help: "Least memory in GB that is recommended.")
    var minimumMemory: Int?

    @Option(help: "Greatest memory in GB that is recommended.")
    var maximumMemory: Int?

    @Option(help: "A kind of disk that must not be used.")
    var disallowedDiskType: [String] = []

    @Option(help: ArgumentHelp("A tag.", valueName: "name=value"))
    var tag: [Assignment] = []

    var draft: ImageDefinitionWire {
        var properties = ImageDefinitionWire.Properties()
        properties.description = description
        properties.endOfLifeDate = endOfLifeDate?.date
        properties.eula = eula
        properties.privacyStatementUri = privacyStatementUri
        properties.releaseNoteUri = releaseNoteUri
        if !feature.isEmpty { properties.features = feature.map { .init(name: $0.name, value: $0.value) } }
        let processors = bounds(minimumCpuCore, maximumCpuCore)
        let memory = bounds(minimumMemory, maximumMemory)
        if processors != nil || memory != nil { properties.recommended = .init(vCPUs: processors, memory: memory) }
        if !disallowedDiskType.isEmpty { properties.disallowed = .init(diskTypes: disallowedDiskType) }
        return ImageDefinitionWire(tags: tag.tags, properties: properties)
    }

    private func bounds(_ min: Int?, _ max: Int?) -> ImageDefinition.Bounds? {
        min == nil && max == nil ? nil : .init(min: min, max: max)
    }
}
