/// How a definition is written: type 2 is a YAML file.
public struct BuildProcessWire: Codable, Sendable, Hashable {
    public var type: Int?
    public var yamlFilename: String?

    public init(
        type: Int? = nil,
        yamlFilename: String? = nil
    ) {
        self.type = type
        self.yamlFilename = yamlFilename
    }
}
