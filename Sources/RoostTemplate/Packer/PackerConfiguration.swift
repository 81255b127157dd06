public import RoostLanguage

/// What the files of a template declare, before values are known.
public struct PackerConfiguration: Sendable {
    public internal(set) var variables: [String: PackerVariable] = [:]
    public internal(set) var locals: [String: PackerLocal] = [:]
    /// `packer` blocks: required versions and plugins.
    public internal(set) var settings: [HCLBlock] = []
    public internal(set) var dataSources: [HCLBlock] = []
    public internal(set) var sources: [HCLBlock] = []
    public internal(set) var builds: [HCLBlock] = []
    /// Registries and communicators, which are accepted and have no effect.
    public internal(set) var others: [HCLBlock] = []

    static let schema = HCLBodySchema(blocks: [
        .init("packer"), .init("variable", labels: ["name"]), .init("variables"), .init("locals"),
        .init("local", labels: ["name"]), .init("data", labels: ["type", "name"]),
        .init("source", labels: ["type", "name"]), .init("build"), .init("hcp_packer_registry"),
        .init("communicator", labels: ["type", "name"]),
    ])

    /// Reads the files; `functions` may be called in defaults.
    public static func read(
        _ files: [HCLFile],
        functions: [String: HCLFunction]
    ) -> (configuration: PackerConfiguration, diagnostics: [Diagnostic]) {
        var reader = PackerConfigurationReader(functions: functions)
        for file in files { reader.read(file) }
        return (reader.configuration, reader.diagnostics)
    }
}
